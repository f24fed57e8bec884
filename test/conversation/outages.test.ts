/** Outages of the Directory: what a conversation owes it is delivered when it is back, and no user is locked out. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { takePlace } from '../../src/conversation/reservation.ts';
import { directoryOfUser } from '../../src/directory/client.ts';
import { Directory } from '../../src/directory/directory.ts';
import { TOO_MANY_PAGES } from '../../src/directory/page-queue.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import {
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  testEnv,
  type Client,
} from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { alarmOf, failing, hanging, hurried, unanswered, PATIENT } from '../support/faults.ts';
import { ORGANIZATION, SERVICE } from '../support/organization.ts';

interface Listed {
  id: string;
  is_finished: boolean;
  is_analyzed: boolean;
  num_messages: number;
}

/** An analysis that has not begun. */
const PENDING = JSON.stringify({ status: 'pending', completed: [], attempts: 0 });

// Each test runs many alarms: a machine that is busy with others takes its time.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

async function list(user: Client): Promise<Listed[]> {
  return (await user.get<{ conversations: Listed[] }>('/conversation/')).conversations;
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<{ code: string }>()).code];
}

/** Runs alarms until none is left, as time would. */
async function runAlarms(id: string): Promise<void> {
  while (await runDurableObjectAlarm(conversationObject(id)));
}

/** Runs the alarm that is set, or that the one that is running will set. */
async function runAlarm(id: string): Promise<void> {
  await expect.poll(() => runDurableObjectAlarm(conversationObject(id)), PATIENT).toBe(true);
}

/** Sets what an outage left behind in an earlier version: the platform dropped the alarm, and the object was evicted. */
async function dropAlarm(id: string): Promise<void> {
  await runInDurableObject(conversationObject(id), (_instance, { storage }) => storage.deleteAlarm());
  await evict(conversationObject(id));
}

function directoryOf(user: Client): DurableObjectStub<Directory> {
  return directoryOfUser(testEnv, { id: ORGANIZATION, directory_shards: 4 }, user.userId);
}

async function statusOfAnalysis(id: string): Promise<string> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) => {
    const { analysis } = storage.sql.exec<{ analysis: string }>('SELECT analysis FROM conversation').one();
    return (JSON.parse(analysis) as { status: string }).status;
  });
}

describe('an outage of the Directory', () => {
  it('ends in a list that knows everything, however many alarms it lasted', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I have two horses.' });
    const outage = failing(Directory.prototype, 'record');
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    for (let alarm = 0; alarm < 8; alarm += 1) {
      await runAlarm(id);
      await evict(conversationObject(id));
    }
    outage.end();
    await runAlarms(id);
    expect(await list(user)).toMatchObject([{ id, is_finished: true, is_analyzed: true }]);
  });

  it('does not hold up the analysis', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    failing(Directory.prototype, 'record');
    await user.post(`/conversation/${id}/finish/`);
    await expect.poll(() => statusOfAnalysis(id), PATIENT).toBe('done');
  });

  it('holds up neither the analysis nor the next alarm when it hangs', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    hanging(Directory.prototype, 'record');
    hurried();
    await user.post(`/conversation/${id}/finish/`);
    await expect.poll(() => statusOfAnalysis(id), PATIENT).toBe('done');
    await expect.poll(() => alarmOf(id), PATIENT).not.toBeNull();
    vi.restoreAllMocks();
    await runAlarms(id);
    expect(await list(user)).toMatchObject([{ is_finished: true, is_analyzed: true }]);
  });

  it('has the alarm come later each time, up to ten minutes, through evictions', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    failing(Directory.prototype, 'record');
    await user.say(id, 'what?');
    const pauses: number[] = [];
    for (let alarm = 0; alarm < 9; alarm += 1) {
      await runDurableObjectAlarm(conversationObject(id));
      pauses.push(Math.round((((await alarmOf(id)) ?? 0) - Date.now()) / 10_000) * 10);
      await evict(conversationObject(id));
    }
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
    vi.restoreAllMocks();
    await runAlarms(id);
    // The next outage begins with a short pause again.
    failing(Directory.prototype, 'record');
    await user.say(id, 'how?');
    await runDurableObjectAlarm(conversationObject(id));
    expect(((await alarmOf(id)) ?? 0) - Date.now()).toBeLessThanOrEqual(10_000);
  });

  it('lets a create fail with 503, within seconds, and leaves nothing of it', async () => {
    const user = await newUser();
    for (const fault of [failing, hanging]) {
      const outage = fault(Directory.prototype, 'reserve');
      const hurry = hurried();
      const refused = await user.create();
      expect(refused.headers.get('retry-after')).not.toBeNull();
      expect(await codeOf(refused)).toEqual([503, 'service_overloaded']);
      outage.end();
      hurry.end();
    }
    await user.begin();
    expect(await list(user)).toHaveLength(1);
  });

  it('lets the list fail with 503, within seconds', async () => {
    const user = await newUser();
    hanging(Directory.prototype, 'page');
    hurried();
    expect(await codeOf(await user.request('/conversation/'))).toEqual([503, 'service_overloaded']);
  });

  it('refuses a page of the list with 503 where too many wait for it, and says why', async () => {
    const user = await newUser();
    vi.spyOn(Directory.prototype, 'page').mockRejectedValue(new Error(TOO_MANY_PAGES));
    const refused = await user.request('/conversation/');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await refused.text()).toContain('Too many pages of this list are being read.');
  });

  it('leaves conversation starters those of a new user', async () => {
    const user = await newUser();
    failing(Directory.prototype, 'hasFinished');
    const body = {
      service_id: SERVICE,
      facets: ['apples'],
      min_count: 1,
      max_count: 1,
      generation_instructions: 'Short.',
    };
    expect((await user.post('/conversation/conversation_starter', body)).status).toBe(200);
  });
});

describe('a create that finds an unfinished conversation in the list', () => {
  it('goes on when that one was finished meanwhile, and puts the list right', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const outage = failing(Directory.prototype, 'record');
    await user.say(id, 'goodbye');
    outage.end();
    await dropAlarm(id);
    const next = await user.begin();
    expect(await list(user)).toMatchObject([
      { id: next.id, is_finished: false },
      { id, is_finished: true, num_messages: 3 },
    ]);
  });

  it('names that one when it was created and not delivered, and puts the list right', async () => {
    const user = await newUser();
    const outage = failing(Directory.prototype, 'record');
    const { id } = await user.begin();
    outage.end();
    await dropAlarm(id);
    expect(await list(user)).toEqual([]);
    const refused = await user.create();
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'conversation_open', conversation_id: id });
    expect(await list(user)).toMatchObject([{ id, is_finished: false, num_messages: 1 }]);
  });

  it('names that one when it is open', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const refused = await user.create();
    expect(await refused.json()).toMatchObject({ code: 'conversation_open', conversation_id: id });
  });

  it('takes the place of a reservation that no conversation stands behind', async () => {
    const user = await newUser();
    const versions = { name: 'release', agent: ['a', 1], graph: ['g', 1], llm_model_preferences: {} };
    for (const state of ['creating', 'open']) {
      const conversation_id = `${state}-and-gone`.padEnd(24, '0');
      await directoryOf(user).reserve({
        conversation_id,
        user_id: user.userId,
        service_id: SERVICE,
        versions: versions as never,
        tags: {},
        shard: 0,
      });
      if (state === 'open') {
        await directoryOf(user).record(conversation_id, {
          revision: 1,
          is_finished: false,
          completed_post_processings: [],
          final_message: '',
          num_messages: 1,
          tags: {},
        });
      }
      const clock = vi
        .spyOn(Date, 'now')
        .mockReturnValue(Date.now() + (state === 'creating' ? 25_000 : 60_000));
      const { id } = await user.begin();
      clock.mockRestore();
      await user.post(`/conversation/${id}/finish/`);
    }
    expect((await list(user)).map(({ is_finished }) => is_finished)).toEqual([true, true]);
  });

  it('is admitted after a create whose reservation was made and whose answer was lost', async () => {
    const user = await newUser();
    const fault = unanswered(Directory.prototype, 'reserve');
    expect((await user.create()).status).toBe(503);
    fault.end();
    await user.begin();
    expect(await list(user)).toHaveLength(1);
  });

  it('is admitted when a reservation is old behind which nothing ever began, and not before', async () => {
    const user = await newUser();
    const lost = unanswered(Directory.prototype, 'reserve');
    const down = failing(Directory.prototype, 'release');
    expect((await user.create()).status).toBe(503);
    await expect.poll(() => down.calls(), PATIENT).toBe(1);
    lost.end();
    down.end();
    expect(await codeOf(await user.create())).toEqual([409, 'operation_in_progress']);
    const now = Date.now();
    // Reservations of the shard may be ahead of the clock by what the test before has put it forward.
    vi.spyOn(Date, 'now').mockReturnValue(now + 120_000);
    await user.begin();
    expect(await list(user)).toHaveLength(1);
  });
});

describe('a create that begins too late', () => {
  it('stores nothing and gives its place back: another create may have taken it', async () => {
    const user = await newUser();
    const id = newIdentifier(Date.now() - 18_000);
    const identity = {
      id,
      organization: ORGANIZATION,
      directory_shards: 4,
      user_id: user.userId,
      user_name: 'Una',
      service_id: SERVICE,
      language: null,
      versions: { name: 'release', agent: ['a', 1], graph: ['g', 1], llm_model_preferences: {} },
    };
    const place = await takePlace(testEnv, { identity: identity as never, tags: {}, request_id: 'test' });
    expect(place.ok).toBe(true);
    const caller = { request_id: 'test', organization: ORGANIZATION, user_id: user.userId, grants: [] };
    const turn = {
      kind: 'create',
      caller,
      action_filter: '^.*$',
      response_format: 'text',
      identity,
      tags: {},
      message: null,
    };
    const answer = await conversationObject(id).fetch('https://conversation/turn', {
      method: 'POST',
      body: JSON.stringify({ ...turn, place: { created_at: Date.now() - 18_000, returning: false } }),
    });
    expect(await answer.json()).toMatchObject({ code: 'operation_in_progress' });
    expect(await alarmOf(id)).toBeNull();
    await user.begin();
  });
});

describe('finish of a finished conversation', () => {
  it('is refused when nothing is left to do, also in an object that has forgotten everything', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await user.post(`/conversation/${id}/finish/`);
    expect(await codeOf(await user.post(`/conversation/${id}/finish/`))).toEqual([
      409,
      'conversation_finished',
    ]);
    await evict(conversationObject(id));
    expect(await codeOf(await user.post(`/conversation/${id}/finish/`))).toEqual([
      409,
      'conversation_finished',
    ]);
    await runAlarms(id);
    await evict(conversationObject(id));
    expect(await codeOf(await user.post(`/conversation/${id}/finish/`))).toEqual([
      409,
      'conversation_finished',
    ]);
  });

  it('takes up an analysis that no alarm is set for', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await user.post(`/conversation/${id}/finish/`);
    await runAlarms(id);
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      storage.sql.exec('UPDATE conversation SET analysis = ?', PENDING);
    });
    await dropAlarm(id);
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    await runAlarms(id);
    expect(await statusOfAnalysis(id)).toBe('done');
    expect(await list(user)).toMatchObject([{ is_analyzed: true }]);
  });

  it('takes up an analysis that waits for its next attempt', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I am [unanalysable].' });
    await user.post(`/conversation/${id}/finish/`);
    await expect.poll(async () => ((await alarmOf(id)) ?? 0) - Date.now(), PATIENT).toBeGreaterThan(1_000);
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    expect(((await alarmOf(id)) ?? 0) - Date.now()).toBeLessThanOrEqual(1_000);
  });

  it('delivers a summary that the list does not have', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const outage = failing(Directory.prototype, 'record');
    await user.say(id, 'goodbye');
    await runDurableObjectAlarm(conversationObject(id));
    // While the list is still down, the alarm is brought forward.
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    outage.end();
    await dropAlarm(id);
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    expect(await list(user)).toMatchObject([{ is_finished: true }]);
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(409);
  });
});

describe('the alarm', () => {
  it('is gone with a create that is undone, in one step', async () => {
    const user = await newUser();
    const [created] = parseLines(await (await user.create({ initial_message: '[fail]' })).text());
    const id = String(created?.conversation_id);
    expect(await alarmOf(id)).toBeNull();
    const tables = await runInDurableObject(conversationObject(id), (_instance, { storage }) =>
      storage.sql.exec(`SELECT name FROM sqlite_master WHERE name = 'conversation'`).toArray(),
    );
    expect(tables).toEqual([]);
  });
});
