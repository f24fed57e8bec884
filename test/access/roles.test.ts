/** Grants of roles: visitors, roles that allow some types of message, and thoughts only with messages of them. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { PermissionGrant } from '../../src/access/permissions.ts';
import type { State } from '../../src/registry/graph.ts';
import { parseLines, type Client, type StreamedEvent } from '../support/client.ts';
import { SERVICE, TEST_GRAPH } from '../support/organization.ts';
import { recordingOf } from '../support/scripted-speech.ts';
import { Tenant } from '../support/tenant.ts';

const OWN = {
  org_id: { type: 'Equals', value: '{self_org_id}' },
  user_id: { type: 'Equals', value: '{self_user_id}' },
} as const;

function role(name: string, grants: PermissionGrant[]) {
  return { name, description: `For tests: ${name}.`, permission_grants: grants };
}

function grants(...names: PermissionGrant['permission_name'][]): PermissionGrant[] {
  return names.map((permission_name) => ({ permission_name, conditions: OWN }));
}

const TALKING = grants('Conversation:GetConversation', 'Conversation:GetMessage', 'User:UpdateUserInfo');
const SENDING = ['Conversation:CreateConversation', 'Conversation:InteractWithConversation'] as const;

function sendingOnly(message_type: PermissionGrant['conditions']['message_type']): PermissionGrant[] {
  return SENDING.map((permission_name) => ({
    permission_name,
    conditions: { ...OWN, ...(message_type !== undefined && { message_type }) },
  }));
}

/** A decision that is made by a note of the agent: an inner thought. */
const THINKING_GRAPH = {
  ...TEST_GRAPH,
  states: TEST_GRAPH.states.map((state): State =>
    state.type === 'decision'
      ? { type: 'annotation', name: state.name, inner_thought: 'They want fruit.', next_state: 'sell_apples' }
      : state,
  ),
};

let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.publish({
    graphs: [THINKING_GRAPH],
    roles: [
      role('UserMessages', [...TALKING, ...sendingOnly({ type: 'Equals', value: 'user-message' })]),
      role('NoEvents', [...TALKING, ...sendingOnly({ type: 'NotEquals', value: 'external-event' })]),
      role('Events', [...TALKING, ...sendingOnly({ type: 'In', values: ['external-event'] })]),
      role('AllMessages', [...TALKING, ...sendingOnly(undefined)]),
      role('Actions', [
        ...grants(
          'Conversation:GetConversation',
          'User:UpdateUserInfo',
          'Conversation:GetInteractionInsights',
        ),
        ...sendingOnly(undefined),
        {
          permission_name: 'Conversation:GetMessage',
          conditions: { ...OWN, message_type: { type: 'NotEquals', value: 'agent-inner-thought' } },
        },
      ]),
    ],
  });
});

type Outcome = [status: number, code: string | null];

/** The status and the code of a problem. A stream is read to its end, so that the turn is over. */
async function outcome(answer: Promise<Response>): Promise<Outcome> {
  const response = await answer;
  const text = await response.text();
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  return [response.status, isProblem ? (JSON.parse(text) as { code: string }).code : null];
}

const MISSING: Outcome = [403, 'permission_missing'];
const TAKEN: Outcome = [200, null];

function withEvent(text: string): FormData {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', text);
  form.append('external_event_message_content', 'The bell rang.');
  form.append('external_event_message_timestamp', new Date(Date.now() + 1_000).toISOString());
  return form;
}

describe.each<[string, { message: boolean; event: boolean }]>([
  ['UserMessages', { message: true, event: false }],
  ['NoEvents', { message: true, event: false }],
  ['Events', { message: false, event: true }],
  ['AllMessages', { message: true, event: true }],
  ['DefaultVisitorRole', { message: true, event: false }],
  ['DefaultUserRole', { message: true, event: true }],
])('a user of the role %s', (name, { message, event }) => {
  const expected = (allowed: boolean) => (allowed ? TAKEN : MISSING);

  it('sends the types of message that the role allows, in turns', async () => {
    const user = await tenant.user({ role: name });
    const { id } = await user.begin();
    expect(await outcome(user.interact(id, 'what?'))).toEqual(expected(message));
    expect(await outcome(user.interact(id, 'The bell rang.', 'external-event'))).toEqual(expected(event));
    expect(await outcome(user.interactForm(id, withEvent('what?')))).toEqual(expected(message && event));
    expect(await outcome(user.interactVoice(id, recordingOf('what?')))).toEqual(expected(message));
  });

  it('sends the types of message that the role allows, when the conversation is created', async () => {
    for (const [type, allowed] of [
      ['user-message', message],
      ['external-event', event],
    ] as const) {
      const user = await tenant.user({ role: name });
      const answer = user.create({ initial_message: 'Hello', initial_message_type: type });
      expect(await outcome(answer)).toEqual(allowed ? [201, null] : MISSING);
    }
    const user = await tenant.user({ role: name });
    expect(await outcome(user.create({ initial_message: 'Hello' }))).toEqual(message ? [201, null] : MISSING);
  });

  it('lets the agent speak without a message', async () => {
    const user = await tenant.user({ role: name });
    const { id } = await user.begin();
    expect(await outcome(user.interact(id, '', 'skip'))).toEqual(TAKEN);
  });
});

it('leaves nothing stored of a recording whose type of message the role refuses', async () => {
  const user = await tenant.user({ role: 'UserMessages' });
  const { id } = await user.begin();
  const form = new FormData();
  form.set('recorded_message', new File([recordingOf('The bell rang.')], 'a.wav', { type: 'audio/wav' }));
  form.set('initial_message_type', 'external-event');
  const path = `/conversation/${id}/interact?request_format=voice&response_format=text`;
  expect(await outcome(user.request(path, { method: 'POST', body: form }))).toEqual(MISSING);
  expect(await outcome(user.interact(id, 'what?'))).toEqual(TAKEN);
  const { messages } = await user.get<{ messages: object[] }>(`/conversation/${id}/messages/`);
  expect(messages).toHaveLength(3);
});

/** The conversation after a turn in which the agent thinks, and what the turn's stream told. */
async function thinkingTurn(user: Client) {
  const { id } = await user.begin();
  const response = await user.interact(id, 'I would like apples');
  const events: StreamedEvent[] = parseLines(await response.text());
  return { id, events, interaction: String(events.at(-1)?.interaction_id) };
}

async function thoughtsOf(user: Client, id: string): Promise<string[]> {
  const path = `/conversation/${id}/messages/?message_type=agent-inner-thought`;
  const { messages } = await user.get<{ messages: { message: string }[] }>(path);
  return messages.map(({ message }) => message);
}

function actionsOf(events: readonly StreamedEvent[]): { type: string; annotation?: string }[] {
  return events.flatMap(({ type, action }) =>
    type === 'current-agent-action' ? [action as { type: string }] : [],
  );
}

describe('a visitor', () => {
  it('holds, reads, lists and ends their own conversations', async () => {
    const visitor = await tenant.user({ role: 'DefaultVisitorRole' });
    const { id, interaction } = await thinkingTurn(visitor);
    const { messages } = await visitor.get<{ messages: object[] }>(`/conversation/${id}/messages/`);
    expect(messages).toHaveLength(3);
    const listed = await visitor.get<{ conversations: { id: string; final_message: string }[] }>(
      '/conversation/',
    );
    expect(listed.conversations.map((conversation) => conversation.id)).toEqual([id]);
    expect(listed.conversations[0]?.final_message).not.toBe('');
    const recommended = `/conversation/${id}/interaction/${interaction}/recommend_responses`;
    expect(await outcome(visitor.post(recommended, {}))).toEqual(TAKEN);
    const { services } = await visitor.get<{ services: { id: string }[] }>('/service/');
    expect(services.map((service) => service.id)).toContain(SERVICE);
    const starter = { service_id: SERVICE, facets: ['apples'], min_count: 1, max_count: 1 };
    expect(
      await outcome(
        visitor.post('/conversation/conversation_starter', { ...starter, generation_instructions: 'x' }),
      ),
    ).toEqual(TAKEN);
    expect((await visitor.post(`/conversation/${id}/finish/`)).status).toBe(204);
  });

  it('sees no insights, actions and thoughts', async () => {
    const visitor = await tenant.user({ role: 'DefaultVisitorRole' });
    const { id, events, interaction } = await thinkingTurn(visitor);
    expect(actionsOf(events)).toEqual([]);
    expect(await thoughtsOf(visitor, id)).toEqual([]);
    const insights = `/conversation/${id}/interaction/${interaction}/insights`;
    expect(await outcome(visitor.request(insights))).toEqual(MISSING);
    expect(JSON.stringify(events)).not.toContain('They want fruit.');
  });

  it('finds no conversation of another user', async () => {
    const [visitor, other] = [
      await tenant.user({ role: 'DefaultVisitorRole' }),
      await tenant.user({ role: 'DefaultVisitorRole' }),
    ];
    const { id } = await other.begin();
    expect(await outcome(visitor.request(`/conversation/${id}/messages/`))).toEqual([
      404,
      'conversation_not_found',
    ]);
    expect((await visitor.get<{ conversations: object[] }>('/conversation/')).conversations).toEqual([]);
  });
});

describe('the thoughts of an agent', () => {
  it('are told by stream, messages and insights to a user who may read them', async () => {
    const user = await tenant.user();
    const { id, events } = await thinkingTurn(user);
    expect(actionsOf(events)).toContainEqual(expect.objectContaining({ annotation: 'They want fruit.' }));
    expect(await thoughtsOf(user, id)).toEqual(['They want fruit.']);
  });

  it('are left out of the stream for a user who sees actions and may not read them', async () => {
    const user = await tenant.user({ role: 'Actions' });
    const { id, events } = await thinkingTurn(user);
    expect(actionsOf(events)).toContainEqual(expect.objectContaining({ annotation: '' }));
    expect(JSON.stringify(events)).not.toContain('They want fruit.');
    expect(await thoughtsOf(user, id)).toEqual([]);
  });
});
