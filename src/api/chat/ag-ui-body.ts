import * as z from 'zod';
import { atMost, listOfAtMost } from '../../registry/primitives.ts';
import { MAX_NAME_LENGTH } from '../parameters.ts';
import {
  ChatIdentifier,
  MAX_HISTORY_TEXT_LENGTH,
  MAX_MESSAGES,
  MAX_PARTS,
  saidIn,
  SERVICE_VERSION_SET,
} from './chat-body.ts';

/** A part of a message's content. Only texts are read. */
const ContentPart = z.object({
  type: atMost(MAX_NAME_LENGTH),
  text: atMost(MAX_HISTORY_TEXT_LENGTH).optional(),
});

/** A message of the client's history, as far as it is looked at: only the last one counts. */
const HistoryMessage = z.object({
  id: atMost(255),
  role: atMost(MAX_NAME_LENGTH),
  content: z.union([atMost(MAX_HISTORY_TEXT_LENGTH), z.array(ContentPart).max(MAX_PARTS)]).nullish(),
});

/** The body that a client of AG-UI sends: `RunAgentInput`. Members that it does not name are left alone. */
export const AgUiBody = z
  .object({
    threadId: ChatIdentifier.meta({
      description:
        'The identifier of the chat, chosen by the client: the same as `id` of `send-chat-message`.',
    }),
    runId: atMost(255).meta({ description: 'The identifier of the run. Its events carry it.' }),
    messages: listOfAtMost(HistoryMessage, MAX_MESSAGES, 1).meta({
      description:
        'The messages of the chat. Only the last one is read: a message of the user whose content is text. Its ' +
        'identifier is the key by which it is said once.',
    }),
    forwardedProps: z
      .object({ service_version_set_name: SERVICE_VERSION_SET })
      .nullish()
      .meta({ description: 'Further members of the client.' }),
  })
  .meta({ id: 'RunAgentInput' });

/** Returns the text of the last message of a run, and the key by which it is said once. Throws 422. */
export function saidInRun({ messages }: Pick<z.infer<typeof AgUiBody>, 'messages'>): {
  key: string;
  text: string;
} {
  return saidIn({
    messages: messages.map(({ id, role, content }) => ({
      id,
      role,
      parts: typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []),
    })),
  });
}
