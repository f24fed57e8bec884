import * as z from 'zod';
import { ResumedStreamEvent } from '../../contract/stream.ts';
import { atMost } from '../../registry/primitives.ts';
import { requireActionFilter } from '../conversations/action-filter.ts';
import { requestEvents } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { ActionFilterParam, COMMON_ANSWERS, CommonHeaders, InteractionParams } from '../parameters.ts';

/** A cursor: the number of an event in the log of its turn. */
const Cursor = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const StreamQuery = z.object({
  after: Cursor.optional().meta({
    description:
      'The cursor of the last event that the reader has. Without it, the stream begins with the first event.',
  }),
  live: z.boolean().default(true).meta({
    description: 'Whether to stay until the turn ends; `false` for the events that are past.',
  }),
  current_agent_action_type: ActionFilterParam,
});

const StreamHeaders = CommonHeaders.extend({
  'Last-Event-ID': atMost(15)
    .regex(/^\d*$/, 'must be a cursor')
    .optional()
    .meta({ description: 'The same as `after`, as clients of server-sent events send it. `after` wins.' }),
});

/** Streams the events of an interaction from any cursor, while it runs and afterwards. */
export const streamInteraction = operation(
  {
    id: 'stream-interaction',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Stream the events of an interaction',
    description:
      'Sends the events of an interaction behind a cursor, and then those that are still to come, until ' +
      '`interaction-complete` or `error`. `X-Replayed-To` is the cursor of the last event that was past. While the ' +
      'interaction is stored, its events are: byte for byte those of its first stream, but for fillers that were ' +
      'spoken, which come back as text. With `Accept: text/event-stream` each event is a server-sent event whose `id` is ' +
      'the cursor.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/interaction/{interaction_id}/stream',
    credentials: 'user',
    rateLimit: 60,
    access: {
      requires: [{ permission: 'Conversation:GetMessage', on: 'user messages and agent messages' }],
      impactedBy: [
        {
          permission: 'Conversation:GetConversation',
          effect: 'Without it the conversation does not exist for the caller.',
        },
        {
          permission: 'Conversation:GetInteractionInsights',
          effect: '`current-agent-action` events are sent only with it.',
        },
      ],
    },
    params: InteractionParams,
    query: StreamQuery,
    headers: StreamHeaders,
    answers: {
      200: {
        description: 'The events.',
        content: { type: 'application/x-ndjson', schema: ResumedStreamEvent },
        alsoAs: 'text/event-stream',
      },
      404: {
        description:
          'The organization, the conversation or the interaction does not exist, or the interaction came to nothing ' +
          '(`interaction_void`): nothing of it was stored.',
      },
      409: { description: 'The conversation is about to begin its first turn.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, query, headers, answer }) => {
    const { caller } = signedIn(c);
    requireActionFilter(query.current_agent_action_type);
    const lastEventId = headers['Last-Event-ID'] ?? '';
    const events = await requestEvents(
      { env, caller, conversationId: params.conversation_id },
      {
        kind: 'events',
        caller,
        interaction_id: params.interaction_id,
        action_filter: query.current_agent_action_type,
        after: query.after ?? (lastEventId === '' ? null : Number(lastEventId)),
        live: query.live,
        framing: acceptsEvents(c.req.header('accept')) ? 'sse' : 'ndjson',
      },
    );
    return answer(events);
  },
);

/** Returns whether a request asks for server-sent events. */
function acceptsEvents(accept: string | undefined): boolean {
  return accept !== undefined && /(?:^|,)\s*text\/event-stream\s*(?:[;,]|$)/i.test(accept);
}
