import * as z from 'zod';
import { ExportLine } from '../../contract/export.ts';
import { publicOrigin } from '../../deployment/addresses.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, ConversationParams } from '../parameters.ts';
import { conversationLines, exportStream } from './lines.ts';

/** Schema of the query of an export. */
export const ExportQuery = z.object({
  after: z
    .string()
    .max(200)
    .default('')
    .meta({ description: 'The `cursor` of the last line that was read; empty to begin.' }),
});

/** Exports everything that is stored about a conversation. */
export const exportConversation = operation(
  {
    id: 'export-conversation',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Export a conversation',
    description:
      'Streams everything that is stored about a conversation: its head, its messages, the URLs of their recordings, and ' +
      'how each answer came about. A broken export goes on with `after`.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/export',
    credentials: 'user',
    rateLimit: 5,
    access: {
      requires: [],
      impactedBy: [
        { permission: 'User:GetUserModel', effect: 'Needed for a conversation of the caller.' },
        { permission: 'User:ExportUserData', effect: 'Needed for a conversation of another user.' },
        { permission: 'Conversation:GetMessage', effect: 'Own messages are exported by their type.' },
        {
          permission: 'Conversation:GetInteractionInsights',
          effect: 'Own interactions are exported with it.',
        },
      ],
    },
    params: ConversationParams,
    query: ExportQuery,
    headers: CommonHeaders,
    answers: {
      200: { description: 'The lines.', content: { type: 'application/x-ndjson', schema: ExportLine } },
      404: { description: 'The organization or the conversation does not exist.' },
      409: { description: 'The conversation is being created.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, query, answer }) => {
    const { caller } = signedIn(c);
    const request = { env, caller, origin: publicOrigin(env, c.req.url) };
    const lines = conversationLines(request, params.conversation_id, query.after);
    return answer(await exportStream(lines, caller.request_id));
  },
);
