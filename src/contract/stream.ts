/** The lines of an answer's stream: the only kinds of event there are, because strict clients break on any other. */
import * as z from 'zod';
import { AgentAction } from './agent-actions.ts';
import { TurnUsage } from './insights.ts';

/** The members that every event of a turn has beyond the published API. */
const NUMBERED = {
  cursor: z
    .int()
    .optional()
    .meta({
      description:
        "The event's number in the whole log of the turn, from 1, whatever is filtered out. Resume after it. A turn that " +
        'is run again after a crash goes on at 1,000,001.',
      'x-extension': true,
    }),
  attempt: z.int().optional().meta({
    description: 'From 2: the turn began anew with this event or before it. What was told stays told.',
    'x-extension': true,
  }),
};

/** The identifier of the interaction, on the first event of a stream. */
const interactionId = z
  .string()
  .optional()
  .meta({ description: 'The identifier of the interaction.', 'x-extension': true });

/** The first event of the stream that answers a create. */
export const ConversationCreatedEvent = z
  .object({
    type: z.literal('conversation-created'),
    conversation_id: z.string().meta({ description: 'The identifier of the new conversation.' }),
    interaction_id: interactionId,
    resumed: z.boolean().optional().meta({
      description: 'Set when the conversation existed before this request (`on_unfinished=resume`).',
      'x-extension': true,
    }),
    ...NUMBERED,
  })
  .meta({ id: 'ConversationCreatedEvent', description: 'The first event of a create stream.' });

/** The first event of the stream that answers an interact; a `skip` has none. */
export const UserMessageAvailableEvent = z
  .object({
    type: z.literal('user-message-available'),
    message_id: z.string().meta({ description: 'The identifier under which the message will be stored.' }),
    user_message: z
      .string()
      .meta({ description: 'The text that was sent, or the transcript of what was said.' }),
    interaction_id: interactionId,
    ...NUMBERED,
  })
  .meta({
    id: 'UserMessageAvailableEvent',
    description:
      'The text of the message that this interaction answers. The first event of an interact stream.',
  });

/** A step of the agent. It is sent to callers who may see the insights of the conversation. */
export const CurrentAgentActionEvent = z
  .object({ type: z.literal('current-agent-action'), action: AgentAction, ...NUMBERED })
  .meta({
    id: 'CurrentAgentActionEvent',
    description: 'A step that the agent takes on its way to the answer.',
  });

/** A piece of the agent's message: text, or PCM16 audio in base64. */
export const NewMessageEvent = z
  .object({
    type: z.literal('new-message'),
    message: z.string().meta({ description: 'A piece of the text, or PCM16 audio in base64.' }),
    transcript_alignment: z
      .array(z.tuple([z.int(), z.string()]))
      .nullable()
      .meta({
        description: 'For audio: pairs of milliseconds since its start and the character spoken then.',
      }),
    stop: z.boolean().meta({ description: 'Whether this is the last piece of the message.' }),
    sequence_number: z.int().meta({ description: 'Counts the pieces of the message up by one.' }),
    message_id: z.string().meta({ description: 'The identifier of the agent message.' }),
    ...NUMBERED,
  })
  .meta({ id: 'NewMessageEvent', description: 'A piece of the message that the agent is sending.' });

/** The last event of a turn that is stored. */
export const InteractionCompleteEvent = z
  .object({
    type: z.literal('interaction-complete'),
    message_id: z.string().meta({ description: 'The identifier of the agent message.' }),
    interaction_id: z.string().meta({ description: 'The identifier of the interaction.' }),
    full_message: z.string().meta({ description: 'The whole text of the message, or its transcript.' }),
    conversation_completed: z
      .boolean()
      .meta({ description: 'Whether the conversation ended with this message.' }),
    stopped: z.boolean().optional().meta({
      description: 'Set when the answer was stopped: `full_message` is what was said until then.',
      'x-extension': true,
    }),
    stop_cause: z.literal('budget').optional().meta({
      description: 'Set when the answer was stopped because a budget was spent.',
      'x-extension': true,
    }),
    usage: TurnUsage.optional().meta({
      description:
        'The tokens and the cost of the turn, for a caller with `Conversation:GetInteractionInsights`; absent when no model was called.',
      'x-extension': true,
    }),
    ...NUMBERED,
  })
  .meta({
    id: 'InteractionCompleteEvent',
    description: 'The interaction is stored. Nothing of it can be lost now.',
  });

/** The last event of a turn that failed. Nothing of the turn is stored. */
export const ErrorEvent = z
  .object({
    type: z.literal('error'),
    http_error_code: z.int().meta({ description: 'The HTTP status that fits the error.' }),
    error_description: z.string().meta({ description: 'What happened, in one sentence.' }),
    code: z
      .string()
      .optional()
      .meta({ description: 'The stable code of the error, as in problem details.', 'x-extension': true }),
    resets_at: z.string().optional().meta({
      description: 'With the code `budget_exhausted`: when the period of the budget ends (RFC 3339).',
      'x-extension': true,
    }),
    closed_message: z.string().optional().meta({
      description: 'With the code `budget_exhausted`: what the service has to say to its users.',
      'x-extension': true,
    }),
    ...NUMBERED,
  })
  .meta({
    id: 'ErrorEvent',
    description:
      'Before interaction-complete: the call is void and nothing of it is stored. The stream ends here.',
  });

/** The events of the stream that answers a create. */
export const CreateStreamEvent = z
  .discriminatedUnion('type', [
    ConversationCreatedEvent,
    CurrentAgentActionEvent,
    NewMessageEvent,
    InteractionCompleteEvent,
    ErrorEvent,
  ])
  .meta({ id: 'CreateConversationEvent' });

/** An event of the stream that answers a create. */
export type CreateStreamEvent = z.infer<typeof CreateStreamEvent>;

/** The events of the stream that answers an interact. */
export const InteractStreamEvent = z
  .discriminatedUnion('type', [
    UserMessageAvailableEvent,
    CurrentAgentActionEvent,
    NewMessageEvent,
    InteractionCompleteEvent,
    ErrorEvent,
  ])
  .meta({ id: 'InteractWithConversationEvent' });

/** An event of the stream that answers an interact. */
export type InteractStreamEvent = z.infer<typeof InteractStreamEvent>;

/** The events of the stream from which an interaction is resumed: those of the request that began it. */
export const ResumedStreamEvent = z
  .discriminatedUnion('type', [
    ConversationCreatedEvent,
    UserMessageAvailableEvent,
    CurrentAgentActionEvent,
    NewMessageEvent,
    InteractionCompleteEvent,
    ErrorEvent,
  ])
  .meta({ id: 'InteractionEvent' });

/** An event of an answer's stream. */
export type StreamEvent = CreateStreamEvent | InteractStreamEvent;
