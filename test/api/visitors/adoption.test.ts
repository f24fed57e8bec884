/** Adoption: a user who has signed in takes over the conversations that their browser has held as a visitor. */
import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { directoryOfUser } from '../../../src/directory/client.ts';
import app from '../../../src/index.ts';
import { newIdentifier } from '../../../src/identifiers.ts';
import { Memory } from '../../../src/memory/memory.ts';
import { memoryOf } from '../../../src/objects.ts';
import { publishUsers } from '../../../src/registry/publish.ts';
import { Registry } from '../../../src/registry/object/registry.ts';
import { Client, parseLines, testEnv } from '../../support/client.ts';
import { failing } from '../../support/faults.ts';
import { ADMIN, SERVICE } from '../../support/organization.ts';
import { begin, codeOf, get, headersOf, post, publish, say, type Session } from '../../support/visitors.ts';

const OPEN = 'adopting';
const CANARY = 'marzipan';

let user: Client;
let visitor: Session;

beforeAll(async () => {
  await publish(OPEN, { proof_of_work: false });
});

beforeEach(async () => {
  user = await newUser();
  visitor = await begin(OPEN);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function newUser(role = 'DefaultUserRole', preferences = {}): Promise<Client> {
  const id = newIdentifier(Date.now());
  await publishUsers(testEnv.REGISTRY, OPEN, [{ id, name: 'Una User', role, preferences }]);
  return new Client(id, OPEN);
}

const administrator = () => new Client(ADMIN, OPEN);
const conversation = (id: string) => testEnv.CONVERSATION.getByName(`${OPEN}/${id}`);
const directory = (id: string) => directoryOfUser(testEnv, { id: OPEN, directory_shards: 4 }, id);

/** Begins a conversation as a visitor. */
async function speak(as = visitor, text = `I like ${CANARY}.`): Promise<{ id: string; interaction: string }> {
  const body = { service_id: SERVICE, initial_message: text, initial_message_type: 'user-message' };
  const answer = await post(OPEN, '/conversation/?response_format=text', body, { token: as.id_token });
  const events = parseLines(await answer.text());
  const interaction = String(events.at(-1)?.['interaction_id']);
  return { id: String(events[0]?.['conversation_id']), interaction };
}

function finish(id: string, as = visitor): Promise<Response> {
  return post(OPEN, `/conversation/${id}/finish/`, {}, { token: as.id_token });
}

interface Adopted {
  adopted: string[];
  conversations: number;
}

function adopt(
  by = user,
  token = visitor.visitor_token,
  more: object = {},
  id = by.userId,
): Promise<Response> {
  return by.post(`/user/${id}/adopt`, { visitor_token: token, ...more });
}

async function adopted(by = user, token = visitor.visitor_token): Promise<Adopted> {
  const answer = await adopt(by, token);
  expect(answer.status).toBe(200);
  return answer.json<Adopted>();
}

async function listed(by = user, query = ''): Promise<string[]> {
  const { conversations } = await by.get<{ conversations: { id: string }[] }>(`/conversation/${query}`);
  return conversations.map(({ id }) => id);
}

describe('a user who has adopted a visitor', () => {
  it('lists, reads, goes on with and ends the conversation of the visitor', async () => {
    const { id, interaction } = await speak();
    expect(await adopted()).toEqual({ adopted: [visitor.user_id], conversations: 1 });
    expect(await listed()).toEqual([id]);
    expect(await listed(user, `?user_id=${user.userId}`)).toEqual([id]);
    expect(await listed(administrator(), `?user_id=${user.userId}`)).toEqual([id]);
    const { messages } = await user.get<{ messages: object[] }>(`/conversation/${id}/messages/`);
    expect(messages.length).toBeGreaterThan(1);
    expect((await user.request(`/conversation/${id}/turn`)).status).toBe(200);
    const of = `/conversation/${id}/interaction/${interaction}`;
    expect((await user.request(`${of}/insights`)).status).toBe(200);
    expect((await user.request(`${of}/stream`)).status).toBe(200);
    expect((await user.post(`/conversation/${id}/tags/`, { updates: { kind: 'old' } })).status).toBe(204);
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
  });

  it('pages through their own conversations and those of visitors, each of them once', async () => {
    const ids = [];
    for (let count = 0; count < 3; count += 1) {
      const one = await begin(OPEN);
      const { id } = await speak(one);
      ids.push(id);
      await finish(id, one);
      await adopted(user, one.visitor_token);
      const own = await user.begin();
      ids.push(own.id);
      await user.post(`/conversation/${own.id}/finish/`);
    }
    const found: string[] = [];
    let token = '';
    for (let page = 0; page < 10; page += 1) {
      const answer = await user.get<{
        conversations: { id: string }[];
        has_more: boolean;
        continuation_token: number;
      }>(`/conversation/?limit=2${token}`);
      found.push(...answer.conversations.map(({ id }) => id));
      if (!answer.has_more) break;
      token = `&continuation_token=${answer.continuation_token}`;
    }
    expect(found).toEqual(ids.toReversed());
  });

  it('has one unfinished conversation of a service: that of the visitor is in the way of another one', async () => {
    const { id } = await speak();
    await adopted();
    const refused = await user.create();
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { code: 'conversation_open', conversation_id: id },
    ]);
    const resumed = parseLines(await (await user.create({}, '&on_unfinished=resume')).text());
    expect(resumed[0]?.['conversation_id']).toBe(id);
    const created = parseLines(await (await user.create({}, '&on_unfinished=finish')).text());
    expect(created[0]?.['conversation_id']).not.toBe(id);
    expect(await listed(user, '?is_finished=true')).toEqual([id]);
  });

  it('is a returning user where the visitor has finished a conversation', async () => {
    const { id } = await speak();
    await finish(id);
    await adopted();
    const first = async (of: Client) => {
      const { id: begun } = await of.begin();
      const { messages } = await of.get<{ messages: { message: string }[] }>(
        `/conversation/${begun}/messages/`,
      );
      return messages.at(-1)?.message;
    };
    const welcome = await first(user);
    expect(welcome).not.toBe(await first(await newUser()));
  });

  it('remembers what the visitor has said, once for each conversation', async () => {
    const { id } = await speak();
    await finish(id);
    await runDurableObjectAlarm(conversation(id));
    const memory = () => memoryOf(testEnv, { organization: OPEN }, user.userId).all();
    await adopted();
    const learnt = await memory();
    expect(learnt.map(({ text }) => text).join(' ')).toContain(CANARY);
    await adopted();
    expect(await memory()).toEqual(learnt);
  });

  it('remembers what is learnt of the visitor’s conversation after the adoption', async () => {
    const { id } = await speak();
    await adopted();
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    await runDurableObjectAlarm(conversation(id));
    const memories = await memoryOf(testEnv, { organization: OPEN }, user.userId).all();
    expect(memories.map(({ text }) => text).join(' ')).toContain(CANARY);
  });

  it('exports the conversations of the visitor, also from a cursor among them', async () => {
    const { id } = await speak();
    await adopted();
    const read = async (after = '') => {
      const text = await (await user.request(`/user/${user.userId}/export${after}`)).text();
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as { kind: string; cursor: string; conversation_id?: string });
    };
    const lines = await read();
    const first = lines.findIndex((line) => line.conversation_id === id);
    expect(first).toBeGreaterThan(-1);
    const rest = await read(`?after=${lines[first]?.cursor}`);
    expect(rest).toEqual(lines.slice(first + 1));
  });

  it('hides the conversations of the visitor from others with their own', async () => {
    const shy = await newUser('DefaultUserRole', { conversations_visible_to_admins: false });
    const { id } = await speak();
    await adopted(shy);
    await vi.waitFor(async () => {
      expect((await administrator().request(`/conversation/${id}/messages/`)).status).toBe(404);
    });
    expect(await listed(shy)).toEqual([id]);
  });

  it('has adopted a visitor who never spoke', async () => {
    expect(await adopted()).toEqual({ adopted: [visitor.user_id], conversations: 0 });
  });

  it('gets the same answer when they repeat it, also at the same time', async () => {
    await speak();
    const answers = await Promise.all([adopted(), adopted(), adopted()]);
    for (const answer of [...answers, await adopted()])
      expect(answer).toEqual({ adopted: [visitor.user_id], conversations: 1 });
  });
});

describe('a visitor who was adopted', () => {
  it('begins no conversation, and gets no token for the visitor token', async () => {
    await adopted();
    expect(await codeOf(say(OPEN, SERVICE, { token: visitor.id_token }))).not.toEqual([201, undefined]);
    const { RATE_LIMITS: _off, ...limited } = testEnv;
    const request = new Request(`http://localhost/v1/${OPEN}/conversation/`, {
      headers: headersOf({ token: visitor.id_token }),
    });
    const refused = await app.fetch(
      request as Request<unknown, IncomingRequestCfProperties>,
      limited,
      {} as ExecutionContext,
    );
    expect(await codeOf(refused)).toEqual([401, 'credentials_invalid']);
    const again = await post(OPEN, '/visitor/', {
      service_id: SERVICE,
      visitor_token: visitor.visitor_token,
    });
    expect([again.status, (await again.json<Session>()).user_id === visitor.user_id]).toEqual([201, false]);
  });
});

describe('an adoption', () => {
  it('is refused without both credentials', async () => {
    const { visitor_token, id_token } = visitor;
    const other = await newUser();
    const path = `/user/${user.userId}/adopt`;
    expect(await codeOf(user.post(path, {}))).toEqual([422, 'request_invalid']);
    expect(await codeOf(post(OPEN, path, { visitor_token }))).toEqual([401, 'credentials_invalid']);
    expect(await codeOf(post(OPEN, path, { visitor_token }, { token: id_token }))).toEqual([
      403,
      'permission_missing',
    ]);
    expect(
      await codeOf(post(OPEN, `/user/${visitor.user_id}/adopt`, { visitor_token }, { token: id_token })),
    ).toEqual([404, 'user_not_found']);
    expect(await codeOf(adopt(other, visitor_token, {}, user.userId))).toEqual([403, 'permission_missing']);
    expect(await listed()).toEqual([]);
  });

  it.each(['nonsense', 'a.b.c', ''])('is refused with the visitor token %o', async (token) => {
    expect(await codeOf(adopt(user, token))).toEqual([403, 'visitor_token_invalid']);
  });

  it('is refused with the visitor’s other token, and with one of another organization', async () => {
    const other = await publish('adopting-elsewhere', { proof_of_work: false });
    const { visitor_token } = await begin(other);
    for (const token of [visitor.id_token, visitor_token])
      expect(await codeOf(adopt(user, token))).toEqual([403, 'visitor_token_invalid']);
  });

  it('is made by an administrator, for a user who exists', async () => {
    expect((await adopt(administrator(), visitor.visitor_token, {}, user.userId)).status).toBe(200);
    const { visitor_token } = await begin(OPEN);
    expect(await codeOf(adopt(administrator(), visitor_token, {}, 'f'.repeat(24)))).toEqual([
      404,
      'user_not_found',
    ]);
  });

  it('is refused to a second user', async () => {
    const { id } = await speak();
    const other = await newUser();
    await adopted();
    expect(await codeOf(adopt(other))).toEqual([409, 'visitor_adopted']);
    expect(await listed(other)).toEqual([]);
    expect(await codeOf(other.request(`/conversation/${id}/messages/`))).toEqual([
      404,
      'conversation_not_found',
    ]);
  });

  it('is made by one of two users who ask at the same time', async () => {
    const other = await newUser();
    const answers = await Promise.all([adopt(), adopt(other)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('is refused while both have an unfinished conversation of the service, and leaves everything as it was', async () => {
    const { id } = await speak();
    await user.begin();
    const refused = await adopt();
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'visitor_conversation_open', conversation_id: id },
    ]);
    expect(await listed()).not.toContain(id);
    await finish(id);
    // The visitor may still begin another one.
    expect((await say(OPEN, SERVICE, { token: visitor.id_token })).status).toBe(201);
  });

  it('finishes the conversation of the visitor where that is asked for', async () => {
    const { id } = await speak();
    const own = await user.begin();
    expect((await adopt(user, visitor.visitor_token, { on_unfinished: 'finish' })).status).toBe(200);
    expect(await listed(user, '?is_finished=true')).toEqual([id]);
    expect(await listed(user, '?is_finished=false')).toEqual([own.id]);
  });

  it('is refused while an adopted visitor’s conversation is unfinished, too', async () => {
    await speak();
    await adopted();
    const second = await begin(OPEN);
    await speak(second);
    expect(await codeOf(adopt(user, second.visitor_token))).toEqual([409, 'visitor_conversation_open']);
  });

  it('ends at 20 visitors', async () => {
    for (let count = 0; count < 20; count += 1) {
      const { visitor_token } = await begin(OPEN);
      expect((await adopt(user, visitor_token)).status).toBe(200);
    }
    expect(await codeOf(adopt())).toEqual([400, 'quota_reached']);
  });

  it('may be repeated after a failure at any step', async () => {
    const { id } = await speak();
    await finish(id);
    await runDurableObjectAlarm(conversation(id));
    const steps = [
      [Registry.prototype, 'change'],
      [Memory.prototype, 'page'],
      [Memory.prototype, 'adopt'],
    ] as const;
    for (const [target, method] of steps) {
      const fault = failing(target, method);
      expect((await adopt()).status).toBeGreaterThanOrEqual(500);
      fault.end();
      await abortAllDurableObjects();
    }
    expect(await adopted()).toEqual({ adopted: [visitor.user_id], conversations: 1 });
    const memories = await memoryOf(testEnv, { organization: OPEN }, user.userId).all();
    expect(memories.map(({ text }) => text).join(' ')).toContain(CANARY);
  });

  it('holds for the next request, and after a file was published', async () => {
    const { id } = await speak();
    await listed();
    await adopted();
    expect(await listed()).toEqual([id]);
    await publish(OPEN, { proof_of_work: false });
    await publishUsers(testEnv.REGISTRY, OPEN, [
      { id: newIdentifier(Date.now()), name: 'A', role: 'DefaultUserRole' },
    ]);
    expect(await listed()).toEqual([id]);
  });
});

describe('the deletion of a user who has adopted visitors', () => {
  async function erased(): Promise<{ state: string; conversations: number; memories: number }> {
    for (let run = 0; run < 20; run += 1) {
      const erasure = await administrator().get<{ state: string; conversations: number; memories: number }>(
        `/user/${user.userId}/erasure`,
      );
      if (erasure.state === 'finished') return erasure;
      await runDurableObjectAlarm(directory(user.userId));
      await runDurableObjectAlarm(directory(visitor.user_id));
    }
    throw new Error('The erasure does not end.');
  }

  it('erases the conversations of the visitors, also when everything dies between its steps', async () => {
    const { id } = await speak();
    await finish(id);
    await runDurableObjectAlarm(conversation(id));
    await adopted();
    const own = await user.begin();
    const deleted = await administrator().request(`/user/${user.userId}`, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    await runDurableObjectAlarm(directory(user.userId));
    await abortAllDurableObjects();
    await runDurableObjectAlarm(directory(user.userId));
    await abortAllDurableObjects();
    expect(await erased()).toMatchObject({ state: 'finished', conversations: 2 });
    for (const one of [id, own.id])
      expect(await codeOf(administrator().request(`/conversation/${one}/messages/`))).toEqual([
        404,
        'conversation_not_found',
      ]);
    for (const one of [user.userId, visitor.user_id]) {
      expect(await directory(one).countOf(one, 0)).toBe(0);
      expect(await memoryOf(testEnv, { organization: OPEN }, one).count()).toBe(0);
    }
    expect(await codeOf(get(OPEN, '/conversation/', { token: visitor.id_token }))).not.toEqual([200, id]);
  });

  it('has the memory of the user forget a conversation of the visitor that is erased alone', async () => {
    const { id } = await speak();
    await finish(id);
    await runDurableObjectAlarm(conversation(id));
    await adopted();
    const erasedOne = await administrator().request(`/conversation/${id}`, { method: 'DELETE' });
    expect(erasedOne.status).toBe(200);
    for (const one of [user.userId, visitor.user_id])
      expect(await memoryOf(testEnv, { organization: OPEN }, one).count()).toBe(0);
  });
});
