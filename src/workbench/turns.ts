import * as z from 'zod';
import { ContinuationToken, ConversationParams, pageLimit } from '../api/parameters.ts';
import { read } from '../api/conversations/conversation-calls.ts';
import { TurnsAnswer } from '../contract/workbench.ts';
import { MAX_REPLAY_PAGE } from '../conversation/replay.ts';
import { requireAdministrator } from './administrators.ts';
import { endpoint } from './endpoint.ts';

/**
 * The interactions of a conversation with their actions and insights, the newest first. One request shows many turns:
 * going back and forth among them must not use up what the published insights allow.
 */
export const getTurns = endpoint(
  {
    id: 'workbench-turns',
    path: '/workbench/api/:organization/conversations/:conversation_id/turns',
    params: ConversationParams,
    query: z.object({
      limit: pageLimit(MAX_REPLAY_PAGE, MAX_REPLAY_PAGE, { description: 'The most turns to return.' }),
      continuation_token: ContinuationToken,
    }),
    headers: z.object({}),
    answer: TurnsAnswer,
  },
  async ({ env, caller, params, query, answer }) => {
    const replay = await read({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.replay(caller, { after: query.continuation_token, limit: query.limit }),
    );
    requireAdministrator(env, caller, replay.service_id);
    const { next, turns, ...conversation } = replay;
    return answer({
      ...conversation,
      turns: turns.map(({ started_at, ...turn }) => ({
        ...turn,
        started_at: new Date(started_at).toISOString(),
      })),
      has_more: next !== null,
      continuation_token: next,
    });
  },
);
