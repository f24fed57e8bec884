/** The last events of turns. Pure. */
import { failure, ProblemError, PROBLEMS, type Problem, type ProblemCode } from '../../problems.ts';
import type { ConversationRecord } from '../records.ts';
import { stopFields, usageField } from './end-fields.ts';
import type { EndEvent } from './transcript.ts';
import type { FinishedTurn } from './turn.ts';

/** The last event of a turn that came to nothing. */
export type FailureEvent = Extract<EndEvent, { type: 'error' }> & { code: ProblemCode };

/** The last event of a turn that was stored. */
export type CompleteEvent = Extract<EndEvent, { type: 'interaction-complete' }>;

/** Returns the last event of a turn that is committed. */
export function completeEvent(
  { agentMessage, interaction }: FinishedTurn,
  { state }: Pick<ConversationRecord, 'state'>,
): CompleteEvent {
  return {
    type: 'interaction-complete',
    message_id: agentMessage.id,
    interaction_id: interaction.id,
    full_message: agentMessage.text,
    conversation_completed: state === 'finished',
    ...stopFields(interaction.stopped),
    ...usageField(interaction.log.model_calls),
  };
}

/** Returns the last event of a turn that failed: what happened, and no more. */
export function failureEvent(error: unknown): FailureEvent {
  const { code, detail, extra }: Problem =
    error instanceof ProblemError
      ? error.problem
      : failure('turn_failed', 'The agent could not answer. Nothing was stored; try again.').problem;
  const { resets_at, closed_message } = extra ?? {};
  return {
    type: 'error',
    http_error_code: PROBLEMS[code][0],
    error_description: detail,
    code,
    ...(resets_at !== undefined && { resets_at }),
    ...(closed_message !== undefined && { closed_message }),
  };
}
