/** Recordings when the bucket fails, an object dies, or the alarm comes in the middle of a turn. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { grantsFor } from '../../src/access/permissions.ts';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { Directory } from '../../src/directory/directory.ts';
import {
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  testEnv,
  type Client,
  type StreamedEvent,
} from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { alarmOf, delayed, failing, hanging, hurried, PATIENT } from '../support/faults.ts';
import { ORGANIZATION } from '../support/organization.ts';
import { openGate } from '../support/scripted-reasoner.ts';
import { recordingOf } from '../support/scripted-speech.ts';

// Each test runs many alarms: a machine that is busy with others takes its time.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

async function eventsOf(response: Response): Promise<StreamedEvent[]> {
  if (!response.ok) throw new Error(await response.text());
  return parseLines(await response.text());
}

/** The keys in the bucket under a conversation. */
async function bucketOf(id: string): Promise<string[]> {
  const { objects } = await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/` });
  return objects.map(({ key }) => key);
}

function pendingOf(id: string): Promise<string[]> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) =>
    storage.sql
      .exec<{ key: string }>('SELECT key FROM pending_recordings')
      .toArray()
      .map(({ key }) => key),
  );
}

function overdue(id: string): Promise<void> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) => {
    storage.sql.exec('UPDATE pending_recordings SET until = 0');
  });
}

async function runAlarms(id: string): Promise<void> {
  while (await runDurableObjectAlarm(conversationObject(id)));
}

async function isHeard(user: Client, id: string, messageId: unknown): Promise<boolean> {
  const { url } = await user.get<{ url: string }>(`/conversation/${id}/messages/${String(messageId)}/source`);
  return (
    (await testEnv.AUDIO.head(decodeURIComponent(new URL(url).pathname.replace('/recordings/', '')))) !== null
  );
}

function callerOf(user: Client) {
  const about = { user_id: user.userId, org_id: ORGANIZATION };
  const grants = grantsFor(DEFAULT_ROLES.DefaultUserRole!, about);
  return { request_id: 'test', organization: ORGANIZATION, user_id: user.userId, grants };
}

describe('the alarm in the middle of a spoken turn', () => {
  it('keeps what the turn claimed while the alarm waited for the Directory', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const outage = failing(Directory.prototype, 'record');
    await user.say(id, 'what?');
    outage.end();
    const slow = delayed(Directory.prototype, 'record');
    const alarm = runDurableObjectAlarm(conversationObject(id));
    await expect.poll(() => slow.calls(), PATIENT).toBe(1);
    const turn = await user.interactVoice(id, recordingOf('[wait sweep] apples'));
    slow.end();
    await alarm;
    openGate('sweep');
    const events = await eventsOf(turn);
    expect(events.at(-1)?.type).toBe('interaction-complete');
    expect(await isHeard(user, id, events[0]?.message_id)).toBe(true);
    expect(await pendingOf(id)).toEqual([]);
  });

  it('keeps what the turn claimed while the alarm waited for the bucket', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    // A recording that came to nothing, which the alarm removes.
    await runInDurableObject(conversationObject(id), (instance) => instance.expectRecording(callerOf(user)));
    await overdue(id);
    const slow = delayed(testEnv.AUDIO, 'delete');
    const alarm = runDurableObjectAlarm(conversationObject(id));
    await expect.poll(() => slow.calls(), PATIENT).toBe(1);
    const turn = await user.interactVoice(id, recordingOf('[wait bucket] apples'));
    const second = runDurableObjectAlarm(conversationObject(id));
    slow.end();
    await Promise.all([alarm, second]);
    openGate('bucket');
    const events = await eventsOf(turn);
    expect(await isHeard(user, id, events[0]?.message_id)).toBe(true);
    expect(await pendingOf(id)).toEqual([]);
    expect(await bucketOf(id)).toHaveLength(1);
  });

  it('keeps the speech that the turn is storing', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const slow = delayed(testEnv.AUDIO, 'put');
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', 'apples');
    const path = `/conversation/${id}/interact?request_format=text&response_format=voice`;
    const turn = await user.request(path, { method: 'POST', body: form });
    await expect.poll(() => slow.calls(), PATIENT).toBe(1);
    await runDurableObjectAlarm(conversationObject(id));
    slow.end();
    const events = await eventsOf(turn);
    expect(await isHeard(user, id, events.at(-1)?.message_id)).toBe(true);
  });
});

describe('a commit', () => {
  it('refers to no recording that lost its mark: the turn is void', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const turn = await user.interactVoice(id, recordingOf('[wait unmarked] apples'));
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      storage.sql.exec('DELETE FROM pending_recordings');
    });
    openGate('unmarked');
    expect((await eventsOf(turn)).at(-1)).toMatchObject({ type: 'error', code: 'turn_failed' });
    const { messages } = await user.get<{ messages: unknown[] }>(`/conversation/${id}/messages/`);
    expect(messages).toHaveLength(1);
    expect((await user.say(id, 'apples')).at(-1)?.type).toBe('interaction-complete');
  });
});

describe('a recording that took too long to arrive', () => {
  it('is refused, whether the alarm has removed it or not, and is removed', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (const removed of [false, true]) {
      const slow = delayed(testEnv.AUDIO, 'put');
      const sending = user.interactVoice(id, recordingOf('pears'));
      await expect.poll(() => slow.calls(), PATIENT).toBe(1);
      await overdue(id);
      if (removed) await runAlarms(id);
      slow.end();
      expect((await sending).status).toBe(408);
      await overdue(id);
      await user.say(id, 'what?');
      await runAlarms(id);
      await expect.poll(() => bucketOf(id), PATIENT).toEqual([]);
    }
  });
});

describe('when the bucket fails', () => {
  it.each([
    ['fails', failing],
    ['hangs', hanging],
  ])(
    'and a removal %s, the failed turn says so at once and the alarm removes the recording later',
    async (_name, fault) => {
      const user = await newUser();
      const { id } = await user.begin();
      const outage = fault(testEnv.AUDIO, 'delete');
      const hurry = hurried();
      const events = await eventsOf(await user.interactVoice(id, recordingOf('[deaf]')));
      expect(events.at(-1)).toMatchObject({ type: 'error', code: 'transcription_unavailable' });
      await runDurableObjectAlarm(conversationObject(id));
      expect(await alarmOf(id)).not.toBeNull();
      expect(await bucketOf(id)).toHaveLength(1);
      hurry.end();
      outage.end();
      await runAlarms(id);
      expect(await bucketOf(id)).toEqual([]);
      expect(await pendingOf(id)).toEqual([]);
    },
  );

  it('a failed create still gives the place back, and is undone later', async () => {
    const user = await newUser();
    const outage = failing(testEnv.AUDIO, 'delete');
    const response = await user.post('/conversation/?response_format=voice', {
      service_id: 'bbbbbbbbbbbbbbbbbbbbbbb1',
      initial_message: 'what? [say One sentence. And another.] [fail]',
    });
    const events = await eventsOf(response);
    expect(events.at(-1)?.type).toBe('error');
    await user.begin();
    outage.end();
    const id = String(events[0]?.conversation_id);
    await runAlarms(id);
    expect(await bucketOf(id)).toEqual([]);
    expect(await alarmOf(id)).toBeNull();
  });

  it('a summary is delivered all the same', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await runInDurableObject(conversationObject(id), (instance) => instance.expectRecording(callerOf(user)));
    await overdue(id);
    failing(testEnv.AUDIO, 'delete');
    const outage = failing(Directory.prototype, 'record');
    await user.say(id, 'what?');
    outage.end();
    await runDurableObjectAlarm(conversationObject(id));
    const { conversations } = await user.get<{ conversations: { num_messages: number }[] }>('/conversation/');
    expect(conversations[0]?.num_messages).toBe(3);
  });
});

describe('an alarm that is set', () => {
  it('is not put off by a later one of an object that has just been started', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const before = await alarmOf(id);
    await evict(conversationObject(id));
    await runInDurableObject(conversationObject(id), (instance) => instance.expectRecording(callerOf(user)));
    expect(await alarmOf(id)).toBe(before);
  });

  it('removes what a turn had that died with its object', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const turn = await user.interactVoice(id, recordingOf('[wait never4] apples'));
    const reader = turn.body?.getReader();
    await reader?.read();
    await abortAllDurableObjects();
    await reader?.cancel().catch(() => undefined);
    expect(await bucketOf(id)).toHaveLength(1);
    await runAlarms(id);
    expect(await bucketOf(id)).toEqual([]);
  });
});
