/** Publishing from the command line: what is shown, what is asked, what is refused, and the ways into a registry. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withLocalRegistry } from '../../scripts/registry/local.ts';
import { WranglerRegistry } from '../../scripts/registry/wrangler.ts';
import { ApiKey } from '../../src/registry/organization.ts';
import { carryOut } from '../../src/registry/publication.ts';
import { hashApiKey, preparePublication } from '../../src/registry/publish.ts';

const ROOT = join(import.meta.dirname, '../..');

interface File {
  organization: Record<string, unknown>;
  users: { id: string; name: string }[];
  graphs: { states: { actions?: string[] }[] }[];
  [list: string]: unknown;
}

let folder = '';
let stateDir = '';
let starter: File;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'publishing-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
beforeEach(async () => {
  stateDir = await mkdtemp(join(folder, 'state-'));
  starter = JSON.parse(await readFile(join(ROOT, 'examples/fruit-stall.json'), 'utf8')) as File;
  starter.users.push({ id: '6b0000000000000000000009', name: 'Lea Leaving' });
});

interface Ran {
  status: number | null;
  output: string;
}

async function written(file: unknown): Promise<string> {
  const path = join(folder, 'file.json');
  await writeFile(path, JSON.stringify(file));
  return path;
}

function run(command: string, args: string[], input = ''): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    input,
    env: { ...process.env, STATE_DIR: stateDir },
  });
  return { status, output: stdout + stderr };
}

async function seed(file: unknown, ...args: string[]): Promise<Ran> {
  return run('npm', ['run', '--silent', 'seed', '--', await written(file), ...args]);
}

/** Runs the command in a terminal in which a user types an answer. */
async function seedInTerminal(file: unknown, answer: string): Promise<Ran> {
  const command = `npm run --silent seed -- ${await written(file)}`;
  return run('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], answer);
}

function userNames(): Promise<unknown[]> {
  return withLocalRegistry(stateDir, async (registry) =>
    [...(await registry.documents('fruit-stall'))]
      .filter(([key]) => key.includes(':user:'))
      .map(([, user]) => (user as { name: string }).name)
      .sort(),
  );
}

describe('entries that the file lacks', () => {
  const lacking = () => ({ ...starter, users: starter.users.slice(0, 1) });

  it('are shown and stay without a terminal, and are removed with --yes', async () => {
    expect((await seed(starter)).status).toBe(0);
    const refused = await seed(lacking());
    expect(refused.status).toBe(1);
    expect(refused.output).toContain('- users[Lea Leaving 6b0000000000000000000009]');
    expect(refused.output).toContain('Repeat it with --yes to remove them.');
    expect(await userNames()).toEqual(['Kim Lee', 'Lea Leaving']);
    expect((await seed(lacking(), '--yes')).output).toContain('Published fruit-stall.');
    expect(await userNames()).toEqual(['Kim Lee']);
  });

  it('are removed after a confirmation in a terminal', async () => {
    await seed(starter);
    const no = await seedInTerminal(lacking(), 'n\n');
    expect([no.status, await userNames()]).toEqual([1, ['Kim Lee', 'Lea Leaving']]);
    expect(no.output).toContain('Remove the entries marked with "-"? [y/N]');
    const nothing = await seedInTerminal(lacking(), '\n');
    expect(nothing.status).toBe(1);
    const yes = await seedInTerminal(lacking(), 'y\n');
    expect([yes.status, await userNames()]).toEqual([0, ['Kim Lee']]);
  });

  it('need no confirmation if nothing is removed', async () => {
    const added = await seedInTerminal(starter, '');
    expect([added.status, added.output]).toEqual([
      0,
      expect.stringContaining('Published fruit-stall.') as string,
    ]);
  });
});

describe('a publication', () => {
  const changed = () => {
    const file = structuredClone(starter);
    file.graphs[0]?.states[0]?.actions?.splice(0, 1, 'Greet: "Good day!"');
    return file;
  };

  it('changes nothing with --dry-run', async () => {
    const first = await seed(starter, '--dry-run');
    expect([first.status, first.output]).toEqual([
      0,
      expect.stringContaining('+ graphs[Fruit stall v1]') as string,
    ]);
    expect(first.output).not.toContain('Published');
    expect(await userNames()).toEqual([]);
    await seed(starter);
    const second = await seed({ ...starter, users: starter.users.slice(0, 1) }, '--dry-run');
    expect([second.status, second.output]).toEqual([
      0,
      expect.stringContaining('- users[Lea Leaving') as string,
    ]);
    expect(await userNames()).toEqual(['Kim Lee', 'Lea Leaving']);
    expect((await seed(changed(), '--dry-run')).status).toBe(1);
  });

  it('with other content under a published number is refused with the difference, and gets a new number with --bump', async () => {
    await seed(starter);
    const refused = await seed(changed(), '--yes');
    expect(refused.status).toBe(1);
    expect(refused.output).toContain('! graphs[Fruit stall v1]');
    expect(refused.output).toContain(
      String.raw`states[greet].actions[0]: "Greet: \"Hello, this is [your name].`,
    );
    expect(refused.output).toContain('use --bump');
    const bumped = await seed(changed(), '--bump');
    expect(bumped.status).toBe(0);
    expect(bumped.output).toContain('# graphs[Fruit stall]: version 1 of the file is version 2');
    expect((await seed(changed(), '--bump')).output).toMatch(
      /^ {2}# [^\n]*\n\{[^\n]*\}\nPublished fruit-stall\.\n$/,
    );
  });

  it.each([[[]], [['--bmup']], [['--release']], [['a.json', 'b.json']]])(
    'does not begin with the invalid arguments %j',
    (args) => {
      const { status, output } = run('npm', ['run', '--silent', 'seed', '--', ...args]);
      expect([status, output]).toEqual([
        2,
        expect.stringContaining('Usage: npm run seed -- FILE [options]') as string,
      ]);
    },
  );
});

describe('npm run apikey:new', () => {
  const made = (...args: string[]) => run('npm', ['run', '--silent', 'apikey:new', '--', ...args]);

  it('prints a valid entry of a file, and the key of its digest', async () => {
    const { status, output } = made('--role', 'DefaultUserRole', '--days', '30');
    expect(status).toBe(0);
    const entry = ApiKey.parse(JSON.parse(/\{[^}]*\}/.exec(output)?.[0] ?? ''));
    const key = output.trim().split('\n').at(-1) ?? '';
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(entry).toMatchObject({ hash: await hashApiKey(key), role: 'DefaultUserRole' });
    const days = (Date.parse(entry.expires_at ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(output.split(key)).toHaveLength(2);
    expect((await seed({ ...starter, api_keys: [entry] })).status).toBe(0);
  });

  it('creates another key each time, valid for ninety days by default', () => {
    const [one, other] = [made(), made('--no-expiry')].map(
      ({ output }) =>
        JSON.parse(/\{[^}]*\}/.exec(output)?.[0] ?? '') as {
          id: string;
          hash: string;
          expires_at: string | null;
        },
    );
    expect(one?.id).not.toBe(other?.id);
    expect(one?.hash).not.toBe(other?.hash);
    expect(Math.round((Date.parse(one?.expires_at ?? '') - Date.now()) / 86_400_000)).toBe(90);
    expect(other?.expires_at).toBeNull();
  });

  it.each([
    ['--days', '0'],
    ['--days', 'x'],
    ['--hours', '1'],
  ])('refuses %s %s', (...args) => {
    expect(made(...args).status).toBe(2);
  });
});

/** Each of some twelve commands starts wrangler anew. */
const WRANGLER_TIMEOUT_MS = 180_000;

describe('a registry that is reached by wrangler', { timeout: WRANGLER_TIMEOUT_MS }, () => {
  // The same commands with --local in place of --remote: no account is needed for them.
  const local = () =>
    new WranglerRegistry([
      '--binding',
      'REGISTRY',
      '--env',
      'production',
      '--local',
      '--persist-to',
      stateDir,
    ]);

  it('gets the same documents as the local one', async () => {
    const registry = local();
    expect(await registry.documents('fruit-stall')).toEqual(new Map());
    await carryOut(registry, await preparePublication(registry, starter));
    const lacking = { ...starter, users: starter.users.slice(0, 1) };
    const publication = await preparePublication(registry, lacking);
    expect(publication.changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'remove users[Lea Leaving 6b0000000000000000000009]',
    ]);
    await carryOut(registry, publication);
    expect(await userNames()).toEqual(['Kim Lee']);
    const inPlace = await withLocalRegistry(stateDir, (other) => other.documents('fruit-stall'));
    expect(await registry.documents('fruit-stall')).toEqual(inPlace);
    expect((await preparePublication(registry, lacking)).changes).toEqual([]);
  });

  it('leads to an error with the output of wrangler', async () => {
    const broken = new WranglerRegistry(['--binding', 'NOTHING', '--local', '--persist-to', stateDir]);
    await expect(broken.documents('fruit-stall')).rejects.toThrow(/wrangler kv key list failed\.[^]*NOTHING/);
  });
});
