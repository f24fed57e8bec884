/** Names, pages and hosts of the deployments, as wrangler and the started server see them. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { unstable_readConfig } from 'wrangler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identities, Server, type Identity } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const CONFIG = join(ROOT, 'wrangler.toml');

/** Parts of an environment that the tests read. The types of wrangler leave these open. */
interface Environment {
  name?: string;
  build: { command?: string };
  vars: Record<string, unknown>;
  assets?: { directory?: string; run_worker_first?: string[] };
  ai?: { binding: string };
  r2_buckets: { binding: string; bucket_name?: string; jurisdiction?: string }[];
  kv_namespaces: { binding: string; id?: string }[];
  durable_objects: { bindings: { name: string; class_name: string }[] };
}

function environment(env?: string): Environment {
  return unstable_readConfig({ config: CONFIG, ...(env !== undefined && { env }) });
}

describe('the two environments', () => {
  const development = environment();
  const production = environment('production');

  it('share no Worker, no bucket, no namespace and no folder of pages', () => {
    expect(production.name).toBe('conversation-api');
    expect(development.name).not.toBe(production.name);
    const buckets = [development, production].flatMap(({ r2_buckets }) =>
      r2_buckets.map((r2) => r2.bucket_name),
    );
    expect(buckets).toHaveLength(3);
    expect(new Set(buckets).size).toBe(buckets.length);
    // Without an identifier, deploying makes namespaces that bear the Worker's name.
    const namespaces = [development, production].flatMap(({ kv_namespaces }) =>
      kv_namespaces.map(({ id }) => id),
    );
    expect(namespaces).toEqual([undefined, undefined, undefined, undefined]);
    expect(development.assets?.directory).not.toBe(production.assets?.directory);
  });

  it('have the same bindings, except Workers AI and the buckets of jurisdictions, which only production has', () => {
    const bound = ({ durable_objects, kv_namespaces, r2_buckets }: Environment) => [
      durable_objects.bindings.map(({ name, class_name }) => `${name} ${class_name}`),
      kv_namespaces.map(({ binding }) => binding),
      r2_buckets.filter(({ jurisdiction }) => jurisdiction === undefined).map(({ binding }) => binding),
    ];
    const inJurisdictions = ({ r2_buckets }: Environment) =>
      r2_buckets.flatMap(({ binding, jurisdiction }) => (jurisdiction === undefined ? [] : [binding]));
    expect([inJurisdictions(development), inJurisdictions(production)]).toEqual([[], ['AUDIO_EU']]);
    expect(bound(production)).toEqual(bound(development));
    expect([development.ai?.binding, production.ai?.binding]).toEqual([undefined, 'AI']);
    expect(production.assets?.run_worker_first).toEqual(development.assets?.run_worker_first);
  });

  it('are closed to demo keys by their configuration', () => {
    expect([development.vars, production.vars]).toEqual([{}, { JURISDICTIONS: 'on' }]);
  });
});

describe('the pages of a deployment', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pages-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Builds as an environment of wrangler.toml does, but into a folder of the test. */
  async function built(env: string | undefined): Promise<{ files: string[]; start: string }> {
    const { build } = environment(env);
    const [program, ...args] = (build.command ?? '').split(' ');
    expect(program).toBe('node');
    const { status, stderr } = spawnSync(process.execPath, [...args, '--out', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    return { files: await readdir(folder), start: await readFile(join(folder, 'index.html'), 'utf8') };
  }

  const everywhere = ['amigo-chat.js', 'docs.html', 'docs.js', 'index.html', 'workbench.html'];

  it('have the demo at / in development, and no file of it in production after any earlier build', async () => {
    const demo = await built(undefined);
    expect(demo.files).toEqual(expect.arrayContaining([...everywhere, 'demo.js', 'demo.css']));
    expect(demo.start).toContain('Riverside Clinic');
    const production = await built('production');
    expect(production.files).toEqual(expect.arrayContaining(everywhere));
    expect(production.files.filter((name) => name.startsWith('demo'))).toEqual([]);
    expect(production.start).toContain('<h1>Conversation API</h1>');
    expect(production.start).not.toMatch(/clinic|Nora|<script|amigo-chat/i);
    for (const name of production.files.filter((file) => file.endsWith('.html'))) {
      expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/Riverside|demo/i);
    }
  });
});

describe('the local server', () => {
  let server: Server;
  let everybody: Identity[];

  beforeAll(async () => {
    everybody = identities();
    server = await Server.start();
  });

  afterAll(() => server.stop());

  /** A request under any host name, as a browser sends it whose name server was told to lie. */
  async function asHost(host: string, method: string, path: string, body = ''): Promise<[number, string]> {
    const { port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      const headers = { host, 'content-length': Buffer.byteLength(body) };
      const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  it('returns no token to a page of another host', async () => {
    const [, user] = everybody;
    const session = JSON.stringify({ organization: user?.organization, user_id: user?.user_id });
    const { port } = new URL(server.url);
    for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`]) {
      for (const [method, path] of [
        ['POST', '/demo/session'],
        ['POST', '/workbench/api/session'],
        ['GET', '/workbench/api/identities'],
        ['GET', '/v1/openapi.json'],
      ] as const) {
        const [status, text] = await asHost(host, method, path, method === 'POST' ? session : '');
        expect([host, path, status, JSON.parse(text)]).toMatchObject([
          host,
          path,
          421,
          { code: 'host_not_allowed' },
        ]);
      }
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect((await asHost(host, 'POST', '/demo/session'))[0]).toBe(200);
      expect((await asHost(host, 'POST', '/workbench/api/session', session))[0]).toBe(200);
    }
  });

  it('is ready', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'ready' }]);
  });

  it.each([0, 4])('lets demo identity %i sign in as often as a test suite needs', async (index) => {
    const identity = everybody[index];
    if (identity === undefined) throw new Error(`There is no identity ${index}.`);
    const { organization, api_key, api_key_id, user_id } = identity;
    const statuses = new Set<number>();
    for (let count = 0; count < 100; count += 1) {
      const response = await fetch(`${server.url}/v1/${organization}/user/signin_with_api_key`, {
        method: 'POST',
        headers: { 'x-api-key': api_key, 'x-api-key-id': api_key_id, 'x-user-id': user_id },
      });
      await response.text();
      statuses.add(response.status);
    }
    expect([...statuses]).toEqual([200]);
  });
});
