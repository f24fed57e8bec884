import type { Caller } from '../../access/permissions.ts';
import type { TurnState } from '../../contract/turns.ts';
import { success, type Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import type { ConversationStore } from '../store.ts';
import { interactionPath, type RunningTurn } from './running-turn.ts';
import type { TurnEntrance } from './turn-entrance.ts';

/** The parts that the state of the turn is read from. */
export interface StateParts {
  access: ConversationAccess;
  store: ConversationStore;
  running: RunningTurn;
  entrance: Pick<TurnEntrance, 'waiting'>;
  deadlineMs: number;
}

/** Returns whether a turn runs, and what a client needs to follow it. It writes nothing. */
export async function turnState(
  caller: Caller,
  { access, store, running, entrance: { waiting }, deadlineMs }: StateParts,
): Promise<Outcome<TurnState>> {
  const opened = access.openTurn(caller, await access.shownTo(caller));
  if (!opened.ok) return opened;
  const { identity, state, last_interaction } = opened.value;
  const { live, lastFailure } = running;
  const turn = live?.turn ?? null;
  return success({
    is_running: turn !== null,
    interaction_id: turn?.interactionId ?? null,
    since: turn === null ? null : new Date(turn.startedAt).toISOString(),
    deadline: turn === null ? null : new Date(turn.startedAt + deadlineMs).toISOString(),
    cursor: turn?.transcript.last ?? null,
    waiting: waiting.length,
    response_format: turn?.start.response_format ?? null,
    stream: turn === null ? null : interactionPath(identity.organization, identity.id, turn.interactionId),
    is_finished: state === 'finished',
    last_interaction_id: store.interactionAt(last_interaction)?.id ?? null,
    last_outcome: lastFailure,
  });
}
