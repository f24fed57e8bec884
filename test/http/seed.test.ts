/** Publishing an organization's file from the command line. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDialogues } from '../../scripts/agent-test/load.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';
import { reasonerFor } from '../../scripts/agent-test/reasoners.ts';
import { recordedDialogue } from '../../scripts/agent-test/record.ts';

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
    const { status, output } = await seed(await clinic([/"roles": \[/, `"roles": [${role},`]));
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
  const AGENT = join(ROOT, 'test/dialogues/agents/claim.json');
  let recordings: string;

  /** Records the conversations of an agent of the test set. */
  beforeAll(async () => {
    recordings = join(folder, 'recordings.json');
    const { organization, dialogues } = await loadDialogues(join(ROOT, 'test/dialogues/dev/claim.json'));
    const played = [];
    for (const dialogue of dialogues) {
      played.push(
        await playDialogue(
          organization,
          dialogue,
          reasonerFor(organization, { model: false, letters: true }),
          false,
        ),
      );
    }
    const service = dialogues[0]?.service ?? '';
    const recorded = played.map((each) => recordedDialogue(each, organization));
    await writeFile(recordings, JSON.stringify({ organization: AGENT, service, dialogues: recorded }));
  });

  it('publishes where the recorded conversations go their way, and enough is reached', async () => {
    const file = await readFile(AGENT, 'utf8');
    const published = await seed(file, '--replay', recordings, '--coverage', '50', '--dry-run');
    expect(published.output).toContain('6 of 6 dialogues go the recorded way');
    expect(published.status).toBe(0);
  });

  it('publishes nothing for release where they go another way', async () => {
    const file = await readFile(AGENT, 'utf8');
    // The state of the phone number is left out: the recorded conversations stop there.
    const pruned = JSON.parse(
      file
        .replaceAll('"next_state": "ask_phone"', '"next_state": "ask_birth_date"')
        .replaceAll("[the user's answer in ask_phone]", 'unknown'),
    ) as { graphs: { states: { name: string }[] }[] };
    for (const graph of pruned.graphs) {
      graph.states = graph.states.filter(({ name }) => name !== 'ask_phone');
    }
    const refused = await seed(JSON.stringify(pruned), '--replay', recordings, '--coverage', '99');
    expect(refused.output).toContain('recorded: ask_phone\n         now:      ask_birth_date');
    expect(refused.output).toMatch(/Nothing is published, because "release" would move: \d of 6 dialogues/);
    expect(refused.output).toMatch(/Report a damage: \d+ % of its states and exits are reached, and 99 %/);
    expect(refused.status).toBe(1);
  });
});
