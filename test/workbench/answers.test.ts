/** The answers of the workbench's endpoints, and the way through their pages. */
import { beforeAll, describe, expect, it } from 'vitest';
import { drawnAgent, MemoriesAnswer, TurnsAnswer } from '../../src/contract/workbench.ts';
import { memoryOf } from '../../src/objects.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { ContextGraph, type State } from '../../src/registry/graph.ts';
import { hashApiKey, publishOrganization } from '../../src/registry/publish.ts';
import { newUser, publishTestOrganization, testEnv, type Client } from '../support/client.ts';
import {
  AGENT,
  ALICE,
  BOB,
  GRAPH,
  ORGANIZATION,
  SERVICE,
  TEST_GRAPH,
  testOrganization,
} from '../support/organization.ts';
import { begin, refusal, say, send, tokenOf } from './support.ts';

beforeAll(publishTestOrganization);

async function ask<T>(path: string, user: string): Promise<T> {
  const response = await send(`/${ORGANIZATION}${path}`, { token: await tokenOf(user) });
  expect(response.status).toBe(200);
  return response.json<T>();
}

describe('the graphs of a service', () => {
  const path = `/services/${SERVICE}/graphs`;
  let user: Client;

  beforeAll(async () => {
    user = await newUser();
  });

  it('come with the agent that walks them', async () => {
    const drawn = await ask(path, user.userId);
    expect(drawnAgent(ContextGraph).parse(drawn)).toEqual(drawn);
    expect(drawn).toEqual({
      service: { id: SERVICE, name: 'Stall' },
      version_set: 'release',
      agent: { id: AGENT, version: 1, name: 'Finn', role: 'Seller' },
      root: [GRAPH, 1],
      graphs: [TEST_GRAPH],
    });
  });

  it('come with the graphs they refer to, the root first', async () => {
    const inner = { ...TEST_GRAPH, id: '9'.repeat(24), name: 'Inner' };
    const root = { ...TEST_GRAPH, version: 7, references: { inner: [inner.id, 1] } };
    for (const graph of [inner, root]) {
      const key = registryKey.graph(ORGANIZATION, graph.id, graph.version);
      await testEnv.REGISTRY.put(key, JSON.stringify(graph));
    }
    const drawn = await ask<{ root: unknown; graphs: { id: string }[] }>(
      `${path}?graph_version=7`,
      user.userId,
    );
    expect([drawn.root, drawn.graphs.map(({ id }) => id)]).toEqual([
      [GRAPH, 7],
      [GRAPH, inner.id],
    ]);
  });

  it('are those of the version set', async () => {
    expect(await ask(`${path}?version_set=edge`, user.userId)).toMatchObject({ version_set: 'edge' });
  });

  it.each([
    ['?version_set=none', 404, 'version_set_not_found'],
    ['?graph_version=99', 404, 'version_set_not_found'],
    ['?graph_version=0', 422, 'request_invalid'],
    ['?version_set=', 422, 'request_invalid'],
  ])('with %s are refused: %d %s', async (query, status, code) => {
    const token = await tokenOf(user.userId);
    expect(await refusal(send(`/${ORGANIZATION}${path}${query}`, { token }))).toEqual([status, code]);
  });

  it('are not found for an unknown service', async () => {
    const answer = send(`/${ORGANIZATION}/services/${'0'.repeat(24)}/graphs`, {
      token: await tokenOf(user.userId),
    });
    expect(await refusal(answer)).toEqual([404, 'service_not_found']);
  });
});

describe('the turns of a conversation', () => {
  let user: Client;
  let id: string;

  beforeAll(async () => {
    user = await newUser();
    ({ id } = await user.begin());
    await user.say(id, 'I would like apples');
    await user.say(id, 'Three');
  });

  it('are told the newest first, with what the agent did', async () => {
    const replay = await ask<TurnsAnswer>(`/conversations/${id}/turns`, user.userId);
    expect(TurnsAnswer.parse(replay)).toEqual(replay);
    expect(replay).toMatchObject({
      user_id: user.userId,
      service_id: SERVICE,
      versions: { name: 'release', graph: [GRAPH, 1] },
      has_more: false,
      continuation_token: null,
    });
    expect(replay.turns.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(replay.turns.map(({ insights }) => insights.current_state_name)).toEqual([
      'goodbye',
      'sell_apples',
      'greet',
    ]);
    expect(replay.position).toEqual({ graph: [GRAPH, 1], state: 'goodbye' });
    expect(replay.is_finished).toBe(true);
    expect(replay.turns[1]?.actions).toContainEqual({
      type: 'navigate-state-machine-state-transitioned',
      prev_state: 'choose',
      prev_state_state_machine_version_info: [GRAPH, 1],
      next_state: 'sell_apples',
      next_state_state_machine_version_info: [GRAPH, 1],
    });
    expect(Date.parse(replay.turns[0]?.started_at ?? '')).toBeGreaterThan(0);
  });

  it('say in their insights what the published API says', async () => {
    const { turns } = await ask<TurnsAnswer>(`/conversations/${id}/turns?limit=1`, user.userId);
    const [turn] = turns;
    const published = await user.get(`/conversation/${id}/interaction/${turn?.interaction_id}/insights`);
    expect(turn?.insights).toEqual(published);
  });

  it('come in pages, each once, until there are no more', async () => {
    const numbers: number[] = [];
    for (let token: number | null = 0; token !== null;) {
      const page: TurnsAnswer = await ask(
        `/conversations/${id}/turns?limit=2&continuation_token=${token}`,
        user.userId,
      );
      expect(page.has_more).toBe(page.continuation_token !== null);
      numbers.push(...page.turns.map(({ number }) => number));
      token = page.continuation_token;
    }
    expect(numbers).toEqual([3, 2, 1]);
  });

  it.each(['limit=0', 'limit=51', 'limit=x', 'continuation_token=-1'])('refuse %s', async (query) => {
    const answer = send(`/${ORGANIZATION}/conversations/${id}/turns?${query}`, {
      token: await tokenOf(user.userId),
    });
    expect(await refusal(answer)).toEqual([422, 'request_invalid']);
  });

  it('are not found for a conversation that does not exist', async () => {
    const answer = send(`/${ORGANIZATION}/conversations/${'0'.repeat(24)}/turns`, {
      token: await tokenOf(user.userId),
    });
    expect(await refusal(answer)).toEqual([404, 'conversation_not_found']);
  });
});

describe('the thoughts of an agent', () => {
  const THINKING = 'thinking-org';

  /** An organization whose agent makes a note, and whose user Bob may look at everything but notes. */
  async function publishThinkingOrganization(): Promise<void> {
    const file = testOrganization(await hashApiKey('yet-another-key'));
    const states = TEST_GRAPH.states.map((state): State =>
      state.type === 'decision'
        ? {
            type: 'annotation',
            name: state.name,
            inner_thought: 'They want fruit.',
            next_state: 'sell_apples',
          }
        : state,
    );
    const seen = [
      'Conversation:GetConversation',
      'Conversation:GetInteractionInsights',
      'Organization:GetServiceHierarchicalStateMachine',
    ] as const;
    const observer = {
      name: 'Observer',
      description: 'Sees what happens, and no thoughts.',
      permission_grants: seen.map((permission_name) => ({ permission_name, conditions: {} })),
    };
    await publishOrganization(testEnv.REGISTRY, {
      ...file,
      organization: { ...file.organization, id: THINKING, roles: [observer] },
      users: file.users.map((user) => (user.id === BOB ? { ...user, role: 'Observer' } : user)),
      graphs: [{ ...TEST_GRAPH, states }],
    });
  }

  async function notesSeenBy(user: string, id: string): Promise<string[]> {
    const token = await tokenOf(user, THINKING);
    const { turns } = await (
      await send(`/${THINKING}/conversations/${id}/turns`, { token })
    ).json<TurnsAnswer>();
    return turns
      .flatMap(({ actions }) => actions)
      .flatMap((action) =>
        action.type === 'navigate-state-machine-annotation-state-annotation-retrieved'
          ? [action.annotation]
          : [],
      );
  }

  it('are kept from those who may not read them', async () => {
    await publishThinkingOrganization();
    const id = await begin(THINKING, ALICE);
    await say(THINKING, ALICE, id, 'Apples, please');
    expect(await notesSeenBy(ALICE, id)).toEqual(['They want fruit.']);
    expect(await notesSeenBy(BOB, id)).toEqual(['']);
  });
});

describe('the memories of a user', () => {
  it('are none before anything was learnt', async () => {
    const user = await newUser();
    expect(await ask(`/users/${user.userId}/memories`, user.userId)).toEqual({
      user_model: null,
      memories: [],
      has_more: false,
      continuation_token: null,
    });
  });

  it('come the newest first, by page, with what is known about the user', async () => {
    const user = await newUser();
    const memory = memoryOf(testEnv, { organization: ORGANIZATION }, user.userId);
    for (const [index, conversation] of ['c1', 'c2', 'c3'].entries()) {
      await memory.learn(conversation, [{ text: `Fact ${index}`, message_ids: [`m${index}`] }]);
    }
    await memory.setModel('c3', 'Likes facts.');
    const path = `/users/${user.userId}/memories?limit=2`;
    const first = await ask<MemoriesAnswer>(path, user.userId);
    expect(MemoriesAnswer.parse(first)).toEqual(first);
    expect(first).toMatchObject({ user_model: 'Likes facts.', has_more: true });
    expect(first.memories[0]).toEqual({ text: 'Fact 2', conversation_id: 'c3', message_ids: ['m2'] });
    const second = await ask<MemoriesAnswer>(
      `${path}&continuation_token=${first.continuation_token}`,
      user.userId,
    );
    expect(second).toMatchObject({ has_more: false, continuation_token: null });
    expect([...first.memories, ...second.memories].map(({ text }) => text)).toEqual([
      'Fact 2',
      'Fact 1',
      'Fact 0',
    ]);
  });

  it.each([
    ['limit=0', ''],
    ['limit=101', ''],
    ['', '/../x'],
  ])('refuse %s%s', async (query, suffix) => {
    const user = await newUser();
    const id = suffix === '' ? user.userId : 'somebody';
    const answer = send(`/${ORGANIZATION}/users/${id}/memories?${query}`, {
      token: await tokenOf(user.userId),
    });
    expect(await refusal(answer)).toEqual([422, 'request_invalid']);
  });
});
