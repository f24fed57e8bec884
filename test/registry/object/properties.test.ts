/** Random changes against the object and against a plain model: the same answers, and in the end the same documents in KV. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandOf } from '../../../src/registry/object/commands.ts';
import { registryKey } from '../../../src/registry/keys.ts';
import { evict } from '../../support/eviction.ts';
import { ADMIN, ALICE, BOB, NOBODY } from '../../support/organization.ts';
import { actorIn, Managed, newUserCommand } from './model.ts';

const EMAILS = ['a@example.com', 'b@example.com', 'c@example.com'];
const NAMES = ['Ann', 'Ben', 'Cleo'];
const ROLES = ['DefaultUserRole', 'DefaultVisitorRole', 'NoSuchRole'];

/** The content of every version of an agent here. */
const SPEAKER = {
  initials: 'S',
  name: 'Speaker',
  role: 'Assistant',
  developed_by: 'A shop',
  default_spoken_language: 'eng',
  background: 'Of a test.',
  behaviors: [],
  communication_patterns: [],
};

/** A step of a property: `user` and `key` count what was made before. */
type Step =
  | { kind: 'create'; email: string; role: string }
  | { kind: 'rename'; user: number; first_name: string }
  | { kind: 'assign'; user: number; role: string }
  | { kind: 'delete'; user: number }
  | { kind: 'key' }
  | { kind: 'revoke'; key: number }
  | { kind: 'agent'; name: string }
  | { kind: 'version'; agent: number; expected: number | null }
  | { kind: 'retire'; agent: number }
  | { kind: 'evict' };

const index = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    email: fc.constantFrom(...EMAILS),
    role: fc.constantFrom(...ROLES),
  }),
  fc.record({ kind: fc.constant('rename' as const), user: index, first_name: fc.constantFrom(...NAMES) }),
  fc.record({ kind: fc.constant('assign' as const), user: index, role: fc.constantFrom(...ROLES) }),
  fc.record({ kind: fc.constant('delete' as const), user: index }),
  fc.record({ kind: fc.constant('key' as const) }),
  fc.record({ kind: fc.constant('revoke' as const), key: index }),
  fc.record({ kind: fc.constant('agent' as const), name: fc.constantFrom(...NAMES) }),
  fc.record({
    kind: fc.constant('version' as const),
    agent: index,
    expected: fc.constantFrom(null, 1, 2),
  }),
  fc.record({ kind: fc.constant('retire' as const), agent: index }),
  fc.record({ kind: fc.constant('evict' as const) }),
);

/** The commands that the model knows. */
type Tried = CommandOf<
  | 'create-user'
  | 'update-user'
  | 'assign-role'
  | 'delete-user'
  | 'create-key'
  | 'delete-key'
  | 'create-blueprint'
  | 'create-agent-version'
  | 'delete-blueprint'
>;

interface ModelUser {
  first_name: string;
  name: string;
  email: string | null;
  role: string;
}

/** Model of the organization in plain maps. */
class Model {
  readonly users = new Map<string, ModelUser>();
  readonly made: string[] = [ADMIN, ALICE, BOB, NOBODY];
  readonly keys: string[] = [];
  readonly valid = new Set<string>();
  readonly agents = new Map<string, { name: string; versions: number; deprecated: boolean }>();

  constructor() {
    const known = [
      [ADMIN, 'Ada Admin', 'DefaultAdministratorRole'],
      [ALICE, 'Alice Apple', 'DefaultUserRole'],
      [BOB, 'Bob Berry', 'DefaultUserRole'],
      [NOBODY, 'Nobody', 'Nothing'],
    ] as const;
    for (const [id, name, role] of known) {
      this.users.set(id, { first_name: name.split(' ')[0] ?? '', name, email: null, role });
    }
  }

  /** Carries a command out, and returns the code of its problem or null. */
  apply(command: Tried): string | null {
    switch (command.type) {
      case 'create-user':
        if (command.role === 'NoSuchRole') return 'role_not_found';
        if ([...this.users.values()].some(({ email }) => email === command.email)) return 'email_taken';
        this.made.push(command.id);
        this.users.set(command.id, {
          first_name: command.first_name,
          name: `${command.first_name} ${command.last_name}`,
          email: command.email,
          role: command.role,
        });
        return null;
      case 'update-user': {
        const user = this.users.get(command.id);
        if (user === undefined) return 'user_not_found';
        const last = user.name.slice(user.first_name.length + 1);
        const first_name = command.first_name ?? user.first_name;
        if (first_name !== user.first_name) user.name = `${first_name} ${last}`.trim();
        user.first_name = first_name;
        return null;
      }
      case 'assign-role': {
        if (command.role === 'NoSuchRole') return 'role_not_found';
        const user = this.users.get(command.id);
        if (user === undefined) return 'user_not_found';
        if (command.id === ADMIN) return 'last_administrator';
        user.role = command.role;
        return null;
      }
      case 'delete-user':
        if (!this.users.has(command.id)) return 'user_not_found';
        if (command.id === ADMIN) return 'last_administrator';
        this.users.delete(command.id);
        return null;
      case 'create-key':
        // One key comes from the file.
        if (this.valid.size >= 19) return 'quota_reached';
        this.keys.push(command.id);
        this.valid.add(command.id);
        return null;
      case 'delete-key':
        return this.valid.delete(command.id) ? null : 'api_key_not_found';
      case 'create-blueprint': {
        const { id, name } = command;
        const isTaken = [...this.agents.values()].some((agent) => agent.name === name && !agent.deprecated);
        if (isTaken) return 'agent_exists';
        this.agents.set(id, { name, versions: 0, deprecated: false });
        return null;
      }
      case 'create-agent-version':
      case 'delete-blueprint':
        return this.#changeAgent(command);
    }
  }

  #changeAgent(command: CommandOf<'create-agent-version' | 'delete-blueprint'>): string | null {
    const agent = this.agents.get(command.id);
    if (agent === undefined) return 'agent_not_found';
    if (agent.deprecated) return 'agent_deleted';
    if (command.type === 'delete-blueprint') agent.deprecated = true;
    else if (command.expected !== null && command.expected !== agent.versions + 1) return 'version_not_next';
    else agent.versions += 1;
    return null;
  }
}

function commandOf(model: Model, step: Step): Tried | null {
  const of = (list: readonly string[], position: number) => list[position % list.length] ?? 'none';
  switch (step.kind) {
    case 'create':
      return newUserCommand(step.email, step.role);
    case 'rename': {
      const { first_name } = step;
      return { type: 'update-user', id: of(model.made, step.user), first_name, preferences: {} };
    }
    case 'assign':
      return { type: 'assign-role', id: of(model.made, step.user), role: step.role };
    case 'delete':
      return { type: 'delete-user', id: of(model.made, step.user) };
    case 'key': {
      const id = model.keys.length.toString(16).padStart(24, 'a');
      const expires_at = new Date(Date.now() + 86_400_000).toISOString();
      return {
        type: 'create-key',
        id,
        hash: 'f'.repeat(64),
        name: null,
        role: 'DefaultUserRole',
        expires_at,
      };
    }
    case 'revoke':
      return { type: 'delete-key', id: of(model.keys, step.key) };
    case 'agent': {
      const id = model.agents.size.toString(16).padStart(24, 'e');
      return { type: 'create-blueprint', kind: 'agent', id, name: step.name };
    }
    case 'version': {
      const { expected } = step;
      return {
        type: 'create-agent-version',
        id: of([...model.agents.keys()], step.agent),
        expected,
        changes: SPEAKER,
      };
    }
    case 'retire':
      return { type: 'delete-blueprint', kind: 'agent', id: of([...model.agents.keys()], step.agent) };
    case 'evict':
      return null;
  }
}

/** Evicts the object, unless it is not in memory: it was never asked, or has left it already. */
async function evicted({ stub }: Managed): Promise<void> {
  try {
    await evict(stub);
  } catch (error) {
    if (!String(error).includes('not currently running')) throw error;
  }
}

describe('the object', () => {
  it(
    'answers as the plain model does, and KV holds the same once the alarm has run',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 18 }), async (steps) => {
          const managed = await Managed.make();
          const model = new Model();
          // An object that was never asked cannot be evicted.
          await managed.stub.keys(managed.id);
          for (const each of steps) {
            const command = commandOf(model, each);
            if (command === null) {
              await evicted(managed);
              continue;
            }
            const outcome = await managed.change(command, actorIn(managed.id));
            const code = outcome.ok ? null : outcome.problem.code;
            expect([command.type, code]).toEqual([command.type, model.apply(command)]);
          }
          await managed.settle();
          const published = await managed.published();
          for (const id of model.made) {
            const user = model.users.get(id);
            const stored = published.get(registryKey.user(managed.id, id)) as { name: string; role: string };
            expect([id, stored?.name, stored?.role]).toEqual([id, user?.name, user?.role]);
          }
          const catalog = published.get(registryKey.catalog(managed.id)) as {
            latest: Record<string, number>;
          };
          for (const [id, { versions }] of model.agents) {
            const found = [1, 2, 3, 4].filter((n) => published.has(registryKey.agent(managed.id, id, n)));
            expect([id, found.length, catalog.latest[id] ?? 0]).toEqual([
              id,
              Math.min(versions, 4),
              versions,
            ]);
          }
          for (const id of model.keys) {
            expect([id, published.has(registryKey.apiKey(managed.id, id))]).toEqual([
              id,
              model.valid.has(id),
            ]);
          }
        }),
        { numRuns: 12 },
      );
    },
  );
});
