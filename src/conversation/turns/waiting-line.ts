/** The most that wait for a turn to end: enough for a person who types faster than the agent answers. */
export const MAX_WAITING = 8;
/** The longest time that one waits, in milliseconds, before it is told that the conversation is busy. */
export const MAX_WAIT_MS = 60_000;

export interface WaitingLineOptions<Entry> {
  /** Is called with an entry whose time is over, after it has left the line. */
  late: (entry: Entry) => void;
  max?: number;
  waitMs?: number;
}

/**
 * The requests that wait for a conversation's turn to end, in the order of their arrival. It is in memory alone: what
 * waits was not accepted yet, and its sender is told when it cannot be.
 */
export class WaitingLine<Entry> {
  readonly #waiting = new Map<Entry, ReturnType<typeof setTimeout>>();
  readonly #late: (entry: Entry) => void;
  readonly #max: number;
  readonly #waitMs: number;

  constructor({ late, max = MAX_WAITING, waitMs = MAX_WAIT_MS }: WaitingLineOptions<Entry>) {
    this.#late = late;
    this.#max = max;
    this.#waitMs = waitMs;
  }

  get length(): number {
    return this.#waiting.size;
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#max;
  }

  /** Joins the line at its end. Returns whether there was room. */
  join(entry: Entry): boolean {
    if (this.isFull || this.#waiting.has(entry)) return false;
    const timer = setTimeout(() => {
      if (this.leave(entry)) this.#late(entry);
    }, this.#waitMs);
    this.#waiting.set(entry, timer);
    return true;
  }

  /** Returns the first entry that `matches`; `null` when none does. It stays in the line. */
  find(matches: (entry: Entry) => boolean): Entry | null {
    return this.#waiting.keys().find(matches) ?? null;
  }

  /** Takes an entry out of the line. Returns whether it was in it. */
  leave(entry: Entry): boolean {
    clearTimeout(this.#waiting.get(entry) ?? null);
    return this.#waiting.delete(entry);
  }

  /**
   * Takes those at the head of the line that one turn can answer together: the first, and each next one as long as it
   * `fits` the first. Nothing is taken past one that does not fit, so that the order of the messages stays.
   */
  takeTogether(fits: (first: Entry, next: Entry) => boolean = () => true): Entry[] {
    const taken: Entry[] = [];
    for (const entry of [...this.#waiting.keys()]) {
      const [first = entry] = taken;
      if (!fits(first, entry) && taken.length > 0) break;
      this.leave(entry);
      taken.push(entry);
    }
    return taken;
  }
}
