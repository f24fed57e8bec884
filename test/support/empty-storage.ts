/** Runs before each file of the runtime project: files share a runtime, and none finds what another one stored. */
import { reset } from 'cloudflare:test';
import { beforeAll } from 'vitest';

beforeAll(reset);
