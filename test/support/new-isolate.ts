/**
 * Runs before each file of the runtime project: files share a runtime, and none finds what another one stored, a gate
 * that another one opened, or a fault that the log has named already.
 */
import { reset } from 'cloudflare:test';
import { beforeAll } from 'vitest';
import { forgetFaults } from '../../src/deployment/faults.ts';
import { closeGates } from './scripted-reasoner.ts';

beforeAll(reset);
beforeAll(closeGates);
beforeAll(forgetFaults);
