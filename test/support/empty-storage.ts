/**
 * Runs before each file of the runtime project: files share a runtime, and none finds what another one stored or a gate
 * that another one opened.
 */
import { reset } from 'cloudflare:test';
import { beforeAll } from 'vitest';
import { closeGates } from './scripted-reasoner.ts';

beforeAll(reset);
beforeAll(closeGates);
