import * as z from 'zod';
import { fieldErrors, invalidRequest } from '../../edge/input.ts';
import { atMost, listOfAtMost } from '../../registry/primitives.ts';
import { MessageText } from '../message-text.ts';
import { MAX_NAME_LENGTH } from '../parameters.ts';

/** The identifier of a chat and of a message: an `Idempotency-Key` too, so that it has the same form. */
export const ChatIdentifier = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must consist of visible ASCII characters')
  .max(255)
  .meta({ pattern: '^[!-~]+$', maxLength: 255 });

/** A client sends its whole history by default: about 500 questions with their answers. */
export const MAX_MESSAGES = 1_000;
/** The most parts of a message. */
export const MAX_PARTS = 100;
/** A text of the history is not read; that of the last message has the bound of a message. */
export const MAX_HISTORY_TEXT_LENGTH = 1_000_000;

/** The version set of a chat that begins. */
export const SERVICE_VERSION_SET = atMost(MAX_NAME_LENGTH).default('release').meta({
  description: 'The version set of a chat that begins; `edge` is always the latest.',
});

/** A message of the client's history, as far as it is looked at: only the last one counts. */
const HistoryMessage = z.object({
  id: atMost(255),
  role: z.enum(['system', 'user', 'assistant']),
  parts: z
    .array(z.object({ type: atMost(MAX_NAME_LENGTH), text: atMost(MAX_HISTORY_TEXT_LENGTH).optional() }))
    .max(MAX_PARTS),
});

/** The body that `DefaultChatTransport` of the AI SDK sends. Members that it does not name are left alone. */
export const ChatBody = z
  .object({
    id: ChatIdentifier.meta({ description: 'The identifier of the chat, chosen by the client.' }),
    messages: listOfAtMost(HistoryMessage, MAX_MESSAGES, 1).meta({
      description:
        'The messages of the chat. Only the last one is read: a message of the user whose parts are text. Its ' +
        'identifier is the key by which it is said once.',
    }),
    trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message').meta({
      description: '`submit-message`. An answer cannot be made again.',
    }),
    messageId: atMost(255).nullish().meta({ description: 'Not set: earlier messages cannot be changed.' }),
    service_version_set_name: SERVICE_VERSION_SET,
  })
  .refine(({ trigger }) => trigger === 'submit-message', {
    path: ['trigger'],
    message: 'must be submit-message: an answer cannot be made again',
  })
  .refine(({ messageId }) => messageId == null, {
    path: ['messageId'],
    message: 'cannot be set: an earlier message cannot be changed',
  })
  .meta({ id: 'ChatRequest' });

const SaidMessage = z.object({
  id: ChatIdentifier,
  role: z.literal('user', 'must be user: the last message is the one that is answered'),
  parts: z
    .array(
      z.object({ type: z.literal('text', 'must be text: other parts are not supported'), text: MessageText }),
    )
    .min(1),
});

/** Returns the text of the last message of a chat, and the key by which it is said once. Throws 422. */
export function saidIn({ messages }: { messages: readonly unknown[] }): { key: string; text: string } {
  const at = messages.length - 1;
  const parsed = SaidMessage.safeParse(messages[at]);
  if (!parsed.success) throw invalidRequest(located(fieldErrors('body', parsed.error), at));
  const { id: key, parts } = parsed.data;
  const text = MessageText.safeParse(parts.map((part) => part.text).join('\n'));
  if (!text.success) throw invalidRequest(located(fieldErrors('body', text.error), at));
  return { key, text: text.data };
}

/** The errors of the message at an index, as errors of the body. */
function located(errors: ReturnType<typeof fieldErrors>, at: number): ReturnType<typeof fieldErrors> {
  return errors.map(({ loc: [place = 'body', ...path], ...error }) => ({
    ...error,
    loc: [place, 'messages', at, ...path],
  }));
}
