/** Publishing by the API of a deployment: `npm run seed -- FILE --server ORIGIN` against a started server. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Server } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN = 'the-operator-token-of-tests-0123456789';
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seed-server-'));
  server = await Server.start('--var', `OPERATOR_TOKEN:${TOKEN}`);
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function seed(
  text: string,
  { token = TOKEN, args = [] as string[] } = {},
): Promise<{ status: number | null; output: string }> {
  const path = join(folder, 'organization.json');
  await writeFile(path, text);
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['run', '--silent', 'seed', '--', path, '--server', server.url, ...args],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, STATE_DIR: folder, OPERATOR_TOKEN: token } },
  );
  return { status, output: stdout + stderr };
}

const stall = () => readFile(join(ROOT, 'examples/fruit-stall.json'), 'utf8');

async function nameOf(): Promise<string | null> {
  const { organization } = JSON.parse(await stall()) as { organization: { id: string } };
  const response = await fetch(`${server.url}/v1/${organization.id}/organization/`);
  return response.ok ? ((await response.json()) as { org_name: string }).org_name : null;
}

describe('npm run seed -- FILE --server', () => {
  it('shows the changes and publishes nothing with --dry-run, then publishes them', async () => {
    const dry = await seed(await stall(), { args: ['--dry-run'] });
    expect([dry.status, await nameOf()]).toEqual([0, null]);
    expect(dry.output).toContain('  + organization');
    const published = await seed(await stall());
    expect([published.status, published.output.includes('Published ')]).toEqual([0, true]);
    expect(await nameOf()).not.toBeNull();
    expect((await seed(await stall())).output).toContain('Nothing changes.');
  });

  it('prints what is wrong with a file, with its place', async () => {
    const { status, output } = await seed(
      (await stall()).replace(/"next_state": "[^"]+"/, '"next_state": "nowhere"'),
    );
    expect([status, output]).toEqual([
      1,
      expect.stringContaining('there is no state named "nowhere"') as string,
    ]);
  });

  it('needs the token of the operator', async () => {
    const wrong = await seed(await stall(), { token: `${TOKEN}x` });
    expect([wrong.status, wrong.output]).toEqual([
      1,
      expect.stringContaining('token of the operator') as string,
    ]);
    expect((await seed(await stall(), { token: '' })).status).toBe(2);
  });
});
