/** The registry's object: what it takes over, what survives a crash, and what it tells limiters. */
import { abortAllDurableObjects } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newIdentifier } from '../../../src/identifiers.ts';
import { registryKey } from '../../../src/registry/keys.ts';
import { KvRegistry } from '../../../src/registry/kv-registry.ts';
import { carryOut } from '../../../src/registry/publication.ts';
import { preparePublication } from '../../../src/registry/publish.ts';
import { RateLimiter } from '../../../src/limits/rate-limiter.ts';
import { testEnv } from '../../support/client.ts';
import { evict } from '../../support/eviction.ts';
import { failing, PATIENT, type Fault } from '../../support/faults.ts';
import { ADMIN, ALICE, API_KEY_ID, BOB, GRAPH, testOrganization } from '../../support/organization.ts';
import { actorIn, Managed, newUserCommand } from './model.ts';

const faults: Fault[] = [];

function kvFails(method: 'put' | 'delete'): void {
  vi.spyOn(console, 'error').mockReturnValue();
  faults.push(failing(testEnv.REGISTRY, method));
}

function kvAnswers(): void {
  for (const fault of faults.splice(0)) fault.end();
}

afterEach(() => {
  kvAnswers();
  vi.restoreAllMocks();
});

function renamed(id: string, first_name: string) {
  return { type: 'update-user', id, first_name, preferences: {} } as const;
}

async function staleOf(managed: Managed, user: string): Promise<unknown> {
  const limiter = testEnv.LIMITER.getByName(`${managed.id}/${user}`);
  return (await limiter.admit('name', 'operation', 100)).stale;
}

describe('an organization that is not managed yet', () => {
  it('is answered from KV: reading its object stores nothing', async () => {
    const managed = await Managed.make();
    const key = registryKey.user(managed.id, ALICE);
    expect(await managed.stub.read(managed.id, [key])).toEqual({ managed: false });
    const stored = await managed.store((_store, { sql }) =>
      sql.exec('SELECT name FROM sqlite_master').toArray(),
    );
    expect(stored).toEqual([]);
  });

  it('is taken over whole by the first change, and nothing of it is written to KV again', async () => {
    const managed = await Managed.make();
    const before = await managed.published();
    const put = vi.spyOn(testEnv.REGISTRY, 'put');
    expect(await managed.stub.keys(managed.id)).toMatchObject({ ok: true, value: [{ id: API_KEY_ID }] });
    const revision = registryKey.revision(managed.id);
    const without = (documents: ReadonlyMap<string, unknown>) =>
      new Map([...documents].filter(([key]) => key !== revision));
    expect(without(await managed.truth())).toEqual(without(before));
    expect(put).not.toHaveBeenCalled();
  });

  it('is not found where it does not exist, and stores nothing', async () => {
    const stub = testEnv.REGISTRY_OBJECT.getByName('no-such-organization');
    const outcome = await stub.change(actorIn('no-such-organization'), newUserCommand('a@example.com'), {
      operation: 'test',
    });
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'organization_not_found' } });
    expect(await stub.read('no-such-organization', [])).toEqual({ managed: false });
  });

  it('with a catalog beyond the size of a row is kept whole', async () => {
    const [service] = testOrganization('0'.repeat(64)).services;
    const services = Array.from({ length: 260 }, (_, index) => ({
      ...service!,
      id: index.toString(16).padStart(24, 'b'),
      name: `Service ${index}`,
      // Characters of two UTF-16 units, so that parts are cut between them.
      description: '🍐'.repeat(4_999) + 'x',
      is_active: false,
    }));
    const managed = await Managed.make({ services });
    await managed.stub.keys(managed.id);
    const key = registryKey.catalog(managed.id);
    const parts = await managed.store((_store, { sql }) =>
      sql.exec<{ n: number }>(`SELECT max(length(cast(body AS BLOB))) AS n FROM documents`).one(),
    );
    expect(parts.n).toBeLessThan(2_000_000);
    expect((await managed.truth()).get(key)).toEqual((await managed.published()).get(key));
  });
});

describe('a change', () => {
  it('is published by the alarm when the process dies after it is stored', async () => {
    const managed = await Managed.make();
    kvFails('put');
    const command = newUserCommand('nell@example.com');
    expect((await managed.change(command)).ok).toBe(true);
    await abortAllDurableObjects();
    expect((await managed.published()).has(registryKey.user(managed.id, command.id))).toBe(false);
    kvAnswers();
    await managed.settle();
    expect((await managed.published()).get(registryKey.user(managed.id, command.id))).toMatchObject({
      name: 'Nell New',
    });
  });

  it('is published by a later alarm when the first ones fail, and no alarm throws', async () => {
    const managed = await Managed.make();
    kvFails('put');
    await managed.change(renamed(ALICE, 'Alina'));
    await managed.settle();
    await managed.settle();
    const again = await managed.store((_store, storage) => storage.getAlarm());
    expect(again).not.toBeNull();
    kvAnswers();
    await managed.settle();
    const user = (await managed.published()).get(registryKey.user(managed.id, ALICE));
    expect(user).toMatchObject({ name: 'Alina Apple' });
  });

  it('writes its documents to KV once, however many changes come within a second', async () => {
    const managed = await Managed.make();
    await managed.change(renamed(ALICE, 'One'));
    const put = vi.spyOn(testEnv.REGISTRY, 'put');
    for (let index = 0; index < 10; index += 1) await managed.change(renamed(BOB, `Bob${index}`));
    await managed.settle();
    const key = registryKey.user(managed.id, BOB);
    expect(put.mock.calls.filter(([name]) => name === key).length).toBeLessThanOrEqual(2);
    expect((await managed.published()).get(key)).toMatchObject({ name: 'Bob9 Berry' });
  });

  it('publishes no address and no variable of a user', async () => {
    const managed = await Managed.make();
    const secret = 'a value that stays here';
    const command = {
      ...newUserCommand('hidden@example.com'),
      nonsensitive_variables: { city: secret },
      sensitive_variables: { token: secret },
    };
    await managed.change(command);
    await managed.settle();
    const published = JSON.stringify([...(await managed.published())]);
    expect(published).toContain(command.id);
    expect(published).not.toContain('hidden@example.com');
    expect(published).not.toContain(secret);
  });

  it('stores the values of secret variables sealed, so that only the signing keys open them', async () => {
    const managed = await Managed.make();
    const command = { ...newUserCommand('s@example.com'), sensitive_variables: { token: 'hunter2' } };
    await managed.change(command);
    const rows = await managed.store((_store, { sql }) => sql.exec('SELECT body FROM users').toArray());
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    const user = await managed.store((store) => store.user(command.id));
    const [, iv, data] = (user?.sensitive_variables.token ?? '').split('.');
    const bytes = (text = '') => Uint8Array.fromBase64(text, { alphabet: 'base64url' });
    const encode = (text: string) => new TextEncoder().encode(text);
    const { keys } = JSON.parse(testEnv.SIGNING_KEYS ?? '') as { keys: { d: string }[] };
    const material = await crypto.subtle.importKey('raw', encode(keys.at(-1)!.d), 'HKDF', false, [
      'deriveKey',
    ]);
    const key = await crypto.subtle.deriveKey(
      {
        name: 'HKDF',
        hash: 'SHA-256',
        salt: new Uint8Array(0),
        info: encode('conversation-api user variables'),
      },
      material,
      { name: 'AES-GCM', length: 256 },
      false,
      ['decrypt'],
    );
    const open = (name: string) =>
      crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: bytes(iv), additionalData: encode(`${managed.id}/${command.id}/${name}`) },
        key,
        bytes(data),
      );
    expect(new TextDecoder().decode(await open('token'))).toBe('hunter2');
    await expect(open('other')).rejects.toThrow();
  });

  it('writes one line of the audit, with who changed what', async () => {
    const managed = await Managed.make();
    await managed.change(renamed(ALICE, 'Alina'), undefined, { operation: 'update-user-info' });
    const changes = await managed.store((_store, { sql }) =>
      sql
        .exec(`SELECT actor, operation, kind, id, request_id FROM changes WHERE operation <> 'adopt'`)
        .toArray(),
    );
    expect(changes).toEqual([
      { actor: ADMIN, operation: 'update-user-info', kind: 'user', id: ALICE, request_id: 'a-test' },
    ]);
  });
});

describe('what is taken away', () => {
  it('is told to the limiter of the user before the change is answered', async () => {
    const managed = await Managed.make();
    expect(await staleOf(managed, ALICE)).toEqual({});
    const outcome = await managed.change({ type: 'delete-user', id: ALICE });
    const revision = outcome.ok ? outcome.value.revision : 0;
    expect(await staleOf(managed, ALICE)).toEqual({ user: revision });
    expect(await staleOf(managed, BOB)).toEqual({});
  });

  it('is told to every user of a changed role, also after an eviction of their limiters', async () => {
    const grants = [{ permission_name: 'Service:GetService' as const, conditions: {} }];
    const role = { name: 'Custom', description: 'x', permission_grants: grants };
    const managed = await Managed.make({ roles: [role] });
    const users = Array.from({ length: 3 }, (_, index) => newUserCommand(`u${index}@example.com`, 'Custom'));
    for (const user of users) await managed.change(user);
    const outcome = await managed.change({ type: 'modify-role', name: 'Custom', permission_grants: [] });
    const revision = outcome.ok ? outcome.value.revision : 0;
    for (const { id } of users) {
      await evict(testEnv.LIMITER.getByName(`${managed.id}/${id}`));
      expect(await staleOf(managed, id)).toEqual({ organization: revision });
    }
  });

  it('is told by the alarm when the limiter does not answer', async () => {
    const managed = await Managed.make();
    vi.spyOn(console, 'error').mockReturnValue();
    const fault = failing(RateLimiter.prototype, 'staleBefore');
    await managed.change({ type: 'delete-user', id: ALICE });
    // The change tries, and then what publishes it.
    await vi.waitFor(() => expect(fault.calls()).toBeGreaterThan(1), PATIENT);
    fault.end();
    expect(await staleOf(managed, ALICE)).toEqual({});
    await managed.settle();
    expect(await staleOf(managed, ALICE)).toMatchObject({ user: expect.any(Number) as number });
  });
});

describe('a publication past the object', () => {
  async function publishFile(managed: Managed, users: ReturnType<typeof testOrganization>['users']) {
    const file = testOrganization('0'.repeat(64));
    const own = (id: string) => ({ org_id: id, user_id: ADMIN });
    const input = {
      ...file,
      users,
      organization: { ...file.organization, id: managed.id },
      services: file.services.map((service) => ({
        ...service,
        creator: own(managed.id),
        updated_by: own(managed.id),
      })),
    };
    const store = new KvRegistry(testEnv.REGISTRY);
    await carryOut(store, await preparePublication(store, input));
  }

  const later = () => {
    const now = Date.now() + 10 * 60_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
  };

  it('is taken over: the users that the file adds, and those that it lacks', async () => {
    const managed = await Managed.make();
    const { users } = testOrganization('0'.repeat(64));
    await managed.change(renamed(ALICE, 'Alina'));
    await managed.settle();
    const added = { id: newIdentifier(Date.now()), name: 'Fay File', role: 'DefaultUserRole' };
    later();
    await publishFile(managed, [...users.filter(({ id }) => id !== BOB), added]);
    const page = await managed.stub.users(actorIn(managed.id), {
      ids: [],
      emails: [],
      text: null,
      sort: [],
      limit: 100,
      after: 0,
    });
    const found = page.ok ? page.value.users.map(({ id, name }) => [id, name]) : [];
    expect(found).toContainEqual([added.id, 'Fay File']);
    expect(found).toContainEqual([ALICE, 'Alice Apple']);
    expect(found.map(([id]) => id)).not.toContain(BOB);
  });

  it('removes the users that were created since, also with the very file that was published before', async () => {
    const { users } = testOrganization('0'.repeat(64));
    const managed = await Managed.make();
    await publishFile(managed, users);
    const command = newUserCommand('since@example.com');
    await managed.change(command);
    await managed.settle();
    later();
    await publishFile(managed, users);
    const outcome = await managed.change(renamed(command.id, 'Gone'));
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'user_not_found' } });
  });

  it('does not bring back who was deleted a moment ago, while KV still lists them', async () => {
    const managed = await Managed.make();
    kvFails('delete');
    await managed.change({ type: 'delete-user', id: ALICE });
    kvAnswers();
    const stored = await testEnv.REGISTRY.get(registryKey.user(managed.id, ALICE));
    expect(stored).not.toBeNull();
    await testEnv.REGISTRY.put(
      registryKey.revision(managed.id),
      JSON.stringify({ revision: 'f'.repeat(64) }),
    );
    const outcome = await managed.change(renamed(ALICE, 'Back'));
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'user_not_found' } });
  });
});

describe('a change that is repeated', () => {
  const repeatable = { key: 'k1', digest: 'd1' };

  it('with its key is made once, and answers what it answered', async () => {
    const managed = await Managed.make();
    const options = { operation: 'test', repeatable };
    const first = await managed.change(newUserCommand('r@example.com'), undefined, options);
    const again = await managed.change(newUserCommand('r@example.com'), undefined, options);
    expect(again).toEqual({ ok: true, value: { ...(first.ok && first.value), repeated: true } });
  });

  it('with the key of another request is refused, and the key of another user is another key', async () => {
    const managed = await Managed.make();
    await managed.change(renamed(ALICE, 'One'), undefined, { operation: 'test', repeatable });
    const other = { operation: 'test', repeatable: { key: 'k1', digest: 'd2' } };
    const refused = await managed.change(renamed(ALICE, 'Two'), undefined, other);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'idempotency_key_reused' } });
    const own = await managed.change(
      renamed(ALICE, 'Three'),
      actorIn(managed.id, ALICE, 'DefaultUserRole'),
      other,
    );
    expect(own.ok).toBe(true);
  });
});

describe('a change of what has changed since', () => {
  it('is refused, and one of what has not changed is made', async () => {
    const managed = await Managed.make();
    const first = await managed.change(renamed(ALICE, 'One'));
    const seen = first.ok ? first.value.revision : 0;
    await managed.change(renamed(BOB, 'Other'));
    const options = { operation: 'test', if_match: seen };
    const second = await managed.change(renamed(ALICE, 'Two'), undefined, options);
    expect(second.ok).toBe(true);
    const refused = await managed.change(renamed(ALICE, 'Three'), undefined, options);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'revision_outdated' } });
  });
});

it('a graph stays as it was published when users change', async () => {
  const managed = await Managed.make();
  await managed.change(renamed(ALICE, 'Alina'));
  await managed.settle();
  const graph = (await managed.published()).get(registryKey.graph(managed.id, GRAPH, 1));
  expect(graph).toEqual(testOrganization('0'.repeat(64)).graphs[0]);
});

describe('variables of a user', () => {
  it('are read with the values of the secret ones, which no table and no copy has', async () => {
    const managed = await Managed.make();
    const command = newUserCommand('sealed@example.com');
    const secrets = { token: 'canary-secret', plan: 'canary-plan' };
    await managed.change({
      ...command,
      nonsensitive_variables: { city: 'Bonn' },
      sensitive_variables: secrets,
    });
    expect(await managed.stub.variables(managed.id, command.id)).toEqual({ city: 'Bonn', ...secrets });
    const rows = await managed.store((_store, { sql }) =>
      JSON.stringify(sql.exec('SELECT body FROM users').toArray()),
    );
    expect(rows).not.toContain('canary');
    // Sealed for this user: the same text in the row of another one opens nothing.
    await managed.store((_store, { sql }) => {
      const { body } = sql.exec<{ body: string }>('SELECT body FROM users WHERE id = ?', command.id).one();
      sql.exec('UPDATE users SET body = ? WHERE id = ?', body, ALICE);
    });
    expect(await managed.stub.variables(managed.id, ALICE)).toEqual({ city: 'Bonn' });
    expect(await managed.stub.variables(managed.id, 'no-such-user')).toEqual({});
  });
});
