import { ConversationMetrics } from '../../contract/insights.ts';
import { operation, signedIn } from '../operation.ts';
import { BEING_CREATED, COMMON_ANSWERS, CommonHeaders, ConversationParams, NoQuery } from '../parameters.ts';
import { read } from './conversation-calls.ts';

/** Tells the metrics of a conversation, which are computed once it is finished. */
export const getConversationMetrics = operation(
  {
    id: 'get-conversation-metrics',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Get the metrics of a conversation',
    description:
      'Tells the values of the metrics that the organization defines, and whether they are computed yet. They are computed after the conversation is finished.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/metrics',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Conversation:GetInteractionInsights', on: 'the conversation' }],
      impactedBy: [],
    },
    params: ConversationParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The metrics.',
        content: { type: 'application/json', schema: ConversationMetrics },
      },
      404: { description: 'The organization or the conversation does not exist.' },
      409: BEING_CREATED,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, answer }) => {
    const { caller } = signedIn(c);
    const question = { env, caller, conversationId: params.conversation_id };
    return answer(await read(question, (stub) => stub.metrics(caller)));
  },
);
