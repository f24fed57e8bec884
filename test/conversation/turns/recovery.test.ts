/** Turns that are run again after their process died. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  type Client,
} from '../../support/client.ts';
import { evict } from '../../support/eviction.ts';
import { Ledger } from '../../support/ledger.ts';
import { actionState, SERVICE, TEST_GRAPH, testOrganization } from '../../support/organization.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { interactionOf, PartialStream, streamOf, turnOf } from '../../support/streams.ts';
import { Tenant } from '../../support/tenant.ts';

beforeAll(publishTestOrganization);

afterEach(() => vi.restoreAllMocks());

function sayWith(client: Client, key: string, id: string, text: string): Promise<Response> {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', text);
  const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
  return client.request(path, { method: 'POST', body: form, headers: { 'idempotency-key': key } });
}

async function sent(client: Client, id: string): Promise<string[]> {
  const { messages } = await client.get<{
    messages: { id: string; message: string; message_type: string }[];
  }>(`/conversation/${id}/messages/?sort_by=%2Bcreated_at`);
  return messages.filter(({ message_type }) => message_type === 'user-message').map(({ message }) => message);
}

/** Begins a turn that waits behind an event, and ends its process there. */
async function died(client: Client, key: string, id: string, text: string, behind = 'new-message') {
  const response = await sayWith(client, key, id, text);
  const stream = new PartialStream(response);
  await stream.until(behind);
  await abortAllDurableObjects();
  await stream.leave();
  return { interaction: interactionOf(response), opening: stream.events[0] };
}

describe('a turn whose request has a key', () => {
  it('is run again by the alarm, under the same identifiers, and says in each event that it is', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction, opening } = await died(user, 'alarm', id, '[wait recover1] what?');
    openGate('recover1');
    expect(await runDurableObjectAlarm(conversationObject(id))).toBe(true);
    const events = parseLines(await (await user.request(streamOf(id, interaction))).text());
    expect(events[0]).toEqual({ ...opening, cursor: 1_000_001, attempt: 2 });
    expect(events.map(({ attempt }) => attempt)).toEqual(events.map(() => 2));
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete', interaction_id: interaction });
    expect(await sent(user, id)).toEqual(['[wait recover1] what?']);
  });

  it('gives all of its new run to a reader who comes back with a cursor of the one before', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'cursor', id, '[wait recover6] what?');
    const whole = (await user.request(streamOf(id, interaction))).text();
    const back = (await user.request(streamOf(id, interaction, '?after=3'))).text();
    openGate('recover6');
    expect(await back).toBe(await whole);
    await evict(conversationObject(id));
    expect(await (await user.request(streamOf(id, interaction, '?after=3'))).text()).toBe(await whole);
    const events = parseLines(await whole);
    const rest = await (await user.request(streamOf(id, interaction, '?after=1000002'))).text();
    expect(parseLines(rest)).toEqual(events.slice(2));
  });

  it('is run again by the same request, which joins it, however often its process died', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'resend', id, '[wait recover2] what?');
    const second = await died(user, 'resend', id, '[wait recover2] what?');
    expect(second.interaction).toBe(interaction);
    openGate('recover2');
    const again = await sayWith(user, 'resend', id, '[wait recover2] what?');
    expect(interactionOf(again)).toBe(interaction);
    const events = parseLines(await again.text());
    expect(events.at(-1)).toMatchObject({
      type: 'interaction-complete',
      interaction_id: interaction,
      attempt: 3,
    });
    expect(await sent(user, id)).toEqual(['[wait recover2] what?']);
    const replayed = await sayWith(user, 'resend', id, '[wait recover2] what?');
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(parseLines(await replayed.text())).toEqual(events);
  });

  it('is met as running by every other request', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'met', id, '[wait recover3] what?');
    expect(await turnOf(user, id)).toMatchObject({ is_running: true, interaction_id: interaction });
    expect((await user.interact(id, 'and?')).status).toBe(409);
    openGate('recover3');
    await (await user.request(streamOf(id, interaction))).text();
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
  });

  it('is given up after its process died three times', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'three', id, '[wait recover4] what?');
    await died(user, 'three', id, '[wait recover4] what?');
    await died(user, 'three', id, '[wait recover4] what?');
    expect((await turnOf(user, id)).is_running).toBe(false);
    const answer = await user.request(streamOf(id, interaction));
    expect((await answer.json<{ code: string }>()).code).toBe('interaction_void');
    openGate('recover4');
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
  });

  it('is not run again when it failed by itself', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    expect(parseLines(await (await sayWith(user, 'failed', id, '[fail] what?')).text()).at(-1)?.type).toBe(
      'error',
    );
    await abortAllDurableObjects();
    expect((await turnOf(user, id)).is_running).toBe(false);
  });

  it('writes one row more', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await (await sayWith(user, 'first', id, 'what?')).text();
    const ledger = new Ledger();
    await ledger.watch(conversationObject(id));
    await user.say(id, 'how?');
    const plain = await ledger.take();
    await (await sayWith(user, 'second', id, 'why?')).text();
    const keyed = await ledger.take();
    expect(keyed.written + keyed.alarms).toBe(plain.written + plain.alarms + 1);
  });
});

describe('a turn without a key', () => {
  it('is not run again, unless its service says so', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const plain = new PartialStream(await user.interact(id, '[wait recover5] what?'));
    await plain.until('new-message');
    await abortAllDurableObjects();
    await plain.leave();
    expect((await turnOf(user, id)).is_running).toBe(false);
    await runInDurableObject(conversationObject(id), (_instance, { storage: { sql } }) => {
      const { identity } = sql.exec<{ identity: string }>('SELECT identity FROM conversation').one();
      sql.exec(
        'UPDATE conversation SET identity = ?',
        JSON.stringify({ ...JSON.parse(identity), recover: true }),
      );
    });
    await abortAllDurableObjects();
    const kept = new PartialStream(await user.interact(id, '[wait recover5] what?'));
    await kept.until('new-message');
    await abortAllDurableObjects();
    await kept.leave();
    expect((await turnOf(user, id)).is_running).toBe(true);
    openGate('recover5');
  });
});

/** A graph with a tool that is called between the wish for fruit and the answer. */
const TOOL_GRAPH = {
  ...TEST_GRAPH,
  states: [
    actionState(
      'greet',
      ['Greet: "Hello."'],
      [['The user wants to buy fruit, such as "I would like apples" or "Pears, please"', 'order']],
    ),
    {
      type: 'tool-call' as const,
      name: 'order',
      next_state: 'goodbye',
      designated_tool: {
        tool_id: '7'.repeat(24),
        version_constraint: '',
        additional_instruction: 'Order.',
        audio_fillers: [],
        audio_filler_triggered_after: 1,
        result_persistence: 'persisted' as const,
      },
      designated_tool_call_params_generation_audio_fillers: [],
      designated_tool_call_params_generation_audio_filler_triggered_after: 1,
      designated_tool_call_objective: 'Order the fruit.',
      designated_tool_call_context: 'None.',
      designated_tool_call_guidances: [],
      designated_tool_call_validations: [],
      tool_call_specs: [],
    },
    actionState('goodbye', ['Say: "Ordered."'], []),
  ],
  new_user_initial_state: 'greet',
  returning_user_initial_state: 'greet',
};

const TOOL = {
  id: '7'.repeat(24),
  name: 'order_fruit',
  versions: [
    {
      version: '1.0',
      description: 'Orders fruit.',
      input_schema: { type: 'object' as const },
      url: 'https://tools.example.com/order',
      headers: {},
      timeout_ms: 2_000,
    },
  ],
};

describe('a tool of a turn whose process died', () => {
  it('is called again with the key of its first call, and not once the turn is stored', async () => {
    const keys: (string | null)[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
      keys.push(new Headers(init?.headers).get('idempotency-key'));
      // The process dies in the first two calls.
      return keys.length < 3
        ? new Promise(() => undefined)
        : Promise.resolve(Response.json({ ordered: true }));
    });
    const tenant = await Tenant.publish({ graphs: [TOOL_GRAPH], tools: [TOOL] });
    const user = await tenant.user();
    const { id } = await user.begin();
    const text = 'I would like apples';
    const { interaction } = await died(user, 'tool', id, text, 'tool-call-started');
    await died(user, 'tool', id, text, 'tool-call-started');
    const again = await sayWith(user, 'tool', id, text);
    expect(parseLines(await again.text()).at(-1)).toMatchObject({
      type: 'interaction-complete',
      interaction_id: interaction,
      full_message: 'Ordered.',
    });
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    await (await sayWith(user, 'tool', id, text)).text();
    expect(keys).toHaveLength(3);
    expect(await sent(user, id)).toEqual([text]);
  });
});

describe('a conversation that was begun by a chat', () => {
  it('has its turns run again where its service says so, without a key too', async () => {
    const { services } = testOrganization('0'.repeat(64));
    const tenant = await Tenant.publish();
    await tenant.republish({
      services: services.map((service) => ({ ...service, recover: service.id === SERVICE })),
    });
    const user = await tenant.user();
    const message = { id: 'm1', role: 'user', parts: [{ type: 'text', text: 'pears' }] };
    await (await user.post(`/service/${SERVICE}/chat`, { id: 'chat', messages: [message] })).text();
    const { conversations } = await user.get<{ conversations: { id: string }[] }>('/conversation/');
    const id = String(conversations[0]?.id);
    const response = await user.interact(id, '[wait chat1] what?');
    const stream = new PartialStream(response);
    await stream.until('new-message');
    await abortAllDurableObjects();
    await stream.leave();
    expect(await turnOf(user, id)).toMatchObject({
      is_running: true,
      interaction_id: interactionOf(response),
    });
    openGate('chat1');
    const events = parseLines(await (await user.request(streamOf(id, interactionOf(response)))).text());
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete', attempt: 2 });
    expect(await sent(user, id)).toEqual(['pears', '[wait chat1] what?']);
  });
});
