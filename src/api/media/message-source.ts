import * as z from 'zod';
import { publicOrigin } from '../../deployment/addresses.ts';
import { MessageSource } from '../../contract/messages.ts';
import { signUrl } from '../../recordings/signed-url.ts';
import { signingKeys } from '../../signing/signing-keys.ts';
import { read } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { BEING_CREATED, COMMON_ANSWERS, CommonHeaders, MessageParams } from '../parameters.ts';

/** The lives of URLs in seconds (behaviour.md). */
const LIFE_SECONDS = 10 * 60;
const LONG_LIFE_SECONDS = 12 * 60 * 60;

/** Gives a signed URL of the audio behind a voice message. */
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
        content: { type: 'application/json', schema: MessageSource },
      },
      400: { description: 'The message is a text message.' },
      404: { description: 'The organization, the conversation or the message does not exist.' },
      409: BEING_CREATED,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, query, answer }) => {
    const { caller } = signedIn(c);
    const { key, content_type } = await read(
      { env, caller, conversationId: params.conversation_id },
      (stub) => stub.recording(caller, params.message_id),
    );
    const expires = Math.floor(Date.now() / 1000) + (query.long_lived ? LONG_LIFE_SECONDS : LIFE_SECONDS);
    const { urlSecrets } = await signingKeys(env.SIGNING_KEYS);
    const url = await signUrl(publicOrigin(env, c.req.url), key, expires, urlSecrets[0]);
    return answer({ url, expires_at: new Date(expires * 1000).toISOString(), content_type });
  },
);
