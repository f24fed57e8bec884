/** The erasure of a user: everything of them goes, or, where conversations are kept, their name. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import { directoryOfUser } from '../../src/directory/client.ts';
import { Directory } from '../../src/directory/directory.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { Memory } from '../../src/memory/memory.ts';
import { memoryOf } from '../../src/objects.ts';
import { placesOf } from '../support/canary.ts';
import { testEnv, type Client } from '../support/client.ts';
import { failing, PATIENT, type Fault } from '../support/faults.ts';
import { OTHER_SERVICE, SERVICE } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

let tenant: Tenant;
let canary: string;
let user: Client;

beforeAll(async () => {
  tenant = await Tenant.publish();
});

beforeEach(async () => {
  canary = `zebra${newIdentifier(Date.now())}`;
  const response = await tenant.administrator.post('/user/', {
    first_name: canary,
    last_name: 'User',
    email: `${canary}@example.com`,
    role_name: 'DefaultUserRole',
  });
  expect(response.status).toBe(201);
  user = tenant.client((await response.json<{ user_id: string }>()).user_id);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const sharded = () => ({ id: tenant.id, directory_shards: 4 });
const directory = () => directoryOfUser(testEnv, sharded(), user.userId);
const conversation = (id: string) => testEnv.CONVERSATION.getByName(`${tenant.id}/${id}`);

/** Two conversations of the user, one of which is finished and was learnt from. */
async function converse(): Promise<[finished: string, open: string]> {
  const finished = await user.begin({ service_id: SERVICE, initial_message: `I have a ${canary}.` });
  expect((await user.post(`/conversation/${finished.id}/finish/`)).status).toBe(204);
  await runDurableObjectAlarm(conversation(finished.id));
  const open = await user.begin({ service_id: OTHER_SERVICE, initial_message: `My ${canary} is well.` });
  return [finished.id, open.id];
}

function remove(query = ''): Promise<Response> {
  return tenant.administrator.request(`/user/${user.userId}${query}`, { method: 'DELETE' });
}

interface Erasure {
  state: string;
  conversations_left: number;
  conversations: number;
  messages: number;
  memories: number;
  kept: boolean;
  finished_at: string | null;
  receipt: string | null;
}

const erasure = () => tenant.administrator.get<Erasure>(`/user/${user.userId}/erasure`);

/** Has the alarm go on until the erasure is finished. */
async function finished(): Promise<Erasure> {
  for (let run = 0; run < 20; run += 1) {
    const now = await erasure();
    if (now.state === 'finished') return now;
    await runDurableObjectAlarm(directory());
  }
  return erasure();
}

async function listed(): Promise<string[]> {
  const path = `/conversation/?user_id=${user.userId}`;
  const { conversations } = await tenant.administrator.get<{ conversations: { id: string }[] }>(path);
  return conversations.map(({ id }) => id);
}

/** KV is published a moment later. */
function expectGone(): Promise<void> {
  return expect.poll(() => placesOf(canary), PATIENT).toEqual([]);
}

describe('a user who is deleted', () => {
  it('is gone from every object, bucket and KV, with everything that they said', async () => {
    await converse();
    expect(await placesOf(canary)).toEqual(
      expect.arrayContaining([
        'CONVERSATION conversation',
        'CONVERSATION messages',
        'MEMORY memories',
        'REGISTRY_OBJECT users',
      ]),
    );
    expect((await remove()).status).toBe(204);
    expect((await user.request('/conversation/')).status).toBe(401);
    const told = await finished();
    expect(told).toMatchObject({ conversations_left: 0, conversations: 2, kept: false });
    expect(told.messages).toBeGreaterThanOrEqual(4);
    expect(told.memories).toBeGreaterThanOrEqual(1);
    expect(told.receipt).toContain('.');
    await expectGone();
    expect(await listed()).toEqual([]);
  });

  it('may be one who has said nothing', async () => {
    expect((await remove()).status).toBe(204);
    expect(await finished()).toMatchObject({ conversations: 0, messages: 0, memories: 0 });
    await expectGone();
  });

  it('begins no conversation any more, even with a request that was admitted before', async () => {
    const place = {
      ...{ conversation_id: newIdentifier(Date.now()), user_id: user.userId, service_id: SERVICE, tags: {} },
      versions: { name: 'edge', agent: ['a', 1] as [string, number], graph: ['g', 1] as [string, number] },
      shard: 0,
    };
    expect((await remove()).status).toBe(204);
    const outcome = await directory().reserve({
      ...place,
      versions: { ...place.versions, llm_model_preferences: {} },
    });
    expect(outcome).toEqual({ kind: 'closed' });
  });

  it('has conversations that are kept without their name and what was learnt about them', async () => {
    const [done, open] = await converse();
    expect((await remove('?keep=conversations')).status).toBe(204);
    const told = await finished();
    expect(told).toMatchObject({ conversations: 2, messages: 0, kept: true });
    expect((await listed()).sort()).toEqual([done, open].sort());
    const { messages } = await tenant.administrator.get<{
      messages: { sender: string; message_type: string }[];
    }>(`/conversation/${done}/messages/`);
    const senders = messages
      .filter(({ message_type }) => message_type === 'user-message')
      .map(({ sender }) => sender);
    expect(new Set(senders)).toEqual(new Set(['Deleted user']));
    const memory = memoryOf(testEnv, { organization: tenant.id }, user.userId);
    expect([await memory.count(), await memory.model()]).toEqual([0, null]);
    // What was said is kept; nothing more is learnt from it.
    expect((await tenant.administrator.post(`/conversation/${open}/finish/`)).status).toBe(204);
    await runDurableObjectAlarm(conversation(open));
    expect([await memory.count(), await memory.model()]).toEqual([0, null]);
    // What the user wrote is all that is left: as messages, and as the last answers that the agent may refer to.
    const kept = ['CONVERSATION conversation', 'CONVERSATION messages'];
    await expect.poll(() => placesOf(canary), PATIENT).toEqual(kept);
    for (const id of [done, open]) {
      const identity = await runInDurableObject(conversation(id), (_instance, { storage }) =>
        storage.sql.exec<{ identity: string }>('SELECT identity FROM conversation').one(),
      );
      expect(identity.identity).not.toContain(canary);
    }
  });
});

describe('the erasure of a user', () => {
  it('is told to those who may delete the user, and there is none without a deletion', async () => {
    expect((await user.request(`/user/${user.userId}/erasure`)).status).toBe(403);
    expect((await tenant.administrator.request(`/user/${user.userId}/erasure`)).status).toBe(404);
    expect((await user.request(`/user/${user.userId}`, { method: 'DELETE' })).status).toBe(403);
    expect((await tenant.administrator.request('/user/no-such-user', { method: 'DELETE' })).status).toBe(404);
    expect((await tenant.administrator.request('/user/no-such-user/erasure')).status).toBe(404);
  });

  const FAULTS: [string, () => Fault][] = [
    ['a conversation does not answer', () => failing(Conversation.prototype, 'eraseFor')],
    ['the list of a conversation fails', () => failing(Directory.prototype, 'erase')],
    ['the memory does not forget', () => failing(Memory.prototype, 'forget')],
    ['the memory does not count', () => failing(Memory.prototype, 'count')],
    ['the memory is not emptied', () => failing(Memory.prototype, 'eraseAll')],
  ];

  it.each(FAULTS)('goes on when %s and every object dies', async (_what, fault) => {
    await converse();
    const outage = fault();
    expect((await remove()).status).toBe(204);
    await runDurableObjectAlarm(directory());
    await runDurableObjectAlarm(directory());
    expect((await erasure()).state).toBe('running');
    await abortAllDurableObjects();
    outage.end();
    expect(await finished()).toMatchObject({ state: 'finished', conversations: 2, conversations_left: 0 });
    await expectGone();
  });

  it('begins by the alarm where the request died after it had deleted the user', async () => {
    await converse();
    const outage = failing(Directory.prototype, 'startErasure');
    expect((await remove()).status).toBe(204);
    outage.end();
    const later = Date.now() + 61_000;
    vi.spyOn(Date, 'now').mockImplementation(() => later);
    await runDurableObjectAlarm(directory());
    expect(await finished()).toMatchObject({ state: 'finished', conversations: 2 });
    await expectGone();
  });

  it('does not begin where the request died before it had deleted the user', async () => {
    const [done, open] = await converse();
    await directory().requestErasure({
      user_id: user.userId,
      home: { organization: tenant.id },
      keeps: false,
    });
    const later = Date.now() + 61_000;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => later);
    await runDurableObjectAlarm(directory());
    clock.mockRestore();
    expect((await listed()).sort()).toEqual([done, open].sort());
    expect((await tenant.administrator.request(`/user/${user.userId}/erasure`)).status).toBe(404);
  });
});
