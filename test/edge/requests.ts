/** A valid request of every operation, for the matrices of the edge. A new operation fails there until it has one. */
import type { Operation } from '../../src/api/operation.ts';
import { SERVICE } from '../support/organization.ts';

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

function json(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function form(): RequestInit {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', 'what?');
  return { method: 'POST', body };
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
};

/** A request that nothing is wrong with but, perhaps, who sends it. */
export function validRequest(
  { id, path }: Operation,
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
    .replace('{message_id}', target.message);
  const request = new Request(`http://localhost${filled}${query}`, init);
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  return request;
}
