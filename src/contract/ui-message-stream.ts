/**
 * The chunks of an AI SDK UI message stream, version 1, that the chat operations send. Clients know more kinds of chunk;
 * these are the ones that a turn needs.
 */
import * as z from 'zod';
import { AgentAction } from './agent-actions.ts';

/** The facts about a message of the agent, as its client gets them. */
export const UiMessageMetadata = z
  .object({
    conversation_id: z.string().meta({ description: 'The conversation that the chat stands for.' }),
    interaction_id: z.string().meta({ description: 'The interaction that made the message.' }),
    message_id: z.string().optional().meta({ description: 'The stored message; at the end of the stream.' }),
    conversation_completed: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the conversation ended with this message; at the end of the stream.' }),
    stopped: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the message was cut short at the wish of the user.' }),
  })
  .meta({ id: 'UIMessageMetadata' });

export type UiMessageMetadata = z.infer<typeof UiMessageMetadata>;

/** One chunk: the `data` of one server-sent event. The last event of a stream has the data `[DONE]` instead. */
export const UiMessageChunk = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('start'),
      messageId: z.string().meta({ description: 'The identifier of the interaction.' }),
      messageMetadata: UiMessageMetadata,
    }),
    z.object({
      type: z.literal('data-agent-action'),
      data: AgentAction,
      transient: z.literal(true).meta({ description: 'It does not become a part of the message.' }),
    }),
    z.object({ type: z.literal('text-start'), id: z.string() }),
    z.object({ type: z.literal('text-delta'), id: z.string(), delta: z.string() }),
    z.object({ type: z.literal('text-end'), id: z.string() }),
    z.object({
      type: z.literal('finish'),
      finishReason: z
        .enum(['stop', 'interrupted'])
        .meta({ description: '`interrupted` when the user stopped it.' }),
      messageMetadata: UiMessageMetadata,
    }),
    z.object({
      type: z.literal('error'),
      errorText: z.string().meta({ description: 'What happened, in one sentence. Nothing was stored.' }),
    }),
  ])
  .meta({ id: 'UIMessageChunk', description: 'A chunk of an AI SDK UI message stream, version 1.' });

export type UiMessageChunk = z.infer<typeof UiMessageChunk>;

/** A message of a chat, in the form that clients of the AI SDK keep. */
export const UiMessage = z
  .object({
    id: z.string().meta({
      description: 'Of the agent: the interaction, as in the stream. Of the user: the stored message.',
    }),
    role: z.enum(['user', 'assistant']),
    parts: z.array(z.object({ type: z.literal('text'), text: z.string() })),
    metadata: UiMessageMetadata.optional().meta({ description: 'Of the agent only.' }),
  })
  .meta({ id: 'UIMessage' });

/** A message of a chat, in the form that clients of the AI SDK keep. */
export type UiMessage = z.infer<typeof UiMessage>;

/** The conversation behind a chat, as far as it goes. */
export const ChatAnswer = z
  .object({
    conversation_id: z.string().meta({ description: 'The conversation that the chat stands for.' }),
    is_finished: z.boolean().meta({ description: 'Whether it is finished: then nothing more can be said.' }),
    messages: z.array(UiMessage).meta({
      description:
        'The newest messages, the oldest of them first. While an answer is running, the message that it answers is ' +
        'the last one.',
    }),
  })
  .meta({ id: 'ChatAnswer' });

/** The conversation behind a chat, as far as it goes. */
export type ChatAnswer = z.infer<typeof ChatAnswer>;
