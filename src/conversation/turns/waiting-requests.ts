import type { MessageFormat } from '../../contract/formats.ts';
import { failure, type Problem } from '../../problems.ts';
import type { InteractRequest } from '../requests.ts';
import type { TurnAudience } from './live-turn.ts';
import type { ReaderStream } from './reader-stream.ts';
import { refuse } from './refusal.ts';
import { MAX_WAITING, WaitingLine } from './waiting-line.ts';

/** A request that waits for a turn to end, and the streams that its events are for: one for each time it was sent. */
export interface WaitingRequest {
  request: InteractRequest;
  readers: { audience: TurnAudience; stream: ReaderStream }[];
  /** The time at which it began to wait, in milliseconds since 1970. */
  since: number;
}

/** Ends the streams of a request that waited in vain. */
export function refuseWaiting({ readers }: WaitingRequest, problem: Problem): void {
  for (const { stream } of readers) refuse(stream, problem);
}

/** The requests that wait for the running turn to end. */
export class WaitingRequests {
  readonly #line: WaitingLine<WaitingRequest>;

  /** `late` is called with a request that waited too long, after its streams were ended. */
  constructor(late: (waiting: WaitingRequest, problem: Problem) => void) {
    this.#line = new WaitingLine<WaitingRequest>({
      late: (waiting) => {
        const busy = failure('operation_in_progress', 'The conversation is busy. Send the message again.');
        refuseWaiting(waiting, busy.problem);
        late(waiting, busy.problem);
      },
    });
  }

  /** The number of requests that wait. */
  get length(): number {
    return this.#line.length;
  }

  /** True when no further request may wait. */
  get isFull(): boolean {
    return this.#line.isFull;
  }

  /** Returns the waiting request with a key; null when there is none. */
  find(key: string): WaitingRequest | null {
    return this.#line.find(({ request }) => request.key?.[0] === key);
  }

  /** Puts a request at the end of the line, which has room for it. */
  join(waiting: WaitingRequest): void {
    if (!this.#line.join(waiting)) throw new Error(`More than ${MAX_WAITING} requests would wait.`);
  }

  /**
   * Takes the requests that one turn answers together: those at the head of the line that want their answer in one format,
   * which is that of the turn if it runs already.
   */
  next(format?: MessageFormat): WaitingRequest[] {
    const head = this.#line.find(() => true);
    if (format !== undefined && head?.request.response_format !== format) return [];
    return this.#line.takeTogether(
      (first, next) => first.request.response_format === next.request.response_format,
    );
  }

  /** Takes every request that waits. */
  all(): WaitingRequest[] {
    return this.#line.takeTogether();
  }
}
