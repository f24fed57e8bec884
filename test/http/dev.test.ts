/** Writing an agent: a file is saved, and the server has it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { allEvents, freePort, Server } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const NO_PROVIDERS = { LLM: 'off', SPEECH: 'off', DEV_VARS: '' };
const TIMEOUT_MS = 60_000;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dev-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

/** `npm run dev`, and what it has printed. */
class Dev {
  output = '';
  readonly #process: ChildProcess;

  constructor(args: string[], env: Record<string, string>) {
    this.#process = spawn('npm', ['run', '--silent', 'dev', '--', ...args], {
      cwd: ROOT,
      env: { ...process.env, ...NO_PROVIDERS, ...env },
      // A group of its own, so that all of it can be ended at once.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  /** Waits until it has printed something since it was last waited for, and returns what it printed. */
  async until(words: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(
      () => reject(new Error(`"${words}" was not printed:\n${this.output}`)),
      TIMEOUT_MS,
    );
    const look = () => {
      if (!this.output.includes(words)) return;
      resolve(this.output);
      this.output = '';
    };
    this.#process.stdout?.on('data', look);
    this.#process.stderr?.on('data', look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#process.stdout?.off('data', look);
      this.#process.stderr?.off('data', look);
    });
  }

  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
    process.kill(-pid, 'SIGTERM');
    await gone;
  }
}

interface File {
  organization: { id: string };
  users: { id: string }[];
  services: { id: string }[];
}

/** Returns the first message of a file's agent, for a user who ends every conversation at once. */
async function greeting(url: string, file: File, service_version_set_name = 'release'): Promise<string> {
  const organization = file.organization.id;
  const session = await fetch(`${url}/workbench/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ organization, user_id: file.users[0]?.id }),
  });
  const { id_token } = (await session.json()) as { id_token: string };
  const headers = { authorization: `Bearer ${id_token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ service_id: file.services[0]?.id, service_version_set_name });
  const path = `${url}/v1/${organization}/conversation`;
  const created = await fetch(`${path}/?response_format=text`, { method: 'POST', headers, body });
  const events = await allEvents(created);
  await fetch(`${path}/${String(events[0]?.conversation_id)}/finish/`, { method: 'POST', headers });
  return String(events.at(-1)?.full_message);
}

describe('npm run dev', () => {
  let server: Server;
  let dev: Dev | null = null;

  beforeAll(async () => {
    // It signs in and begins conversations more often than a user does in a minute.
    server = await Server.start('--var', 'RATE_LIMITS:off');
  });
  afterEach(() => dev?.stop());
  afterAll(() => server.stop());

  it('publishes a new file and each later save to the running server, and nothing of a wrong file', async () => {
    const path = join(folder, 'stall.json');
    dev = new Dev(['--new', path], server.environment);
    const begun = await dev.until('Watching');
    const text = await readFile(path, 'utf8');
    const file = JSON.parse(text) as File;
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(40);
    expect(begun).toContain('+ graphs[Fruit stall v1]');
    expect(begun).toContain(`${server.url}/workbench#organization=fruit-stall`);
    expect(await greeting(server.url, file)).toBe('Hello, this is Finn. Would you like apples or pears?');

    await writeFile(path, text.replace('apples or pears?', 'plums?'));
    expect(await dev.until('version 1 of the file is version 2')).toContain('+ graphs[Fruit stall v2]');
    expect(await greeting(server.url, file)).toBe('Hello, this is Finn. Would you like plums?');

    await writeFile(
      path,
      text.replace('"next_state": "count"', '"next_state": "cuont"').replace('"Kim Lee"', '""'),
    );
    const wrong = await dev.until('cannot be reached');
    expect(wrong).toContain('cannot be published; the server keeps what it has');
    expect(wrong).toContain(
      'graphs[Fruit stall].states[greet].exit_conditions[0].next_state: there is no state named "cuont"',
    );
    expect(wrong).toMatch(/users\[\w+\]\.name: must not be empty/);
    expect(await greeting(server.url, file)).toBe('Hello, this is Finn. Would you like plums?');

    await writeFile(path, text.slice(0, 500));
    expect(await dev.until('is not valid JSON')).toContain('cannot be published');
    expect(await greeting(server.url, file)).toBe('Hello, this is Finn. Would you like plums?');

    await writeFile(path, text);
    await dev.until('Published fruit-stall');
    expect(await greeting(server.url, file)).toBe('Hello, this is Finn. Would you like apples or pears?');
  });

  it('changes a pinned release only with --release', async () => {
    const path = join(folder, 'pinned.json');
    const base = JSON.parse(await readFile(join(ROOT, 'examples/fruit-stall.json'), 'utf8')) as File;
    const pin = { agent_version_number: 1, service_hierarchical_state_machine_version_number: 1 };
    const pinned = {
      ...base,
      organization: { id: 'pinned-stall', name: 'Pinned stall' },
      services: base.services.map((service) => ({ ...service, version_sets: { release: pin, edge: {} } })),
    };
    const save = (words: string) => writeFile(path, JSON.stringify(pinned).replace('apples or pears', words));
    await save('apples or pears');
    dev = new Dev([path], server.environment);
    await dev.until('Watching');
    await save('plums');
    await dev.until('is version 2');
    expect(await greeting(server.url, pinned)).toContain('apples or pears?');
    expect(await greeting(server.url, pinned, 'edge')).toContain('plums?');
    await dev.stop();
    dev = new Dev([path, '--release'], server.environment);
    await dev.until('Watching');
    expect(await greeting(server.url, pinned)).toContain('plums?');
  });

  it('overwrites no file, and prints its usage', async () => {
    const path = join(folder, 'mine.json');
    await writeFile(path, '{}');
    const run = (...args: string[]) =>
      spawnSync('npm', ['run', '--silent', 'dev', '--', ...args], {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, ...NO_PROVIDERS, ...server.environment },
      });
    const taken = run('--new', path);
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringContaining('EEXIST') as string]);
    expect(await readFile(path, 'utf8')).toBe('{}');
    expect([run().status, run(join(folder, 'none.json')).status]).toEqual([2, 1]);
  });
});

describe('npm run dev without a server', () => {
  it('starts a server, and stops it at its own end', async () => {
    const port = await freePort();
    const path = join(folder, 'alone.json');
    const dev = new Dev(['--new', path], { PORT: String(port), STATE_DIR: join(folder, 'state') });
    try {
      await dev.until('Watching');
      const file = JSON.parse(await readFile(path, 'utf8')) as File;
      expect(await greeting(`http://localhost:${port}`, file)).toContain('apples or pears?');
    } finally {
      await dev.stop();
    }
    await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow('fetch failed');
  });
});
