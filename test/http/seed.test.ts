/** Publishing an organization's file from the command line. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seed-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function seed(file: string, ...args: string[]): Promise<{ status: number | null; output: string }> {
  const path = join(folder, 'organization.json');
  await writeFile(path, file);
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'seed', '--', path, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, STATE_DIR: folder },
  });
  return { status, output: stdout + stderr };
}

/** The demo's clinic with some text of the file changed. */
async function clinic(...changes: [from: RegExp, to: string][]): Promise<string> {
  const text = await readFile(join(ROOT, 'seed/riverside-clinic.json'), 'utf8');
  return changes.reduce((changed, [from, to]) => {
    expect(changed).toMatch(from);
    return changed.replace(from, to);
  }, text);
}

describe('npm run seed', () => {
  it('publishes a correct file', async () => {
    expect(await seed(await clinic())).toMatchObject({
      status: 0,
      output: expect.stringContaining('Published riverside-clinic.') as string,
    });
  });

  it('logs a publication with its organization and account, and nothing of a refused file', async () => {
    const { output } = await seed(await clinic());
    const changes = output.split('\n').filter((line) => line.includes('"event":"change"'));
    expect(changes.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        operation: 'publish-organization',
        organization: 'riverside-clinic',
        object: 'riverside-clinic',
        actor: expect.stringMatching(/^account:.+/) as string,
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      }),
    ]);
    const refused = await seed(await clinic([/"role": "DefaultUserRole"/, '"role": "NoSuchRole"']));
    expect(refused.output).not.toContain('"event":"change"');
  });

  it('accepts preferences of users, and refuses unknown ones', async () => {
    const withPreferences = (preferences: string) =>
      clinic([/"role": "DefaultUserRole"/, `"role": "DefaultUserRole", "preferences": ${preferences}`]);
    const taken = await seed(
      await withPreferences(
        '{ "conversations_visible_to_admins": false, "user_model_visible_to_admins": null }',
      ),
    );
    expect(taken.status).toBe(0);
    for (const wrong of ['{ "conversations_visible_to_admins": "no" }', '{ "visible": false }']) {
      const { status, output } = await seed(await withPreferences(wrong));
      expect([status, /users\[[^\]]+\]\.preferences/.test(output)]).toEqual([1, true]);
    }
  });

  it('refuses a role with the name of a default role', async () => {
    const role = '{ "name": "DefaultVisitorRole", "description": "x", "permission_grants": [] }';
    const { status, output } = await seed(await clinic([/"roles": \[\]/, `"roles": [${role}]`]));
    expect([status, output.includes('organization.roles[DefaultVisitorRole].name')]).toEqual([1, true]);
  });

  it('names every wrong reference with its place', async () => {
    const file = await clinic(
      [/"role": "DefaultUserRole"/, '"role": "NoSuchRole"'],
      [/"next_state": "[a-z_]+"/, '"next_state": "nowhere"'],
    );
    const { status, output } = await seed(file);
    expect(status).toBe(1);
    expect(output).toContain('users[Maya Chen].role: there is no role "NoSuchRole"');
    expect(output).toContain(
      'graphs[Appointment line].states[greet_new_patient].exit_conditions[0].next_state: there is no state named "nowhere"',
    );
  });

  it('names fields that are missing or unknown', async () => {
    const file = await clinic(
      [/"objective": "[^"]*",/, ''],
      [/"users": \[\s*\{/, '"users": [{ "nickname": "x",'],
    );
    const { status, output } = await seed(file);
    expect(status).toBe(1);
    expect(output).toContain('graphs[Appointment line].states[greet_new_patient].objective: is missing');
    expect(output).toContain('nickname');
  });

  it('prints the error of a file that is not JSON or does not exist', async () => {
    expect(await seed('{ "organization": ')).toMatchObject({
      status: 1,
      output: expect.stringContaining('JSON') as string,
    });
    const { status, stderr } = spawnSync(
      'npm',
      ['run', '--silent', 'seed', '--', join(folder, 'missing.json')],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([1, expect.stringContaining('ENOENT') as string]);
  });
});

describe('npm run seed --replay', () => {
  /** Records a conversation with an agent of the test set, and returns the directory. */
  function record(): string {
    const directory = join(folder, 'recordings');
    const arguments_ = ['test/dialogues/dev/claim.json', '--record', directory, '--json'];
    const { status } = spawnSync('npm', ['run', '--silent', 'agent:test', '--', ...arguments_], {
      cwd: ROOT,
    });
    expect(status).not.toBe(2);
    return directory;
  }

  it('moves release only when the recorded conversations go their way, and enough is reached', async () => {
    const directory = record();
    const file = await readFile(join(ROOT, 'test/dialogues/agents/claim.json'), 'utf8');
    const published = await seed(file, '--replay', directory);
    expect(published.output).toContain('6 of 6 dialogues go the recorded way');
    expect(published.status).toBe(0);

    // The state of the phone number is passed by now: the recorded conversations stop there.
    const shorter = file.replaceAll('"next_state": "ask_phone"', '"next_state": "ask_birth_date"');
    const pruned = JSON.parse(shorter) as { graphs: { states: { name: string }[] }[] };
    for (const graph of pruned.graphs) {
      graph.states = graph.states.filter(({ name }) => name !== 'ask_phone');
    }
    const changed = JSON.stringify(pruned).replaceAll("[the user's answer in ask_phone]", 'unknown');
    const refused = await seed(changed, '--bump', '--release', '--replay', directory);
    expect(refused.output).toContain('recorded: ask_phone\n         now:      ask_birth_date');
    expect(refused.output).toMatch(/Nothing is published, because "release" would move: \d of 6 dialogues/);
    expect(refused.status).toBe(1);

    const uncovered = await seed(file, '--replay', directory, '--coverage', '100', '--dry-run');
    expect(uncovered.status).toBe(0);
    // Without --release the new version is published for edge alone, and the differences are shown.
    const edge = await seed(changed, '--bump', '--replay', directory);
    expect(edge.output).toContain('now:      ask_birth_date');
    expect([edge.status, edge.output.includes('Published meadow-insurance.')]).toEqual([0, true]);
  });
});
