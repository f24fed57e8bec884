/** Decides about a request that arrives at a conversation. Pure, and decided without an await. */
import type { BusyPolicy } from '../../contract/turns.ts';
import type { TurnPhase } from './stop.ts';

/** The most times that one interaction's walk begins, anew because of further messages. */
export const MAX_ATTEMPTS = 5;

/** The place of the request with the same key, and whether the contents are the same; `nothing` when there is none. */
export type KeyMatch = { of: 'nothing' } | { of: 'running' | 'waiting' | 'stored'; sameContent: boolean };

/** The request that arrives. */
export interface Arriving {
  match: KeyMatch;
  if_busy: BusyPolicy;
  /** True when it says something: a skip does not, so there is nothing for a running walk to consider. */
  hasMessage: boolean;
  /** True when it wants its answer in the format of the running turn. */
  sameFormat: boolean;
}

/** The turn that runs. */
export interface RunningTurn {
  phase: Exclude<TurnPhase, 'waiting' | 'committed' | 'void'>;
  /** The number of times that its walk has begun, from 1. */
  attempts: number;
  /** True once the walk has called a tool: a second walk would call it again. */
  calledTools: boolean;
  /** True while it is being stopped. */
  isStopping: boolean;
}

/** The conversation as the request finds it. `reserving` is before the first turn of a create has begun. */
export type Standing =
  | { state: 'open' | 'finished'; running: null; isLineFull: boolean }
  | { state: 'creating' | 'open'; running: RunningTurn; isLineFull: boolean }
  | { state: 'reserving'; running: null; isLineFull: boolean };

/** The decision about a request. */
export type Decision =
  /** Begins a turn. */
  | { kind: 'begin' }
  /** Follows the running turn, or the waiting request's, from its first event. */
  | { kind: 'attach'; to: 'running' | 'waiting' }
  /** Gets the stored turn's events once more. */
  | { kind: 'replay' }
  /** Joins the line. */
  | { kind: 'wait' }
  /** The running walk begins anew, with what waits and with this message. */
  | { kind: 'restart' }
  /** Joins the line, and the running turn is stopped. */
  | { kind: 'stop_and_wait' }
  | { kind: 'refuse'; code: RefusalCode };

/** `line_full` and `creating` are `operation_in_progress` too, with `waiting` or with `Retry-After: 1`. */
export type RefusalCode =
  'idempotency_key_reused' | 'operation_in_progress' | 'line_full' | 'creating' | 'conversation_finished';

/** Decides about a request of a caller who may take a turn in the conversation. */
export function decide(arriving: Arriving, standing: Standing): Decision {
  const { match } = arriving;
  if (match.of !== 'nothing') {
    if (!match.sameContent) return refuse('idempotency_key_reused');
    return match.of === 'stored' ? { kind: 'replay' } : { kind: 'attach', to: match.of };
  }
  switch (standing.state) {
    case 'reserving':
    case 'creating':
      return refuse('creating');
    case 'finished':
      return refuse('conversation_finished');
    case 'open':
      return standing.running === null
        ? { kind: 'begin' }
        : whileRunning(arriving, standing.running, standing.isLineFull);
  }
}

function whileRunning(arriving: Arriving, running: RunningTurn, isLineFull: boolean): Decision {
  const { if_busy } = arriving;
  if (if_busy === 'reject') return refuse('operation_in_progress');
  if (if_busy === 'interrupt' && mayRestart(arriving, running)) return { kind: 'restart' };
  if (isLineFull) return refuse('line_full');
  const stops = if_busy === 'interrupt' && running.phase === 'speaking' && !running.isStopping;
  return { kind: stops ? 'stop_and_wait' : 'wait' };
}

/** Returns whether the running walk can begin anew with a further message: it has said nothing and changed nothing outside. */
function mayRestart({ hasMessage, sameFormat }: Arriving, running: RunningTurn): boolean {
  const { phase, attempts, calledTools, isStopping } = running;
  const isEarly = phase === 'hearing' || phase === 'walking';
  return isEarly && hasMessage && sameFormat && !calledTools && !isStopping && attempts < MAX_ATTEMPTS;
}

function refuse(code: RefusalCode): Decision {
  return { kind: 'refuse', code };
}
