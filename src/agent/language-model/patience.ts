/** Waiting that ends: by a deadline, or with the turn. */
import { WORK_IS_DONE } from '../../deadline.ts';
import { ProviderFailure } from '../../provider-failure.ts';

/**
 * Aborts a call when its provider is silent for too long, or when the turn ends. One timer and one listener serve the
 * whole call, however many tokens come: a sign of life moves the deadline and sets no timer. A deadline that is earlier than
 * the timer's takes effect with the next `watch`: nearly every answer has ended by then.
 */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #turn: AbortSignal;
  readonly #onTurnEnd = () => this.#abort(this.#turn.reason);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #deadlineAt: number;
  /** When the timer fires. */
  #timerAt = Infinity;
  #expired = false;
  #onEnd: (() => void) | null = null;

  /** Begins to watch. `ms` is how long the provider may be silent at first. */
  constructor(ms: number, turn: AbortSignal) {
    this.#turn = turn;
    this.#deadlineAt = Date.now() + ms;
    if (turn.aborted) this.#onTurnEnd();
    else {
      turn.addEventListener('abort', this.#onTurnEnd, { once: true });
      this.#arm(ms);
    }
  }

  /** The signal of the call. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives the provider `ms` from now on. */
  extend(ms: number): void {
    this.#deadlineAt = Date.now() + ms;
  }

  /** Watches over the wait that begins. */
  watch(): void {
    // An earlier deadline than the timer's needs a new one; a later one is seen when the timer fires.
    if (this.#timer !== null && this.#deadlineAt < this.#timerAt) this.#arm(this.#deadlineAt - Date.now());
  }

  /**
   * Waits for something that can be cancelled, and cancels it when the watch ends. The work need not obey the signal of
   * the call, as a binding may not: what it yields after the end is cancelled too.
   */
  async open<T extends { cancel(): void }>(opening: Promise<T>): Promise<T> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    ended.catch(() => undefined);
    this.#onEnd = () => reject(this.signal.reason as Error);
    if (this.signal.aborted) this.#onEnd();
    opening.then((opened) => (this.signal.aborted ? opened.cancel() : undefined)).catch(() => undefined);
    const opened = await Promise.race([opening, ended]);
    this.#onEnd = () => opened.cancel();
    return opened;
  }

  /** Throws what ended the call early: the turn's end, or the deadline. */
  throwIfEnded(): void {
    this.#turn.throwIfAborted();
    if (this.#expired) throw new ProviderFailure('deadline');
  }

  /** Ends the watch, and the call unless its answer is read to its end. Safe to repeat. */
  end(isOver = false): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#turn.removeEventListener('abort', this.#onTurnEnd);
    if (!isOver) this.#abort(WORK_IS_DONE);
  }

  #abort(reason: unknown): void {
    if (this.signal.aborted) return;
    this.#controller.abort(reason);
    this.#onEnd?.();
  }

  #arm(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = Date.now() + ms;
    this.#timer = setTimeout(() => this.#look(), Math.max(ms, 0));
  }

  #look(): void {
    const left = this.#deadlineAt - Date.now();
    if (left > 0) {
      this.#arm(left);
      return;
    }
    this.#timer = null;
    this.#expired = true;
    this.#abort(new ProviderFailure('deadline'));
  }
}
