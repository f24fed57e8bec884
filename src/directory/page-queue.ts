/** Maximum number of pages that wait in a shard. Together they take less than half a second. */
export const MAX_WAITING_PAGES = 64;
/** Message of the error of a page for which there is no room. Of an error, a call of another object keeps the message alone. */
export const TOO_MANY_PAGES = 'Too many pages of this list are being read.';
/**
 * Pause after each page, in milliseconds: five times as long as a page takes, so that at most a sixth of the shard's
 * time goes into pages. Calls that arrive meanwhile, such as the report of a turn, pass before the next page.
 */
export const PAUSE_MS = 5;

/**
 * Lets a shard read one page at a time, with a pause after each. A page is one synchronous step, and calls of an object run
 * in the order in which they arrive: without the queue the report of a turn waits for every page that came before it.
 */
export class PageQueue {
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  /** Returns the result of `read` when its turn has come. Throws `TOO_MANY_PAGES`, and reads nothing, where too many wait. */
  async read<T>(read: () => T): Promise<T> {
    if (this.#isBusy) {
      if (this.#waiting.length >= MAX_WAITING_PAGES) throw new Error(TOO_MANY_PAGES);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
    this.#isBusy = true;
    try {
      return read();
    } finally {
      setTimeout(() => this.#next(), PAUSE_MS);
    }
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isBusy = false;
    else next();
  }
}
