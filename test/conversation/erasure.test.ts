/** The erasure of a conversation: nothing of it is left anywhere, whatever fails or dies meanwhile. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import { Directory } from '../../src/directory/directory.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { Memory } from '../../src/memory/memory.ts';
import { memoryOf } from '../../src/objects.ts';
import { placesOf } from '../support/canary.ts';
import {
  Client,
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  testEnv,
} from '../support/client.ts';
import { alarmOf, failing, PATIENT, type Fault } from '../support/faults.ts';
import { ADMIN, ORGANIZATION, OTHER_SERVICE } from '../support/organization.ts';
import { openGate } from '../support/scripted-reasoner.ts';
import { recordingOf } from '../support/scripted-speech.ts';

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

const administrator = new Client(ADMIN);

interface Receipt {
  what: string;
  id: string;
  erased_at: string;
  messages: number;
  recordings: number;
  memories: number;
  receipt: string;
}

function erase(id: string, client = administrator): Promise<Response> {
  return client.request(`/conversation/${id}/`, { method: 'DELETE' });
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<{ code: string }>()).code];
}

async function listed(user: Client): Promise<string[]> {
  const { conversations } = await user.get<{ conversations: { id: string }[] }>('/conversation/');
  return conversations.map(({ id }) => id);
}

async function runAlarms(id: string): Promise<void> {
  while (await runDurableObjectAlarm(conversationObject(id)));
}

async function finish(user: Client, id: string): Promise<void> {
  expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
  await runAlarms(id);
}

interface Story {
  user: Client;
  /** A word that stands only in the conversation that is to be erased, and in what was learnt from it. */
  canary: string;
  id: string;
  interactionId: string;
  /** A later conversation of the user, which knows the user model. */
  later: string;
}

/** A finished conversation with a recording, of which another conversation knows. */
async function tell(): Promise<Story> {
  const user = await newUser();
  const canary = `zebra${newIdentifier(Date.now())}`;
  const { id, interactionId } = await user.begin({ initial_message: `I have a ${canary}. I like pears.` });
  const spoken = await user.interactVoice(
    id,
    recordingOf(`[say The ${canary}] I keep my ${canary} in the garden`),
  );
  expect(parseLines(await spoken.text()).at(-1)?.type).toBe('interaction-complete');
  await finish(user, id);
  const other = await user.begin({ service_id: OTHER_SERVICE, initial_message: 'hello' });
  await user.say(other.id, 'Do you remember what I keep in the garden?');
  return { user, canary, id, interactionId, later: other.id };
}

/** The logs of a conversation's turns. */
function insightsOf(id: string): Promise<unknown[]> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) =>
    storage.sql.exec('SELECT log, actions FROM interactions').toArray(),
  );
}

const OWN = ['CONVERSATION messages', 'DIRECTORY conversations', 'MEMORY memories', 'MEMORY user_model'];

describe('the erasure of a conversation', () => {
  it('leaves nothing of it in any object, bucket or KV, and says what it removed', async () => {
    const { user, canary, id, later } = await tell();
    const before = await placesOf(canary);
    expect(before).toEqual(expect.arrayContaining([...OWN, 'CONVERSATION conversation']));
    expect(JSON.stringify(await insightsOf(later))).toContain(canary);
    expect((await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/` })).objects).toHaveLength(1);
    const response = await erase(id);
    expect(response.status).toBe(200);
    const receipt = await response.json<Receipt>();
    expect(receipt).toMatchObject({ what: 'conversation', id, recordings: 1 });
    expect(receipt.messages).toBeGreaterThanOrEqual(4);
    expect(receipt.memories).toBeGreaterThanOrEqual(1);
    expect(await placesOf(canary)).toEqual([]);
    expect((await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/` })).objects).toEqual([]);
    // The user's other conversation goes on.
    expect(await listed(user)).toEqual([later]);
    expect((await user.say(later, 'how are you?')).at(-1)?.type).toBe('interaction-complete');
  });

  it('signs its receipt, which the published keys verify and no request accepts as a token', async () => {
    const { user, id } = await tell();
    const { receipt, ...told } = await (await erase(id)).json<Receipt>();
    const { exports } = await import('cloudflare:workers');
    const worker = (exports as unknown as { default: Fetcher }).default;
    const keys = await worker.fetch('http://localhost/.well-known/jwks.json');
    const jwks = createLocalJWKSet(await keys.json<JSONWebKeySet>());
    const { payload, protectedHeader } = await jwtVerify(receipt, jwks, { typ: 'erasure-receipt+jwt' });
    expect(payload).toMatchObject({ ...told, org: ORGANIZATION });
    expect(protectedHeader.alg).toBe('ES256');
    const authorization = `Bearer ${receipt}`;
    expect((await user.request('/conversation/', { headers: { authorization } })).status).toBe(401);
  });

  it('answers again with the same receipt, and to other callers as if there was no conversation', async () => {
    const { user, id } = await tell();
    const first = await (await erase(id)).json<Receipt>();
    const again = await (await erase(id)).json<Receipt>();
    expect({ ...again, receipt: '' }).toEqual({ ...first, receipt: '' });
    expect(await codeOf(await erase(id, user))).toEqual([404, 'conversation_not_found']);
    expect(await codeOf(await erase(newIdentifier(Date.now())))).toEqual([404, 'conversation_not_found']);
  });

  it('needs its permission, and changes nothing without it', async () => {
    const { user, id } = await tell();
    expect(await codeOf(await erase(id, user))).toEqual([403, 'permission_missing']);
    expect(await codeOf(await erase(id, await newUser()))).toEqual([404, 'conversation_not_found']);
    expect(await listed(user)).toContain(id);
  });

  it('keeps memories of other conversations, and makes the user model of them', async () => {
    const { user, canary, id, later } = await tell();
    await user.say(later, 'I like violins.');
    await finish(user, later);
    await erase(id);
    const memory = memoryOf(testEnv, { organization: ORGANIZATION }, user.userId);
    const model = await memory.model();
    expect(model).toContain('violins');
    expect(model).not.toContain(canary);
    expect((await memory.recall(['violins']))[0]).toContain('violins');
    expect(await placesOf(canary)).toEqual([]);
  });
});

describe('an erased conversation', () => {
  it('does not exist for any request', async () => {
    const { user, id, interactionId } = await tell();
    await erase(id);
    const requests = [
      user.request(`/conversation/${id}/messages/`),
      user.request(`/conversation/${id}/turn`),
      user.request(`/conversation/${id}/interaction/${interactionId}/stream`),
      user.request(`/conversation/${id}/interaction/${interactionId}/insights`),
      user.post(`/conversation/${id}/finish/`),
      user.post(`/conversation/${id}/tags/`, { updates: { a: 'b' }, deletes: [] }),
      user.interact(id, 'what?'),
    ];
    for (const response of await Promise.all(requests)) {
      expect(await codeOf(response)).toEqual([404, 'conversation_not_found']);
    }
  });

  it('does not come back when its create is sent again with its key', async () => {
    const user = await newUser();
    const create = () =>
      user.request('/conversation/?response_format=text', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'a-create-of-this-test' },
        body: JSON.stringify({ service_id: OTHER_SERVICE, initial_message: 'hello' }),
      });
    const [created] = parseLines(await (await create()).text());
    const id = String(created?.conversation_id);
    expect((await erase(id)).status).toBe(200);
    expect(await codeOf(await create())).toEqual([410, 'conversation_erased']);
    expect(await listed(user)).toEqual([]);
    // The place is free for another conversation.
    expect((await user.begin({ service_id: OTHER_SERVICE })).id).not.toBe(id);
  });

  it('does not come back as a chat', async () => {
    const user = await newUser();
    const path = `/service/${OTHER_SERVICE}/chat`;
    const say = (message: string) =>
      user.post(path, {
        id: 'my-chat',
        trigger: 'submit-message',
        messages: [{ id: message, role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
      });
    expect((await say('one')).status).toBe(200);
    await expect.poll(() => listed(user), PATIENT).toHaveLength(1);
    const [id = ''] = await listed(user);
    expect((await erase(id)).status).toBe(200);
    expect((await say('one')).status).toBe(410);
    expect((await say('two')).status).toBe(410);
    expect((await user.request(`${path}/my-chat`)).status).toBe(404);
    expect(await listed(user)).toEqual([]);
  });

  it('does not come back to the list by a late report', async () => {
    const { user, id, later } = await tell();
    await erase(id);
    for (let shard = 0; shard < 4; shard += 1) {
      await testEnv.DIRECTORY.getByName(`${ORGANIZATION}/${shard}`).record(id, {
        revision: 1_000,
        is_finished: true,
        completed_post_processings: [],
        final_message: 'late',
        num_messages: 1,
        tags: {},
      });
    }
    expect(await listed(user)).toEqual([later]);
  });

  it('is forgotten altogether after 30 days', async () => {
    const { id } = await tell();
    await erase(id);
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      const tombstone = storage.kv.get<{ erased_at: number }>('erased');
      storage.kv.put('erased', { ...tombstone, erased_at: Date.now() - 31 * 24 * 60 * 60_000 });
    });
    await runDurableObjectAlarm(conversationObject(id));
    const left = await runInDurableObject(conversationObject(id), (_instance, { storage }) => [
      ...storage.kv.list(),
    ]);
    expect(left).toEqual([]);
    expect(await alarmOf(id)).toBeNull();
  });
});

describe('an erasure beside other work', () => {
  it.each([
    ['before it speaks', '[choose NAME]'],
    ['while it speaks', '[say hello][wait NAME]'],
  ])('ends a turn %s, and tells its readers', async (_when, script) => {
    const user = await newUser();
    const { id } = await user.begin();
    const name = `gate${newIdentifier(Date.now())}`;
    const response = await user.interact(id, script.replace('NAME', name));
    const waiting = await user.interact(id, 'and this', 'user-message', '&if_busy=queue');
    expect((await erase(id)).status).toBe(200);
    openGate(name);
    const events = parseLines(await response.text());
    expect(events.at(-1)).toMatchObject({ type: 'error', http_error_code: 410, code: 'conversation_erased' });
    if (waiting.ok) expect(parseLines(await waiting.text()).at(-1)).toMatchObject({ type: 'error' });
    expect(await placesOf(name)).toEqual([]);
    expect(await listed(user)).toEqual([]);
  });

  it('has an analysis that still runs store nothing', async () => {
    const user = await newUser();
    const canary = `zebra${newIdentifier(Date.now())}`;
    const { id } = await user.begin({ initial_message: `I have a ${canary}. [ponder ${canary}]` });
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    const alarm = runDurableObjectAlarm(conversationObject(id));
    expect((await erase(id)).status).toBe(200);
    openGate(canary);
    await alarm;
    await runDurableObjectAlarm(conversationObject(id));
    expect(await placesOf(canary)).toEqual([]);
  });

  it('removes a recording that arrives after it', async () => {
    const { id } = await tell();
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      storage.sql.exec(
        `INSERT INTO pending_recordings (key, until) VALUES ('${ORGANIZATION}/${id}/late', ${Date.now() + 60_000})`,
      );
    });
    expect((await erase(id)).status).toBe(200);
    await testEnv.AUDIO.put(`${ORGANIZATION}/${id}/late`, 'a late recording');
    await runDurableObjectAlarm(conversationObject(id));
    expect((await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/` })).objects).toEqual([]);
    expect((await erase(id)).status).toBe(200);
  });
});

describe('an erasure that is interrupted', () => {
  const STEPS: [string, () => Fault][] = [
    ['the list', () => failing(Directory.prototype, 'erase')],
    ['the search of the bucket', () => failing(testEnv.AUDIO, 'list')],
    ['the removal of recordings', () => failing(testEnv.AUDIO, 'delete')],
    ['the memory', () => failing(Memory.prototype, 'forget')],
    ['the other conversations', () => failing(Directory.prototype, 'conversationsOf')],
    ['another conversation', () => failing(Conversation.prototype, 'forgetKnowledge')],
  ];

  it.each(STEPS)('before %s hides the conversation at once, and the alarm ends it', async (_step, fault) => {
    const { user, canary, id, later } = await tell();
    const outage = fault();
    expect(await codeOf(await erase(id))).toEqual([409, 'operation_in_progress']);
    expect(await codeOf(await user.request(`/conversation/${id}/messages/`))).toEqual([
      404,
      'conversation_not_found',
    ]);
    expect(outage.calls()).toBeGreaterThan(0);
    await abortAllDurableObjects();
    outage.end();
    expect(await alarmOf(id)).not.toBeNull();
    await runDurableObjectAlarm(conversationObject(id));
    expect(await placesOf(canary)).toEqual([]);
    expect(await listed(user)).toEqual([later]);
    const receipt = await (await erase(id)).json<Receipt>();
    expect(receipt).toMatchObject({ recordings: 1 });
    expect(receipt.memories).toBeGreaterThanOrEqual(1);
  });

  it('goes on while one of its steps fails again and again', async () => {
    const { canary, id } = await tell();
    const outage = failing(testEnv.AUDIO, 'list');
    await erase(id);
    for (let attempt = 0; attempt < 3; attempt += 1) await runDurableObjectAlarm(conversationObject(id));
    expect(await alarmOf(id)).not.toBeNull();
    outage.end();
    await runDurableObjectAlarm(conversationObject(id));
    expect(await placesOf(canary)).toEqual([]);
  });
});
