/** A valid request of every operation, for the matrices of the edge. A new operation fails there until it has one. */
import { AGENT, GRAPH, SERVICE } from '../support/organization.ts';

export interface Target {
  conversation: string;
  interaction: string;
  message: string;
}

export const NO_TARGET: Target = {
  conversation: '1'.repeat(24),
  interaction: '2'.repeat(24),
  message: '3'.repeat(24),
};

/** Things of the organization that no test makes, by the name of their parameter. */
const NOTHING: Readonly<Record<string, string>> = {
  requested_user_id: '4'.repeat(24),
  user_id: '4'.repeat(24),
  role_name: 'NoSuchRole',
  api_key_id: '5'.repeat(24),
  service_id: SERVICE,
  agent_id: '6'.repeat(24),
  service_hierarchical_state_machine_id: '7'.repeat(24),
  chat_id: 'no-such-chat',
  version_set_name: 'canary',
};

function json(body: unknown, method = 'POST'): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function form(): RequestInit {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', 'what?');
  return { method: 'POST', body };
}

/** Returns the content of a small version of a graph. */
export function graphContent(): Record<string, unknown> {
  const state = {
    type: 'action',
    intra_state_navigation_guidelines: [],
    action_guidelines: [],
    boundary_constraints: [],
    action_tool_call_specs: [],
    exit_condition_tool_call_specs: [],
    skip_active_memory_retrieval: true,
  };
  return {
    description: 'Of a test.',
    states: [
      {
        ...state,
        name: 'greet',
        objective: 'Greet the user.',
        actions: ['Say hello.'],
        exit_conditions: [{ description: 'The user says goodbye.', next_state: 'end' }],
      },
      { ...state, name: 'end', objective: 'End.', actions: ['Say goodbye.'], exit_conditions: [] },
    ],
    new_user_initial_state: 'greet',
    returning_user_initial_state: 'greet',
    terminal_state: 'end',
    references: {},
    global_intra_state_navigation_guidelines: [],
    global_action_guidelines: [],
    global_boundary_constraints: [],
  };
}

/** Query and body by operation; what is not here is a GET without a query. */
const INPUTS: Record<string, () => { query?: string; init?: RequestInit }> = {
  'sign-in-with-api-key': () => ({ init: { method: 'POST' } }),
  'get-organization': () => ({}),
  'get-services': () => ({}),
  'create-conversation': () => ({ query: '?response_format=text', init: json({ service_id: SERVICE }) }),
  'get-conversations': () => ({}),
  'interact-with-conversation': () => ({ query: '?request_format=text&response_format=text', init: form() }),
  'get-conversation-messages': () => ({}),
  'finish-conversation': () => ({ init: { method: 'POST' } }),
  'erase-conversation': () => ({ init: { method: 'DELETE' } }),
  'get-user-erasure': () => ({}),
  'export-conversation': () => ({}),
  'export-user': () => ({}),
  'recommend-responses-for-interaction': () => ({ init: json({}) }),
  'get-interaction-insights': () => ({}),
  'retrieve-message-source': () => ({}),
  'generate-conversation-starter': () => ({
    init: json({
      service_id: SERVICE,
      facets: ['apples'],
      min_count: 1,
      max_count: 1,
      generation_instructions: 'x',
    }),
  }),
  'modify-tags-of-conversation': () => ({ init: json({}) }),
  'get-turn': () => ({}),
  'stream-interaction': () => ({}),
  'create-invited-user': () => ({
    init: json({
      first_name: 'Nell',
      last_name: 'New',
      email: `nell.${crypto.randomUUID()}@example.com`,
      role_name: 'DefaultUserRole',
    }),
  }),
  'get-users': () => ({}),
  'search-users': () => ({ query: '?query=ali' }),
  'update-user-info': () => ({ init: json({}) }),
  'modify-user-variables': () => ({ init: json({}) }),
  'delete-user': () => ({ init: { method: 'DELETE' } }),
  'get-user-model': () => ({}),
  'get-memories': () => ({}),
  'create-role': () => ({
    init: json({
      role_name: `Role ${crypto.randomUUID()}`,
      description: 'Of a test.',
      permission_grants: [],
      frontend_view: 'client',
    }),
  }),
  get_roles_v1__organization__role__get: () => ({}),
  'modify-role': () => ({ init: json({}) }),
  'assign-role': () => ({ init: json({ user_id: '4'.repeat(24) }) }),
  'create-service': () => ({
    init: json({
      name: `Service ${crypto.randomUUID()}`,
      description: 'Of a test.',
      is_active: true,
      agent_id: AGENT,
      service_hierarchical_state_machine_id: GRAPH,
      keyterms: [],
      tags: {},
    }),
  }),
  'update-service': () => ({ init: json({}) }),
  'upsert-service-version-set': () => ({
    init: json(
      {
        version_set: {
          agent_version_number: null,
          service_hierarchical_state_machine_version_number: null,
          llm_model_preferences: {},
        },
      },
      'PUT',
    ),
  }),
  'delete-service-version-set': () => ({ init: { method: 'DELETE' } }),
  'modify-organization': () => ({ init: json({}) }),
  'delete-organization': () => ({ init: { method: 'DELETE' } }),
  'create-agent': () => ({ init: json({ agent_name: `Agent ${crypto.randomUUID()}` }) }),
  'get-agents': () => ({}),
  'create-agent-version': () => ({ init: json({}) }),
  'get-agent-versions': () => ({}),
  'delete-agent': () => ({ init: { method: 'DELETE' } }),
  'create-service-hierarchical-state-machine': () => ({
    init: json({ state_machine_name: `Graph ${crypto.randomUUID()}` }),
  }),
  'get-service-hierarchical-state-machines': () => ({}),
  'create-service-hierarchical-state-machine-version': () => ({
    query: '?dry_run=true',
    init: json(graphContent()),
  }),
  'get-service-hierarchical-state-machine-versions': () => ({}),
  'delete-service-hierarchical-state-machine': () => ({ init: { method: 'DELETE' } }),
  'get-user-dimensions': () => ({}),
  'get-changes': () => ({}),
  'get-usage': () => ({}),
  'create-api-key': () => ({ init: json({ name: null, duration: 'P1D', role_name: 'DefaultUserRole' }) }),
  'get-api-keys': () => ({}),
  'delete-api-key': () => ({ init: { method: 'DELETE' } }),
  'stop-interaction': () => ({ init: json({}) }),
  'truncate-message': () => ({ init: json({}) }),
  'get-conversation-metrics': () => ({}),
  'send-chat-message': () => ({
    init: json({
      id: 'chat',
      messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text: 'what?' }] }],
      trigger: 'submit-message',
    }),
  }),
  'run-agent': () => ({
    init: json({
      threadId: 'chat',
      runId: 'run',
      state: {},
      messages: [{ id: 'm', role: 'user', content: 'what?' }],
      tools: [],
      context: [],
      forwardedProps: {},
    }),
  }),
  'get-chat': () => ({}),
  'resume-chat': () => ({}),
  'stop-chat': () => ({ init: { method: 'POST' } }),
  'get-visitor-challenge': () => ({ query: `?service_id=${SERVICE}` }),
  'adopt-visitor': () => ({ init: json({ visitor_token: 'none' }) }),
  'create-visitor': () => ({ init: json({ service_id: SERVICE }) }),
};

/** A request that nothing is wrong with but, perhaps, who sends it. */
export function validRequest(
  { id, path }: { id: string; path: string },
  organization: string,
  target: Target,
  headers: Record<string, string>,
): Request {
  const input = INPUTS[id];
  if (input === undefined) throw new Error(`Give "${id}" a valid request in test/edge/requests.ts.`);
  const { query = '', init = {} } = input();
  const filled = path
    .replace('{organization}', organization)
    .replace('{conversation_id}', target.conversation)
    .replace('{interaction_id}', target.interaction)
    .replace('{message_id}', target.message)
    .replaceAll(/\{(\w+)\}/g, (parameter, name: string) => NOTHING[name] ?? parameter);
  const request = new Request(`http://localhost${filled}${query}`, init);
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  return request;
}
