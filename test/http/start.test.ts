/** Starting: what is said when it cannot be, and what the Worker is given when it can. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelServer } from './model-server.ts';
import { allEvents, freePort, HttpClient, identities, Server } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A key with everything in it that files and shells give another meaning. */
const AWKWARD_KEY = `k'e"y $HOME $\{x} #1 \\n`;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function npmStart(env: Record<string, string>): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('npm', ['start', '--silent'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      STATE_DIR: join(folder, 'state'),
      LLM: 'off',
      SPEECH: 'off',
      DEV_VARS: '',
      ...env,
    },
  });
}

describe('npm start', () => {
  it('checks for a taken port first, and names it', async () => {
    // It answers like a server that is ready, which another program might do.
    const other = createServer((_request, response) => response.end('{"status":"ok"}'));
    await new Promise<void>((resolve) => {
      other.listen(0, () => resolve());
    });
    const { port } = other.address() as AddressInfo;
    const { status, stdout, stderr } = npmStart({ PORT: String(port) });
    other.close();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trim()).toBe(
      `Port ${port} is taken: another program listens there. Stop it, or choose another port: PORT=${port + 1} npm start`,
    );
  });

  it('refuses an incomplete configuration with one sentence', async () => {
    const PORT = String(await freePort());
    const { status, stdout, stderr } = npmStart({
      PORT,
      LLM: '',
      LLM_BASE_URL: 'http://localhost:1/v1',
      LLM_MODEL: '',
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trim()).toBe('LLM_MODEL is missing: LLM_BASE_URL is set. LLM=off starts without a model.');
  });
});

describe('a server with a model', () => {
  const models = new ModelServer();
  let server: Server;

  beforeAll(async () => {
    const baseUrl = await models.start();
    const DEV_VARS = join(folder, 'dev.vars');
    await writeFile(DEV_VARS, `LLM_BASE_URL=${baseUrl}\nLLM_MODEL=of-the-file\nRATE_LIMITS=off\n`);
    server = await Server.startWith({
      DEV_VARS,
      SPEECH: 'off',
      LLM: '',
      LLM_MODEL: 'of-the-environment',
      LLM_API_KEY: AWKWARD_KEY,
    });
  });
  afterAll(async () => {
    await server.stop();
    await models.stop();
  });

  it('prints the model', () => {
    expect(server.output).toMatch(/^ +Model +of-the-environment at http:\/\/127\.0\.0\.1:\d+\/v1$/m);
    expect(server.output).toMatch(/^ +Voice +off \(SPEECH=off\)$/m);
    expect(server.output).toMatch(/^ +Limits +off \(RATE_LIMITS=off\)$/m);
    expect(server.output).toMatch(
      /^ +Workbench +http:\/\/localhost:\d+\/workbench \(on: this is development\)$/m,
    );
  });

  it('uses the model and the unchanged key of its environment', async () => {
    models.script({
      'of-the-environment': [{ type: 'speak', deltas: ['{"action": 0}\n', 'Well', ' met.'] }],
    });
    const [, user] = identities();
    if (user === undefined) throw new Error('The demo has no user.');
    const client = await HttpClient.signIn(server, user);
    const events = await allEvents(
      await client.post('/conversation/?response_format=text', { service_id: user.service_ids[0] }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete', full_message: 'Well met.' });
    expect(models.authorizations).toEqual([`Bearer ${AWKWARD_KEY}`]);
    await client.finishAll();
  });
});
