import { logInfo } from '../../log.ts';
import type { Recordings } from '../recordings.ts';
import { recordingOf } from '../requests.ts';
import type { ConversationStore } from '../store.ts';
import { MAX_RUNS, type AcceptedTurns } from './accepted-turns.ts';
import type { RunningTurn } from './running-turn.ts';
import type { TurnReports } from './turn-reports.ts';
import type { TurnRunner } from './turn-runner.ts';

/** The parts that recovery needs. */
export interface RecoveryParts {
  store: ConversationStore;
  recordings: Recordings;
  accepted: AcceptedTurns;
  running: RunningTurn;
  runner: TurnRunner;
  reports: TurnReports;
}

/** Runs turns again whose process died: under the same identifiers, and with the same keys of tool calls. */
export class Recovery {
  readonly #parts: RecoveryParts;
  /** True once it is known that nothing is to be recovered: only a fresh object can have such a turn. */
  #isDone = false;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Begins the turn that the last process of the object left, if there is one. It awaits nothing. */
  recover(): void {
    if (this.#isDone) return;
    const { store, accepted, running, runner, recordings, reports } = this.#parts;
    const record = store.load();
    if (running.isRunning) return;
    this.#isDone = true;
    const turn = record?.state === 'open' ? accepted.pending(record) : null;
    if (record === null || turn === null) return;
    reports.died(record.identity, turn);
    const about = {
      conversation_id: record.identity.id,
      interaction_id: turn.interaction_id,
      runs: turn.runs,
    };
    const keys = turn.submissions.flatMap(({ message }) => recordingOf(message)?.key ?? []);
    if (turn.runs >= MAX_RUNS || !recordings.hold(keys)) {
      logInfo('turn_given_up', about);
      store.forgetAccepted();
      return;
    }
    logInfo('turn_recovered', about);
    const { submissions, response_format, caller } = turn;
    const start = { submissions, response_format, returning: false };
    const audience = { caller: { ...caller, grants: [] }, filter: () => false };
    runner.begin(record, start, audience, turn);
  }
}
