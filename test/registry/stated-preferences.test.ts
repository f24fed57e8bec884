/** That users decide for themselves: written before they do, and kept; and many users read at once. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newIdentifier } from '../../src/identifiers.ts';
import { registryKey } from '../../src/registry/keys.ts';
import type { User } from '../../src/registry/organization.ts';
import { publishUsers } from '../../src/registry/publish.ts';
import { RegistryReader, roleGrants } from '../../src/registry/reader.ts';
import { testEnv } from '../support/client.ts';
import { testOrganization } from '../support/organization.ts';

const now = Date.now();

function user(preferences?: User['preferences']): User {
  return { id: newIdentifier(now), name: 'Una', role: 'DefaultUserRole', preferences };
}

/** The keys that publishing some users writes, in order. */
async function written(users: User[]): Promise<string[]> {
  const keys: string[] = [];
  await publishUsers({ put: (key) => Promise.resolve(void keys.push(key)) }, 'o', users);
  return keys;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('publishing users', () => {
  it.each([false, true])('writes the mark first if one of them has a preference: %s', async (visible) => {
    const users = [user(), user({ conversations_visible_to_admins: visible })];
    const keys = await written(users);
    expect(keys[0]).toBe(registryKey.statedPreferences('o'));
    expect(keys.slice(1).sort()).toEqual(users.map(({ id }) => registryKey.user('o', id)).sort());
  });

  it.each([
    undefined,
    null,
    {},
    { conversations_visible_to_admins: null },
    { user_model_visible_to_admins: false },
  ])('writes no mark for the preferences %j', async (preferences) => {
    const [one] = [user(preferences)];
    expect(await written([one])).toEqual([registryKey.user('o', one.id)]);
  });

  it('keeps the mark if a later file lacks the user', async () => {
    const organization = `o-${newIdentifier(now)}`;
    const registry = new RegistryReader(testEnv.REGISTRY);
    expect(await registry.usersStatePreferences(organization)).toBe(false);
    await publishUsers(testEnv.REGISTRY, organization, [user({ conversations_visible_to_admins: false })]);
    await publishUsers(testEnv.REGISTRY, organization, [user()]);
    expect(await registry.usersStatePreferences(organization)).toBe(true);
  });
});

describe('reading users', () => {
  it('reads a hundred at once, and leaves out users who do not exist', async () => {
    const organization = `o-${newIdentifier(now)}`;
    const users = Array.from({ length: 150 }, () => user());
    await publishUsers(testEnv.REGISTRY, organization, users);
    const get = vi.spyOn(testEnv.REGISTRY, 'get');
    const registry = new RegistryReader(testEnv.REGISTRY);
    const ids = [...users.map(({ id }) => id), 'nobody', 'x'.repeat(1_000)];
    const found = await registry.users(organization, ids);
    expect([...found.keys()].sort()).toEqual(users.map(({ id }) => id).sort());
    expect(get).toHaveBeenCalledTimes(2);
    await registry.users(
      organization,
      users.map(({ id }) => id),
    );
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('shows nothing of an organization that does not exist', async () => {
    const registry = new RegistryReader(testEnv.REGISTRY);
    expect(await registry.preferences('no-such-org', newIdentifier(now))).toEqual({
      conversations_visible_to_admins: false,
      user_model_visible_to_admins: false,
    });
  });
});

describe('the grants of a role', () => {
  const { organization } = testOrganization('0'.repeat(64));

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'NoSuchRole', ''])(
    'are empty if the role does not exist: %s',
    (role) => {
      expect(roleGrants(organization, role)).toEqual([]);
    },
  );

  it('are those of the organization’s role with any name', () => {
    const own = { name: 'constructor', description: 'x', permission_grants: [] };
    const permission_grants = [{ permission_name: 'Service:GetService' as const, conditions: {} }];
    const roles = [{ ...own, permission_grants }];
    expect(roleGrants({ ...organization, roles }, 'constructor')).toEqual(permission_grants);
  });
});
