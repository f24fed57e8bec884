/** The turn of a conversation, as a client can look at it. Beyond the published API. */
import * as z from 'zod';
import { MessageFormat } from './formats.ts';

/** The wishes of a caller whose message arrives while a turn runs: a refusal, to wait for its end, or to speak at once. */
export const BUSY_POLICIES = ['reject', 'queue', 'interrupt'] as const;

/** A wish of a caller whose message arrives while a turn runs. */
export const BusyPolicy = z.enum(BUSY_POLICIES);
/** A wish of a caller whose message arrives while a turn runs. */
export type BusyPolicy = z.infer<typeof BusyPolicy>;

/** The answer to `get-turn`. Every member about the running turn is null while none runs. */
export const TurnState = z
  .object({
    is_running: z.boolean().meta({ description: 'Whether a turn is running.' }),
    interaction_id: z.string().nullable().meta({ description: 'The interaction that is running.' }),
    since: z.string().nullable().meta({ description: 'When it began (RFC 3339).' }),
    deadline: z.string().nullable().meta({ description: 'When it is given up (RFC 3339).' }),
    cursor: z.int().nullable().meta({ description: 'The cursor of its newest event.' }),
    waiting: z.int().meta({ description: 'How many requests wait for it to end.' }),
    response_format: MessageFormat.nullable().meta({ description: 'The format of its answer.' }),
    stream: z.string().nullable().meta({ description: 'The path of its events.' }),
    is_finished: z.boolean().meta({ description: 'Whether the conversation is finished.' }),
    last_interaction_id: z
      .string()
      .nullable()
      .meta({ description: 'The newest interaction that is stored.' }),
    last_outcome: z
      .object({
        interaction_id: z.string().meta({ description: 'The interaction that came to nothing.' }),
        code: z.string().meta({ description: 'The code of its failure.' }),
      })
      .nullable()
      .meta({
        description:
          'The failure of the last turn; null when the last turn was stored. It is kept in memory only: after the ' +
          'server was started anew it is null.',
      }),
  })
  .meta({ id: 'TurnState' });
/** The answer to `get-turn`. */
export type TurnState = z.infer<typeof TurnState>;

/** The answer to `stop-interaction`. */
export const StoppedTurn = z
  .object({
    interaction_id: z.string().meta({ description: 'The interaction.' }),
    message_id: z.string().nullable().meta({
      description:
        'The message of the agent; null when it was stopped before the agent spoke: nothing is stored.',
    }),
    full_message: z.string().nullable().meta({ description: 'The message as it is stored.' }),
    stopped: z
      .boolean()
      .meta({ description: 'Whether this request stopped it; false when it was complete already.' }),
  })
  .meta({ id: 'StoppedTurn' });
/** The answer to `stop-interaction`. */
export type StoppedTurn = z.infer<typeof StoppedTurn>;

/** The answer to `truncate-message`. */
export const TruncatedMessage = z
  .object({
    message_id: z.string().meta({ description: 'The message.' }),
    full_message: z.string().meta({ description: 'The message as it is stored now.' }),
    truncated: z.boolean().meta({ description: 'Whether anything was cut.' }),
  })
  .meta({ id: 'TruncatedMessage' });
/** The answer to `truncate-message`. */
export type TruncatedMessage = z.infer<typeof TruncatedMessage>;
