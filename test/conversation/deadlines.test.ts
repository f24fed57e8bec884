/** Whatever a turn waits for, it ends; and when it has ended, no timer is left that would keep the object in memory. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RegistryReader } from '../../src/registry/reader.ts';
import { conversationObject, newUser, parseLines, publishTestOrganization } from '../support/client.ts';
import { hanging, hurried } from '../support/faults.ts';
import { SERVICE } from '../support/organization.ts';
import { recordingOf } from '../support/scripted-speech.ts';
import { LiveTimers } from '../support/timers.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<{ code: string }>()).code];
}

describe('a registry that hangs', () => {
  it.each(['catalog', 'graphs', 'agent'])('in %s ends a turn with its deadline', async (method) => {
    const user = await newUser();
    const { id } = await user.begin();
    hanging(RegistryReader.prototype, method);
    hurried();
    const events = await user.say(id, 'apples');
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      code: 'turn_deadline_exceeded',
      http_error_code: 504,
    });
    vi.restoreAllMocks();
    expect((await user.say(id, 'apples')).at(-1)?.type).toBe('interaction-complete');
  });

  it('ends recommended responses, spoken requests and spoken creates with 503', async () => {
    const user = await newUser();
    const { id, interactionId } = await user.begin();
    hanging(RegistryReader.prototype, 'agent');
    hurried();
    const recommend = `/conversation/${id}/interaction/${interactionId}/recommend_responses`;
    expect(await codeOf(await user.post(recommend))).toEqual([503, 'service_overloaded']);
    expect(await codeOf(await user.interactVoice(id, recordingOf('pears')))).toEqual([
      503,
      'registry_unavailable',
    ]);
    const other = await newUser();
    const spoken = await other.post('/conversation/?response_format=voice', { service_id: SERVICE });
    expect(await codeOf(spoken)).toEqual([503, 'registry_unavailable']);
    vi.restoreAllMocks();
    await other.begin();
  });
});

describe('no timer is left', () => {
  it('by a create, turns of every kind, recommendations, starters and the analysis', async () => {
    const timers = new LiveTimers();
    const user = await newUser();
    const { id, interactionId } = await user.begin({ initial_message: 'I have two horses.' });
    expect(await timers.settled()).toEqual([]);
    await user.post(`/conversation/${id}/interaction/${interactionId}/recommend_responses`);
    expect(await timers.settled()).toEqual([]);
    await user.say(id, 'what?');
    await user.say(id, '[fail]');
    expect(await timers.settled()).toEqual([]);
    parseLines(await (await user.interactVoice(id, recordingOf('pears'), 'voice')).text());
    expect(await timers.settled()).toEqual([]);
    const body = {
      service_id: SERVICE,
      facets: ['apples'],
      min_count: 1,
      max_count: 1,
      generation_instructions: 'Short.',
    };
    await user.post('/conversation/conversation_starter', body);
    expect(await timers.settled()).toEqual([]);
    await user.post(`/conversation/${id}/finish/`);
    while (await runDurableObjectAlarm(conversationObject(id)));
    expect(await timers.settled()).toEqual([]);
  });

  it('by a turn that was given up', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const timers = new LiveTimers(0.01);
    expect((await user.say(id, '[hang] apples')).at(-1)).toMatchObject({ code: 'turn_deadline_exceeded' });
    expect(await timers.settled()).toEqual([]);
  });

  it('by a turn that its reader left', async () => {
    const timers = new LiveTimers();
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, '[long 50] apples');
    await response.body?.cancel();
    expect(await timers.settled()).toEqual([]);
  });

  it('by an analysis that failed', async () => {
    const timers = new LiveTimers();
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I am [unanalysable].' });
    await user.post(`/conversation/${id}/finish/`);
    while (await runDurableObjectAlarm(conversationObject(id)));
    expect(await timers.settled()).toEqual([]);
  });
});
