import { InteractionInsights } from '../../contract/insights.ts';
import { operation, signedIn } from '../operation.ts';
import { BEING_CREATED, COMMON_ANSWERS, CommonHeaders, InteractionParams, NoQuery } from '../parameters.ts';
import { read } from './conversation-calls.ts';

/** Tells the way of the agent to its message in one interaction. */
export const getInteractionInsights = operation(
  {
    id: 'get-interaction-insights',
    tag: 'Conversation',
    summary: 'Get interaction insights',
    description:
      'Tells how the agent came to its message in an interaction: the state, the action, and the way there.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/interaction/{interaction_id}/insights',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [
        { permission: 'Conversation:GetInteractionInsights', on: 'the conversation' },
        {
          permission: 'Organization:GetServiceHierarchicalStateMachine',
          on: 'the context graph of the interaction',
        },
      ],
      impactedBy: [
        { permission: 'Conversation:GetMessage', effect: 'Only reflections with it are included.' },
      ],
    },
    params: InteractionParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The insights.',
        content: { type: 'application/json', schema: InteractionInsights },
      },
      404: { description: 'The organization, the conversation or the interaction does not exist.' },
      409: BEING_CREATED,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, answer }) => {
    const { caller } = signedIn(c);
    const insights = await read({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.insights(caller, params.interaction_id),
    );
    return answer(insights);
  },
);
