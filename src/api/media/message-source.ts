import * as z from 'zod';
import type { MessageRecord } from '../../conversation/records.ts';
import { problem } from '../../problems.ts';
import { read } from '../conversations/stub.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, MessageParams } from '../parameters.ts';

const SourceAnswer = z
  .object({
    url: z
      .url()
      .meta({ description: 'Where the audio is, for anybody who knows the URL, until it expires.' }),
    expires_at: z.iso.datetime(),
    content_type: z.enum(['audio/wav', 'audio/mpeg']),
  })
  .meta({ id: 'MessageSource' });

export const retrieveMessageSource = operation(
  {
    id: 'retrieve-message-source',
    tag: 'Conversation',
    summary: 'Retrieve message source',
    description: 'Gives a URL of the recording or the speech behind a voice message.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/messages/{message_id}/source',
    credentials: 'user',
    rateLimit: 30,
    access: {
      requires: [{ permission: 'Conversation:GetMessage', on: 'the message' }],
      impactedBy: [],
    },
    params: MessageParams,
    query: z.object({
      long_lived: z
        .boolean()
        .default(false)
        .meta({ description: 'Whether the URL lives for 12 hours instead of 10 minutes.' }),
    }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The URL.',
        content: { type: 'application/json', schema: SourceAnswer },
      },
      400: { description: 'The message is a text message.' },
      404: { description: 'The organization, the conversation or the message does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params }) => {
    const { caller } = signedIn(c);
    await read<MessageRecord>({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.message(caller, params.message_id),
    );
    // Voice is not configured in this version, so that every message there is came as text.
    throw problem('message_is_text', 'The message is a text message: there is no audio behind it.');
  },
);
