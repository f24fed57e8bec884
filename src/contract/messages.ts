/** Messages, and the audio behind spoken ones. */
import * as z from 'zod';
import { MessageFormat, RECORDING_TYPES } from './formats.ts';

/** The types of message that a caller can send. */
export const SENT_MESSAGE_TYPES = ['user-message', 'external-event'] as const;
/** The type of a message that a caller can send. */
export type SentMessageType = (typeof SENT_MESSAGE_TYPES)[number];

/** The source of a message: the user, the agent, its thoughts, or an event outside the conversation. */
export const MessageType = z
  .enum(['user-message', 'agent-message', 'agent-inner-thought', 'external-event'])
  .meta({ id: 'MessageType', description: 'The source of a message.' });
/** The source of a message: the user, the agent, its thoughts, or an event outside the conversation. */
export type MessageType = z.infer<typeof MessageType>;

/** A message as a page of messages lists it. Times are RFC 3339. */
export const StoredMessage = z
  .object({
    id: z.string(),
    interaction_id: z.string().meta({ description: 'The interaction that the message belongs to.' }),
    created_at: z.iso.datetime().meta({
      description: 'When the message was made. Later than every message before it.',
    }),
    sender: z.string().meta({ description: 'The name of the sender, for people.' }),
    message: z.string().meta({ description: 'The text, or the transcript of what was said.' }),
    format: MessageFormat.meta({ description: 'The format in which the message was sent.' }),
    message_type: MessageType,
    sender_user_id: z
      .string()
      .nullish()
      .meta({
        description:
          'The user who sent the message: not always the one whose conversation it is. Null ' +
          'for what the agent wrote, for older messages, and for a caller without `User:GetUserInfo` on that user.',
        'x-extension': true,
      }),
    stopped: z.boolean().optional().meta({
      description: 'Set when the message of the agent was stopped: it is what was said until then.',
      'x-extension': true,
    }),
  })
  .meta({ id: 'MessageInstance' });
/** A message as a page of messages lists it. Times are RFC 3339. */
export type StoredMessage = z.infer<typeof StoredMessage>;

/** A page of the messages of a conversation. */
export const MessagesAnswer = z
  .object({
    messages: z.array(StoredMessage),
    has_more: z.boolean().meta({ description: 'Whether there are more messages in this order.' }),
    continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'GetConversationMessagesResponse' });
/** A page of the messages of a conversation. */
export type MessagesAnswer = z.infer<typeof MessagesAnswer>;

/** The URL of the recording or the speech behind a message. */
export const MessageSource = z
  .object({
    url: z.url().meta({ description: 'The address of the audio. It needs no credentials until it expires.' }),
    expires_at: z.iso.datetime(),
    content_type: z.enum(RECORDING_TYPES).meta({
      description:
        'What the audio is: speech and WAV `audio/wav`, MP3 `audio/mpeg`. The others, which the published API does not ' +
        'have, are recordings in the format of the browser or phone.',
    }),
  })
  .meta({ id: 'MessageSource' });
/** The URL of the recording or the speech behind a message. */
export type MessageSource = z.infer<typeof MessageSource>;
