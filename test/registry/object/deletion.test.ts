/** An organization that is deleted: refused at once, erased to the last row, and not brought back by a copy. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOTHING } from '../../../src/budget/amounts.ts';
import { NO_USAGE } from '../../../src/budget/usage.ts';
import { COPIES_EXPIRE_MS } from '../../../src/registry/object/deletion.ts';
import { OPERATOR } from '../../../src/registry/object/decide/access.ts';
import { registryKey } from '../../../src/registry/keys.ts';
import { DEFAULT_DIRECTORY_SHARDS, Organization } from '../../../src/registry/organization.ts';
import { parseLines, testEnv } from '../../support/client.ts';
import { failing, type Fault } from '../../support/faults.ts';
import { ADMIN, ALICE, BOB } from '../../support/organization.ts';
import { actorIn, Managed, newUserCommand } from './model.ts';

const DELETE = { type: 'delete-organization' } as const;
const faults: Fault[] = [];

afterEach(() => {
  for (const fault of faults.splice(0)) fault.end();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets the copies of the deleted organization expire, and runs the alarm. */
async function later(managed: Managed): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + COPIES_EXPIRE_MS + 1_000 });
  await managed.settle();
}

/** Every value in the tables of an object, as a text. */
function rowsOf(sql: SqlStorage): string {
  const tables = sql
    .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf%'")
    .toArray();
  return JSON.stringify(tables.map(({ name }) => sql.exec(`SELECT * FROM ${name}`).toArray()));
}

/** Every value in the object's tables, as a text. */
function stored(managed: Managed): Promise<string> {
  return managed.store((_store, { sql }) => rowsOf(sql));
}

describe('a deleted organization', () => {
  it('is refused to its users by their next limited request, while copies still have it', async () => {
    const managed = await Managed.make();
    const [admin, alice] = [managed.tenant.administrator, managed.tenant.client(ALICE)];
    expect((await alice.request('/service/')).status).toBe(200);
    expect((await alice.request('/organization/', { method: 'DELETE' })).status).toBe(403);
    expect((await admin.request('/organization/', { method: 'DELETE' })).status).toBe(204);
    expect((await alice.request('/service/')).status).toBe(404);
    expect((await admin.request('/organization/', { method: 'DELETE' })).status).toBe(404);
  });

  it('leaves nothing behind: no row but the number of its last change, no document, no counter', async () => {
    const managed = await Managed.make();
    const command = { ...newUserCommand('canary@example.com'), first_name: 'Canary' };
    await managed.change(command);
    await managed.change({ type: 'create-blueprint', kind: 'agent', id: 'a'.repeat(24), name: 'Canary' });
    await managed.settle();
    await managed.tenant.client(BOB).request('/service/');
    expect((await managed.change(DELETE)).ok).toBe(true);
    await later(managed);
    expect(await managed.published()).toEqual(new Map());
    const rest = await stored(managed);
    for (const trace of ['Canary', 'canary', command.id, ALICE, BOB]) expect(rest).not.toContain(trace);
    const revision = await managed.store((store) => store.revision());
    expect(revision).toBeGreaterThan(2);
    const limiter = testEnv.LIMITER.getByName(`${managed.id}/${BOB}`);
    expect((await limiter.admit('name', 'get-services', 10)).remaining).toBe(9);
  });

  it('leaves no conversation, no memory and no recording of any user', async () => {
    const managed = await Managed.make();
    const { tenant } = managed;
    const begun = await tenant.client(ALICE).create();
    const [event] = parseLines(await begun.text());
    const id = String(event?.conversation_id);
    await managed.stub.keys(managed.id);
    await testEnv.MEMORY.getByName(`${managed.id}/${ALICE}`).learn(id, [
      { text: 'A canary in a memory.', message_ids: [] },
    ]);
    const orphan = `${managed.id}/${id}/orphan`;
    await testEnv.AUDIO.put(orphan, 'a canary');
    await managed.change(DELETE);
    await later(managed);
    expect(await managed.store((store) => store.isBeingErased())).toBe(false);
    expect(await testEnv.AUDIO.head(orphan)).toBeNull();
    const memories = await runInDurableObject(
      testEnv.MEMORY.getByName(`${managed.id}/${ALICE}`),
      (_instance, { storage }) => rowsOf(storage.sql),
    );
    expect(memories).not.toContain('canary');
    const conversation = await runInDurableObject(
      testEnv.CONVERSATION.getByName(`${managed.id}/${id}`),
      (_instance, { storage }) => rowsOf(storage.sql),
    );
    expect(conversation).not.toContain(ALICE);
    for (let shard = 0; shard < DEFAULT_DIRECTORY_SHARDS; shard += 1) {
      const directory = testEnv.DIRECTORY.getByName(`${managed.id}/${shard}`);
      const [rows, alarm] = await runInDurableObject(directory, async (_instance, { storage }) => [
        rowsOf(storage.sql),
        await storage.getAlarm(),
      ]);
      expect(rows).not.toContain(ALICE);
      expect(alarm).toBeNull();
    }
  });

  it('leaves nothing of its budgets: no usage, no lease, no counter, no message, and no alarm', async () => {
    const managed = await Managed.make();
    const budget = testEnv.BUDGET.getByName(managed.id);
    const bound = {
      ...{ subject: 'organization', period: 'day' as const, unit: 'tokens' as const, limit: 1_000 },
      ...{ soft_percent: 50, notify_url: 'https://ops.example/' },
    };
    const need = { tokens: 600, micro_usd: 0, turns: 1 };
    const lease = { holder: 'c', number: 0, used: NOTHING, unleased: NOTHING, bounds: [bound] };
    const granted = await budget.renew(managed.id, { ...lease, need, want: need });
    expect(granted.kind).toBe('granted');
    const row = { ...NO_USAGE, day: '2026-11-26', model: 'm', kind: 'turn' as const, input_tokens: 5 };
    await budget.settle(null, { reporter: 'c', service_id: 's', number: 1, rows: [row] });
    const contents = () =>
      runInDurableObject(budget, async (_instance, { storage }) => [
        rowsOf(storage.sql),
        await storage.getAlarm(),
      ]);
    expect(String((await contents())[0])).toContain('2026-11-26');
    await managed.change(DELETE);
    await later(managed);
    expect(await contents()).toEqual(['[]', null]);
    // What is asked afterwards finds nothing, and makes nothing.
    const question = { from: '2026-01-01', to: '2026-12-31', columns: [], limit: 1, bounds: [bound] };
    expect((await budget.usage(question)).standing).toMatchObject([{ spent: 0, held: 0 }]);
    expect(await contents()).toEqual(['[]', null]);
  });

  it('is erased after a crash at any step', async () => {
    const managed = await Managed.make();
    await managed.change(newUserCommand('canary@example.com'));
    vi.spyOn(console, 'error').mockReturnValue();
    faults.push(failing(testEnv.REGISTRY, 'delete'));
    expect((await managed.change(DELETE)).ok).toBe(true);
    await abortAllDurableObjects();
    await later(managed);
    // The users are gone, and the copies in KV are not.
    expect(await managed.store((store) => [store.userIds(10), store.isBeingErased()])).toEqual([[], true]);
    await abortAllDurableObjects();
    for (const fault of faults.splice(0)) fault.end();
    await managed.settle();
    expect(await managed.published()).toEqual(new Map());
    expect(await managed.store((store) => store.isBeingErased())).toBe(false);
  });

  it('takes no change and no copy of a user while it is erased, and cannot be created meanwhile', async () => {
    const managed = await Managed.make();
    await managed.change(DELETE);
    const refused = await managed.change({ type: 'delete-user', id: ALICE });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'organization_not_found' } });
    const operator = { ...actorIn(managed.id), user_id: OPERATOR, grants: [] };
    const organization = Organization.parse({ id: managed.id, name: 'Again' });
    const create = { type: 'create-organization', organization } as const;
    expect(await managed.change(create, operator)).toMatchObject({
      ok: false,
      problem: { code: 'operation_in_progress' },
    });
    await later(managed);
    // A copy that a distant cache still has.
    await testEnv.REGISTRY.put(registryKey.user(managed.id, ALICE), JSON.stringify({ id: ALICE, name: 'A' }));
    const key = registryKey.user(managed.id, ALICE);
    expect(await managed.stub.read(managed.id, [key])).toMatchObject({
      documents: { [key]: { value: null } },
    });
    expect((await managed.change(create, operator)).ok).toBe(true);
    expect(await managed.store((store) => [store.organization()?.name, store.user(ALICE)])).toEqual([
      'Again',
      null,
    ]);
  });

  it('is deleted by those alone who may, and by the operator', async () => {
    const managed = await Managed.make();
    const role = { type: 'assign-role', id: BOB, role: 'DefaultUserRole' } as const;
    await managed.change(role);
    const refused = await managed.change(DELETE, actorIn(managed.id, BOB, 'DefaultUserRole'));
    expect(refused).toMatchObject({ ok: false, problem: { code: 'permission_missing' } });
    expect((await managed.change(DELETE, { ...actorIn(managed.id, ADMIN), user_id: OPERATOR })).ok).toBe(
      true,
    );
  });
});
