/** The lessons of finished conversations about their user: all of them, once. */
import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConversationStore } from '../../src/conversation/store.ts';
import { memoryOf } from '../../src/objects.ts';
import { Memory } from '../../src/memory/memory.ts';
import {
  conversationObject,
  newUser,
  publishTestOrganization,
  testEnv,
  type Client,
} from '../support/client.ts';
import { alarmOf, failing, hanging, hurried, unanswered, PATIENT } from '../support/faults.ts';
import { ORGANIZATION, OTHER_SERVICE, SERVICE } from '../support/organization.ts';
import { modelled, openGate } from '../support/scripted-reasoner.ts';

// Each test runs many alarms: a machine that is busy with others takes its time.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

function memory(user: Client): DurableObjectStub<Memory> {
  return memoryOf(testEnv, { organization: ORGANIZATION }, user.userId);
}

async function isAnalyzed(user: Client, id: string): Promise<boolean | undefined> {
  const { conversations } = await user.get<{ conversations: { is_analyzed: boolean }[] }>(
    `/conversation/?id=${id}`,
  );
  return conversations[0]?.is_analyzed;
}

async function finish(user: Client, id: string): Promise<void> {
  expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
}

async function runAlarms(id: string): Promise<void> {
  while (await runDurableObjectAlarm(conversationObject(id)));
}

describe('the user model', () => {
  it('has what each of two conversations taught that ended together', async () => {
    const user = await newUser();
    modelled.length = 0;
    const first = await user.begin({
      service_id: SERVICE,
      initial_message: 'I have two horses. [ponder both]',
    });
    const second = await user.begin({
      service_id: OTHER_SERVICE,
      initial_message: 'I like tea. [ponder both]',
    });
    await Promise.all([finish(user, first.id), finish(user, second.id)]);
    // Both have read the model before either has written it.
    await expect.poll(() => modelled, PATIENT).toEqual([null, null]);
    openGate('both');
    await expect.poll(() => isAnalyzed(user, first.id), PATIENT).toBe(true);
    await expect.poll(() => isAnalyzed(user, second.id), PATIENT).toBe(true);
    const model = await memory(user).model();
    expect(model).toContain('I have two horses.');
    expect(model).toContain('I like tea.');
    expect(modelled).toHaveLength(3);
  });

  it.each([
    ['the conversation cannot store that it did', ConversationStore.prototype, 'saveAnalysis'],
    ['the answer of the memory is lost', Memory.prototype, 'setModel'],
  ])('takes a conversation in once, also when %s', async (_name, target, method) => {
    const user = await newUser();
    modelled.length = 0;
    const { id } = await user.begin({ initial_message: 'I have two horses.' });
    const fault = method === 'setModel' ? unanswered(target, method) : failing(target, method);
    await finish(user, id);
    await expect.poll(() => fault.calls(), PATIENT).toBeGreaterThan(0);
    fault.end();
    await runAlarms(id);
    await expect.poll(() => isAnalyzed(user, id), PATIENT).toBe(true);
    expect(modelled).toEqual([null]);
    expect(await memory(user).model()).toBe('I have two horses.');
  });
});

describe('an analysis whose object dies', () => {
  it('is run again, by an alarm that was set before it began', async () => {
    const user = await newUser();
    modelled.length = 0;
    const { id } = await user.begin({ initial_message: 'I have two horses. [ponder crash]' });
    await finish(user, id);
    await expect.poll(() => modelled.length, PATIENT).toBe(1);
    await abortAllDurableObjects();
    openGate('crash');
    expect(await alarmOf(id)).not.toBeNull();
    await runAlarms(id);
    await expect.poll(() => isAnalyzed(user, id), PATIENT).toBe(true);
    expect(await memory(user).model()).toBe('I have two horses.');
    expect(await alarmOf(id)).toBeNull();
  });
});

describe('the memory of a user', () => {
  it.each([
    ['fails', failing],
    ['hangs', hanging],
  ])(
    'does not keep the user from creating, talking and asking for starters when it %s',
    async (_name, fault) => {
      const user = await newUser();
      const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const faults = [fault(Memory.prototype, 'model'), fault(Memory.prototype, 'recall')];
      const hurry = hurried();
      const { id } = await user.begin();
      const body = {
        service_id: SERVICE,
        facets: ['apples'],
        min_count: 1,
        max_count: 1,
        generation_instructions: 'Short.',
      };
      expect((await user.post('/conversation/conversation_starter', body)).status).toBe(200);
      hurry.end();
      const events = await user.say(id, 'Do you remember my basket?');
      expect(events.at(-1)?.type).toBe('interaction-complete');
      const lines = log.mock.calls.map(([line]) => String(line));
      expect(lines.filter((line) => line.includes('memory_unavailable'))).toHaveLength(3);
      for (const each of faults) each.end();
      // What was asked while it was down is asked again.
      await memory(user).learn('c', [{ text: 'My basket is made of willow.', message_ids: [] }]);
      const later = await user.say(id, 'Do you remember my basket?');
      expect(JSON.stringify(later)).toContain('My basket is made of willow.');
    },
  );

  it('holds up only what needs it when it is down for minutes, and nothing of it is lost', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I have two horses.' });
    const faults = ['model', 'modelBefore', 'learn', 'setModel'].map((method) =>
      failing(Memory.prototype, method),
    );
    await finish(user, id);
    for (let alarm = 0; alarm < 5; alarm += 1) {
      await expect.poll(() => runDurableObjectAlarm(conversationObject(id)), PATIENT).toBe(true);
    }
    const { conversations } = await user.get<{ conversations: { completed_post_processings: string[] }[] }>(
      `/conversation/?id=${id}`,
    );
    expect(conversations[0]?.completed_post_processings).toEqual(['compute-metrics']);
    for (const each of faults) each.end();
    await runAlarms(id);
    expect(await isAnalyzed(user, id)).toBe(true);
    expect(await memory(user).model()).toBe('I have two horses.');
  });
});
