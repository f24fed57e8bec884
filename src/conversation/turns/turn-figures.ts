import type { ModelCall } from '../../contract/insights.ts';
import type { UsageMeter } from '../../agent/usage.ts';

/** The cause of a stop: a request to stop the turn, a message that takes its place, or a budget that is spent. */
export type StoppedBy = 'user' | 'message' | 'budget';

/** The figures of one run of a turn, for the log: times, calls and usage. Times are milliseconds since 1970. */
export class TurnFigures {
  readonly begunAt: number;
  /** Time that the request waited for another turn to end, in milliseconds. */
  readonly waitedMs: number;
  /** The time of the first piece of the answer; null before it. */
  firstPieceAt: number | null = null;
  /** Number of tool calls that were begun. */
  toolCalls = 0;
  /** The cause of a stop; null for a turn that was not stopped. */
  stoppedBy: StoppedBy | null = null;
  readonly #meters: UsageMeter[] = [];

  constructor(begunAt: number, waitedMs: number) {
    this.begunAt = begunAt;
    this.waitedMs = waitedMs;
  }

  /** Adds the meter of a walk. A turn that begins anew has one for each walk. */
  meter(meter: UsageMeter): UsageMeter {
    this.#meters.push(meter);
    return meter;
  }

  /** Notes a piece of the answer. */
  spoke(now: number): void {
    this.firstPieceAt ??= now;
  }

  /** The calls of models that gave something, over all walks. */
  get modelCalls(): ModelCall[] {
    return this.#meters.flatMap(({ calls }) => calls);
  }

  /** The number of calls of models that gave nothing. */
  get failedModelCalls(): number {
    return this.#meters.reduce((sum, { begun, calls }) => sum + begun - calls.length, 0);
  }
}
