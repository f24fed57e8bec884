/** Opens databases as earlier versions of the code left them, and as a later version would, in each kind of object. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { directoryOfUser } from '../../src/directory/client.ts';
import type { Env } from '../../src/bindings.ts';
import { Directory } from '../../src/directory/directory.ts';
import app from '../../src/index.ts';
import { RateLimiter } from '../../src/limits/rate-limiter.ts';
import { Memory } from '../../src/memory/memory.ts';
import { registryKey } from '../../src/registry/keys.ts';
import conversationSql from '../fixtures/storage/format-1/conversation.sql?raw';
import conversation2Sql from '../fixtures/storage/format-2/conversation.sql?raw';
import directorySql from '../fixtures/storage/format-1/directory.sql?raw';
import limiterSql from '../fixtures/storage/format-1/limiter.sql?raw';
import memorySql from '../fixtures/storage/format-1/memory.sql?raw';
import {
  Client,
  conversationObject,
  parseLines,
  publishTestOrganization,
  testEnv,
} from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { ORGANIZATION } from '../support/organization.ts';

/** The user, the conversation and the conversation that was learnt from, as the frozen rows name them. */
const OWNER = '6b073d673774af36deda3a22';
const CONVERSATION = '692481006275aa13620b6ac5';
const LEARNT = '69248100bbbbbbbbbbbbbbbb';
const VOICE_KEY = '69248100aaaaaaaaaaaaaaaa';

const owner = new Client(OWNER);
const conversation = conversationObject(CONVERSATION);
const directory = directoryOfUser(testEnv, { id: ORGANIZATION, directory_shards: 4 }, OWNER);
const memory = testEnv.MEMORY.getByName(`${ORGANIZATION}/${OWNER}`);
const limiter = testEnv.LIMITER.getByName(`${ORGANIZATION}/${OWNER}`);
const { RATE_LIMITS: _off, ...limitedEnv } = testEnv;

const DATABASES: readonly [name: string, stub: DurableObjectStub, sql: string][] = [
  ['conversation', conversation, conversationSql],
  ['directory', directory, directorySql],
  ['memory', memory, memorySql],
  ['limiter', limiter, limiterSql],
];

function inStorage<T>(stub: DurableObjectStub, work: (storage: DurableObjectStorage) => T | Promise<T>) {
  return runInDurableObject(stub, (_instance, { storage }) => work(storage));
}

/** Replaces what an object stores. The object starts anew with it. */
async function install(stub: DurableObjectStub, sql: string): Promise<void> {
  await inStorage(stub, async (storage) => {
    await storage.deleteAll();
    storage.sql.exec(sql);
  });
  await evict(stub);
}

/** Everything that an object's own tables hold, with their schema. */
function contentOf(storage: DurableObjectStorage): unknown {
  const entries = storage.sql
    .exec<{ name: string; type: string; sql: string | null }>(
      `SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .toArray();
  const tables = entries.filter(({ type, name }) => type === 'table' && !name.startsWith('memory_index_'));
  return [entries, tables.map(({ name }) => storage.sql.exec(`SELECT * FROM "${name}"`).toArray())];
}

function storedVersion(stub: DurableObjectStub, name: string): Promise<unknown> {
  return inStorage(stub, ({ sql }) => sql.exec(`SELECT version FROM ${name}_version`).one().version);
}

/** A turn through the whole edge, with the limits on. */
async function limitedTurn(text: string): Promise<Response> {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', text);
  const path = `/v1/${ORGANIZATION}/conversation/${CONVERSATION}/interact?request_format=text&response_format=text`;
  const headers = { authorization: await owner.authorization() };
  const request = new Request(`http://localhost${path}`, { method: 'POST', body, headers });
  const incoming = request as Request<unknown, IncomingRequestCfProperties>;
  return app.fetch(incoming, limitedEnv, {} as ExecutionContext);
}

type Sent = [text: string, sender: string, sender_user_id: string | null];

async function messages(): Promise<Sent[]> {
  const path = `/conversation/${CONVERSATION}/messages/?sort_by=%2Bcreated_at`;
  const page = await owner.get<{ messages: Record<'message' | 'sender' | 'sender_user_id', string>[] }>(path);
  return page.messages.map(({ message, sender, sender_user_id }) => [message, sender, sender_user_id]);
}

beforeAll(async () => {
  await publishTestOrganization();
  const user = { id: OWNER, name: 'Olga Owner', role: 'DefaultUserRole', preferred_language: null };
  await testEnv.REGISTRY.put(registryKey.user(ORGANIZATION, OWNER), JSON.stringify(user));
});

beforeEach(async () => {
  for (const [, stub, sql] of DATABASES) await install(stub, sql);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const FROZEN: Sent[] = [
  ['Hello', 'Olga Owner', null],
  ['Hello. Would you like apples or pears?', 'Finn', null],
  ['what?', 'Olga Owner', null],
  ['I am sorry, I have no answer to that. Hello. Would you like apples or pears?', 'Finn', null],
];

describe('databases of format 1', () => {
  it('can continue a conversation to its end, with limits on', async () => {
    expect(await messages()).toEqual(FROZEN);
    expect(parseLines(await (await limitedTurn('how?')).text()).at(-1)?.type).toBe('interaction-complete');
    await evict(conversation);
    const all = await messages();
    expect(all.slice(0, 4)).toEqual(FROZEN);
    expect(all[4]).toEqual(['how?', 'Olga Owner', OWNER]);
    expect((await owner.post(`/conversation/${CONVERSATION}/finish/`)).status).toBe(204);
    const { conversations } = await owner.get<{ conversations: Record<string, unknown>[] }>('/conversation/');
    expect(conversations).toMatchObject([{ id: CONVERSATION, is_finished: true, num_messages: 6 }]);
    expect(await storedVersion(conversation, 'conversation')).toBe(4);
    expect(await storedVersion(directory, 'directory')).toBe(6);
  });

  it('are not written by reading a conversation', async () => {
    const before = await inStorage(conversation, contentOf);
    expect(await messages()).toEqual(FROZEN);
    expect(await inStorage(conversation, contentOf)).toEqual(before);
  });

  it('have the insights of a turn, and the recording of a message', async () => {
    const [first] = (
      await owner.get<{ messages: { id: string; interaction_id: string; format: string }[] }>(
        `/conversation/${CONVERSATION}/messages/?sort_by=%2Bcreated_at&limit=3`,
      )
    ).messages.slice(2);
    const recording = await inStorage(conversation, ({ sql }) =>
      sql.exec('SELECT key FROM recordings').one(),
    );
    expect(recording.key).toBe(`${ORGANIZATION}/${CONVERSATION}/${VOICE_KEY}`);
    const source = await owner.get<{ url: string; content_type: string }>(
      `/conversation/${CONVERSATION}/messages/${first?.id}/source`,
    );
    expect(source.content_type).toBe('audio/wav');
  });

  it('accept changes outside turns: tags, which the list finds afterwards', async () => {
    const changed = await owner.post(`/conversation/${CONVERSATION}/tags`, { updates: { kind: 'milk' } });
    expect([changed.status, await storedVersion(conversation, 'conversation')]).toEqual([204, 4]);
    const terms = await inStorage(directory, ({ sql }) =>
      sql
        .exec<{ term: string }>('SELECT term FROM tags ORDER BY term')
        .toArray()
        .map(({ term }) => term),
    );
    expect(terms).toEqual(['kind:*', 'kind:=milk']);
  });

  it('recall memories, and add to the user model only new conversations', async () => {
    expect(await memory.recall(['tea'])).toEqual(['I like green tea.']);
    expect((await memory.modelBefore(LEARNT)).includes_conversation).toBe(true);
    expect(await memory.setModel(CONVERSATION, 'Likes tea and milk.', LEARNT)).toBe(true);
    expect((await memory.modelBefore(LEARNT)).includes_conversation).toBe(true);
    expect(await storedVersion(memory, 'memory')).toBe(4);
  });

  it('continue the counts of a limiter', async () => {
    const now = Date.now();
    await install(limiter, limiterSql.replace('[1764000000000]', JSON.stringify([now, now + 1])));
    const decision = await limiter.admit(`${ORGANIZATION}/${OWNER}`, 'interact-with-conversation', 2);
    expect(decision.allowed).toBe(false);
  });
});

describe('a conversation of format 2', () => {
  beforeEach(() => install(conversation, conversation2Sql));

  it('keeps its messages and their senders, and is of format 3 after its first write', async () => {
    const before = await messages();
    expect(before[0]).toEqual(['Hello', 'Olga Owner', OWNER]);
    expect(await storedVersion(conversation, 'conversation')).toBe(2);
    expect(await limitedTurn('how?').then((response) => response.text())).toContain('interaction-complete');
    expect(await storedVersion(conversation, 'conversation')).toBe(4);
    await evict(conversation);
    expect((await messages()).slice(0, 4)).toEqual(before);
  });

  it('streams its interactions, whose pieces were not kept, in one piece', async () => {
    const interaction = '692481002fffa65e00000002';
    const path = `/conversation/${CONVERSATION}/interaction/${interaction}/stream`;
    const stored = await inStorage(conversation, contentOf);
    const events = parseLines(await (await owner.request(path)).text());
    expect(events[0]).toMatchObject({ type: 'user-message-available', user_message: 'what?', cursor: 1 });
    expect(events.filter(({ type }) => type === 'new-message')).toMatchObject([
      { message: FROZEN[3]?.[0], stop: true },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete', full_message: FROZEN[3]?.[0] });
    expect(await inStorage(conversation, contentOf)).toEqual(stored);
  });
});

describe('a database from before versions were kept, with the tables of format 2', () => {
  it('gets its version with the next write, and keeps its rows', async () => {
    await limitedTurn('how?').then((response) => response.text());
    await memory.learn(CONVERSATION, [{ text: 'I like milk.', message_ids: [] }]);
    await install(conversation, conversation2Sql);
    for (const [name, stub] of DATABASES.slice(0, 3)) {
      await inStorage(stub, ({ sql }) => sql.exec(`DROP VIEW ${name}_version`));
      await evict(stub);
    }
    const before = await messages();
    expect(await limitedTurn('why?').then((response) => response.text())).toContain('interaction-complete');
    expect((await messages()).slice(0, before.length)).toEqual(before);
    expect(await memory.recall(['milk'])).toEqual(['I like milk.']);
    const versions = DATABASES.slice(0, 3).map(([name, stub]) => storedVersion(stub, name));
    expect(await Promise.all(versions)).toEqual([4, 6, 4]);
  });
});

describe('a database of a later version', () => {
  /** Has the tables of a schema be of version 99. */
  function makeLater({ sql }: DurableObjectStorage, schema: string): void {
    sql.exec(`DROP VIEW IF EXISTS ${schema}_version; CREATE VIEW ${schema}_version AS SELECT 99 AS version`);
  }

  async function laterConversation(): Promise<unknown> {
    const before = await inStorage(conversation, (storage) => {
      makeLater(storage, 'conversation');
      return contentOf(storage);
    });
    await evict(conversation);
    return before;
  }

  /** Begins to collect the lines of the log that tell of a later version. */
  function watchLog(): () => Record<string, unknown>[] {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    return () =>
      log.mock.calls
        .map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)
        .filter(({ event }) => event === 'storage_newer_than_code');
  }

  it('is neither read nor written if it is a conversation, and the log has its version', async () => {
    const before = await laterConversation();
    const logged = watchLog();
    expect((await owner.interact(CONVERSATION, 'how?')).status).toBe(500);
    expect((await owner.request(`/conversation/${CONVERSATION}/messages/`)).status).toBe(500);
    expect((await owner.post(`/conversation/${CONVERSATION}/finish/`)).status).toBe(500);
    const error = { error: 'NewerStorageError', schema: 'conversation', stored: 99, known: 4 };
    expect(logged()[0]).toMatchObject(error);
    expect(await inStorage(conversation, contentOf)).toEqual(before);
  });

  it('keeps its alarm if it is a conversation, so that the later code continues', async () => {
    const before = await laterConversation();
    watchLog();
    await inStorage(conversation, (storage) => storage.setAlarm(Date.now() + 60_000));
    await evict(conversation);
    expect(await runDurableObjectAlarm(conversation)).toBe(true);
    expect(await inStorage(conversation, (storage) => storage.getAlarm())).not.toBeNull();
    expect(await inStorage(conversation, contentOf)).toEqual(before);
  });

  const laterDirectory = testEnv.DIRECTORY.getByName('later/0');
  const laterMemory = testEnv.MEMORY.getByName('later/user');
  const laterLimiter = testEnv.LIMITER.getByName('later/user');

  it.each<[string, DurableObjectStub, new (ctx: DurableObjectState, env: Env) => object, () => unknown]>([
    ['directory', laterDirectory, Directory, () => laterDirectory.hasFinished(OWNER, 'service')],
    ['memory', laterMemory, Memory, () => laterMemory.learn(CONVERSATION, [])],
    ['limiter', laterLimiter, RateLimiter, () => laterLimiter.admit('name', 'operation', 1)],
  ])('is not written, and every call fails and is logged: %s', async (schema, stub, Kind, call) => {
    const refusal = `The storage of ${schema} has version 99`;
    const logged = watchLog();
    await install(stub, DATABASES.find(([name]) => name === schema)?.[2] ?? '');
    await runInDurableObject(stub, (_instance, state) => {
      makeLater(state.storage, schema);
      const before = contentOf(state.storage);
      expect(() => new Kind(state, testEnv)).toThrow(refusal);
      expect(contentOf(state.storage)).toEqual(before);
    });
    await evict(stub);
    await expect(async () => call()).rejects.toThrow(refusal);
    expect(logged()).toMatchObject([{ schema, stored: 99 }, { schema }]);
  });
});
