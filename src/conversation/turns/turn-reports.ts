import type { Env } from '../../bindings.ts';
import { modelProvider } from '../../deployment/models.ts';
import { logError, logInfo } from '../../log.ts';
import type { ProblemCode } from '../../problems.ts';
import type { ConversationIdentity } from '../records.ts';
import type { AcceptedTurn } from './accepted-turn.ts';
import type { LiveTurn } from './live-turn.ts';
import type { EndEvent } from './transcript.ts';
import { diedLine, endedLine, refusedLine, type TurnLine } from './turn-line.ts';
import { turnPoint } from './turn-point.ts';

/**
 * Reports every run of a turn to the operator: one line of the log, and one point of Analytics Engine where `TURNS` is
 * bound. A fault of either never reaches the turn.
 */
export class TurnReports {
  readonly #env: Pick<Env, 'TURNS' | 'LLM_PROVIDER'>;
  readonly #provider: string;

  constructor(env: Pick<Env, 'TURNS' | 'LLM_PROVIDER'>) {
    this.#env = env;
    this.#provider = modelProvider(env);
  }

  /** The provider of the deployment's models; `embedded` where there is none. */
  get provider(): string {
    return this.#provider;
  }

  /** Reports a run that has ended with an event. */
  ended(live: LiveTurn, end: EndEvent): void {
    this.#report(() => endedLine(live, end, this.#provider, Date.now()));
  }

  /** Reports a run whose process died; null for the run of a create, of which nothing else is known. */
  died(identity: ConversationIdentity, accepted: AcceptedTurn | null): void {
    const run = {
      request_id: accepted?.caller.request_id ?? null,
      interaction_id: accepted?.interaction_id ?? null,
      attempt: accepted?.runs ?? 1,
    };
    this.#report(() => diedLine(identity, run, this.#provider));
  }

  /** Reports a request that waited in vain for another turn to end. */
  refused(
    identity: ConversationIdentity,
    refusal: { request_id: string; code: ProblemCode; waited_ms: number },
  ): void {
    this.#report(() => refusedLine(identity, refusal, this.#provider));
  }

  #report(make: () => TurnLine): void {
    try {
      const line = make();
      logInfo('turn', line);
      this.#env.TURNS?.writeDataPoint(turnPoint(line));
    } catch (error) {
      logError('turn_not_reported', error);
    }
  }
}
