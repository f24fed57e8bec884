import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ConversationMetrics } from '../../src/contract/insights.ts';
import { MAX_ANALYSIS_ATTEMPTS } from '../../src/conversation/analysis.ts';
import { Directory } from '../../src/directory/directory.ts';
import { conversationObject, newUser, publishTestOrganization, type Client } from '../support/client.ts';
import { GRAPH, METRICS, SERVICE } from '../support/organization.ts';

interface Listed {
  is_finished: boolean;
  is_analyzed: boolean;
  completed_post_processings: string[];
  num_messages: number;
}

beforeAll(publishTestOrganization);

async function summary(user: Client, id: string): Promise<Listed | undefined> {
  return (await user.get<{ conversations: Listed[] }>(`/conversation/?id=${id}`)).conversations[0];
}

async function finish(user: Client, id: string): Promise<[number, string | undefined]> {
  const response = await user.post(`/conversation/${id}/finish/`);
  return [
    response.status,
    response.status === 204 ? undefined : (await response.json<{ code: string }>()).code,
  ];
}

/** Runs alarms until none is left, as time would. */
async function runAlarms(id: string): Promise<void> {
  while (await runDurableObjectAlarm(conversationObject(id)));
}

describe('finish', () => {
  it('ends the conversation once, and the analysis follows', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I have two horses. They like apples.' });
    expect(await finish(user, id)).toEqual([204, undefined]);
    expect((await summary(user, id))?.is_finished).toBe(true);
    expect(await finish(user, id)).toEqual([409, 'conversation_finished']);
    await runAlarms(id);
    expect(await summary(user, id)).toMatchObject({
      is_analyzed: true,
      completed_post_processings: ['generate-user-models', 'extract-memories', 'compute-metrics'],
    });
  });

  it('stores what the analyses found, and where', async () => {
    const user = await newUser('DefaultUserRole', 'Hanna Horse');
    const { id } = await user.begin();
    const said = await user.say(id, 'I have two horses. They like apples.');
    await finish(user, id);
    await runAlarms(id);
    const results = await runInDurableObject(conversationObject(id), (_instance, { storage }) =>
      Object.fromEntries(
        storage.sql
          .exec<{ type: string; result: string }>('SELECT type, result FROM analyses')
          .toArray()
          .map(({ type, result }) => [type, JSON.parse(result) as unknown]),
      ),
    );
    expect(results).toEqual({
      'extract-memories': [{ text: 'I have two horses.', message_ids: [said[0]?.message_id] }],
      'generate-user-models': 'I have two horses.',
      'compute-metrics': [
        { metric_id: METRICS[0]?.id, name: 'Completed', value: false },
        { metric_id: METRICS[1]?.id, name: 'Turns', value: 2 },
        { metric_id: METRICS[2]?.id, name: 'Last state', value: 'sell_apples' },
        { metric_id: METRICS[3]?.id, name: 'Talks of animals', value: true },
        { metric_id: METRICS[4]?.id, name: 'Fruit', value: 'apples' },
      ],
    });
  });

  it('makes the metrics, which are read before and after', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I have two horses.' });
    const metrics = () => user.get<ConversationMetrics>(`/conversation/${id}/metrics`);
    expect(await metrics()).toEqual({ status: 'none', metrics: [] });
    await finish(user, id);
    await runAlarms(id);
    const { status, metrics: values } = await metrics();
    expect(status).toBe('done');
    expect(values).toHaveLength(METRICS.length);
    expect(values).toContainEqual({ metric_id: METRICS[3]?.id, name: 'Talks of animals', value: true });
    const visitor = await newUser('DefaultVisitorRole');
    expect((await visitor.request(`/conversation/${id}/metrics`)).status).toBe(404);
  });

  it('tries a failed analysis again, and only a failed one', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I am [unanalysable].' });
    expect(await finish(user, id)).toEqual([204, undefined]);
    for (let attempt = 0; attempt < MAX_ANALYSIS_ATTEMPTS; attempt += 1) await runAlarms(id);
    expect(await summary(user, id)).toMatchObject({ is_finished: true, is_analyzed: false });
    expect(await finish(user, id)).toEqual([204, undefined]);
    expect(await finish(user, id)).toEqual([409, 'conversation_finished']);
    await runAlarms(id);
    expect(await finish(user, id)).toEqual([204, undefined]);
  });
});

describe('a summary that did not reach the list', () => {
  it('delays its caller by a second at most, and is delivered by the alarm', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    vi.spyOn(Directory.prototype, 'record').mockImplementationOnce(() => {
      throw new Error('the directory is down');
    });
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
    expect((await summary(user, id))?.num_messages).toBe(1);
    await runAlarms(id);
    expect((await summary(user, id))?.num_messages).toBe(3);
  });
});

describe('insights', () => {
  it('tell the path that was taken', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const complete = (await user.say(id, 'apples')).at(-1);
    const insights = await user.get(
      `/conversation/${id}/interaction/${String(complete?.interaction_id)}/insights`,
    );
    const graph = [GRAPH, 1];
    expect(insights).toEqual({
      current_state_name: 'sell_apples',
      current_state_action: 'Ask: "How many apples?"',
      current_state_objective: 'The objective of sell_apples.',
      state_transition_logs: [
        {
          type: 'action',
          previous_state: 'greet',
          previous_service_hierarchical_state_machine_version_info: graph,
          next_state: 'choose',
          next_service_hierarchical_state_machine_version_info: graph,
          previous_state_exit_condition_description:
            'The user wants to buy fruit, such as "I would like apples" or "Pears, please"',
          tool_call_logs: [],
        },
        {
          type: 'decision',
          previous_state: 'choose',
          previous_service_hierarchical_state_machine_version_info: graph,
          next_state: 'sell_apples',
          next_service_hierarchical_state_machine_version_info: graph,
          previous_state_exit_condition_description: 'The user wants apples',
          tool_call_logs: [],
        },
      ],
      working_memory: [],
      reflections: [],
      triggered_dynamic_behavior_set_version_info: null,
      select_next_action_tool_call_logs: [],
      engage_user_tool_call_logs: [],
      model_calls: [],
    });
  });

  it('are not found for an interaction that never was', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.request(`/conversation/${id}/interaction/${'0'.repeat(23)}1/insights`);
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([
      404,
      'interaction_not_found',
    ]);
  });
});

describe('recommended responses', () => {
  it('come from the state and the history, for the latest interaction only', async () => {
    const user = await newUser();
    const { id, interactionId } = await user.begin();
    const path = (interaction: string) =>
      `/conversation/${id}/interaction/${interaction}/recommend_responses`;
    const first = await (await user.post(path(interactionId))).json<{ recommended_responses: string[] }>();
    expect(first.recommended_responses).toContain('I would like apples');
    const complete = (await user.say(id, 'I would like apples')).at(-1);
    const stale = await user.post(path(interactionId), {});
    expect([stale.status, (await stale.json<{ code: string }>()).code]).toEqual([
      400,
      'interaction_not_latest',
    ]);
    const latest = String(complete?.interaction_id);
    const second = await (
      await user.post(path(latest), { context: 'Loves pears' })
    ).json<{
      recommended_responses: string[];
    }>();
    expect(second.recommended_responses.length).toBeGreaterThan(0);
    expect(second.recommended_responses).not.toContain('I would like apples');
    await finish(user, id);
    expect((await user.post(path(latest), {})).status).toBe(400);
  });
});

describe('conversation starters', () => {
  const ask = async (user: Client, changes: Record<string, unknown> = {}) =>
    user.post('/conversation/conversation_starter', {
      service_id: SERVICE,
      facets: ['apples'],
      min_count: 1,
      max_count: 3,
      generation_instructions: 'Short.',
      ...changes,
    });

  it.each([
    [1, 1],
    [2, 4],
    [10, 10],
  ])('number between %i and %i, each about a facet', async (min_count, max_count) => {
    const user = await newUser();
    const facets = ['apples', 'opening hours'];
    const response = await ask(user, { min_count, max_count, facets });
    const { prompts } = await response.json<{ prompts: { prompt: string; facets: string[] }[] }>();
    expect(prompts.length).toBeGreaterThanOrEqual(min_count);
    expect(prompts.length).toBeLessThanOrEqual(max_count);
    expect(new Set(prompts.map(({ prompt }) => prompt)).size).toBe(prompts.length);
    for (const prompt of prompts) {
      expect(prompt.facets.length).toBeGreaterThan(0);
      expect(facets).toEqual(expect.arrayContaining(prompt.facets));
    }
  });

  it.each([
    [{ min_count: 3, max_count: 2 }, 422],
    [{ min_count: 0 }, 422],
    [{ max_count: 11 }, 422],
    [{ facets: [] }, 422],
    [{ service_id: '0'.repeat(24) }, 404],
    [{ service_version_set_name: 'nightly' }, 404],
  ])('are refused with %j', async (changes, status) => {
    expect((await ask(await newUser(), changes)).status).toBe(status);
  });
});
