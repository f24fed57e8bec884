import * as z from 'zod';
import { RecommendedResponses } from '../../contract/conversations.ts';
import { textOfAtMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import {
  BEING_CREATED,
  COMMON_ANSWERS,
  MODEL_SILENT,
  CommonHeaders,
  InteractionParams,
  MAX_INSTRUCTIONS_LENGTH,
  NoQuery,
} from '../parameters.ts';
import { read } from './conversation-calls.ts';

/** The persona and the scenario when the caller names none: a user who needs what the service offers. */
const DEFAULT_CONTEXT =
  'PERSONA: a user who needs what this service offers. SCENARIO: the user wants to reach the objective of the service.';

const RecommendBody = z
  .object({
    context: textOfAtMost(MAX_INSTRUCTIONS_LENGTH).default(DEFAULT_CONTEXT).meta({
      description: 'Who answers, and in which situation: the responses fit it.',
    }),
  })
  .prefault({})
  .meta({ id: 'RecommendResponsesRequest' });

/** Recommends responses to the latest interaction. */
export const recommendResponses = operation(
  {
    id: 'recommend-responses-for-interaction',
    tag: 'Conversation',
    summary: 'Recommend responses for interaction',
    description: 'Says what the user could answer to the latest interaction.',
    method: 'post',
    path: '/v1/{organization}/conversation/{conversation_id}/interaction/{interaction_id}/recommend_responses',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Conversation:GetRecommendedResponses', on: 'the conversation' }],
      impactedBy: [],
    },
    params: InteractionParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: RecommendBody,
    answers: {
      200: {
        description: 'What the user could say.',
        content: { type: 'application/json', schema: RecommendedResponses },
      },
      400: {
        description: 'The conversation is finished, or the interaction is not its latest completed one.',
      },
      404: { description: 'The organization or the conversation does not exist.' },
      409: BEING_CREATED,
      502: MODEL_SILENT,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, body, answer }) => {
    const { caller } = signedIn(c);
    const recommended_responses = await read(
      { env, caller, conversationId: params.conversation_id },
      (stub) => stub.recommendResponses(caller, params.interaction_id, body.context),
    );
    return answer({ recommended_responses });
  },
);
