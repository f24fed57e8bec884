import { byId } from './elements.ts';
import { ApiError, ConnectionLostError } from './shared.ts';

/** Returns an error in words: the server's own, with the code that a developer looks up. */
function explained(error: unknown): string {
  if (error instanceof ApiError) {
    const wait = error.retryAfterSeconds === null ? '' : ` Wait ${error.retryAfterSeconds} s.`;
    return `${error.message}${error.code === '' ? '' : ` (${error.code})`}${wait}`;
  }
  if (error instanceof ConnectionLostError) {
    return 'The connection was lost. The turn may have gone on: open the conversation again to see.';
  }
  console.error(error);
  return 'Something in this page went wrong. The browser’s console has more.';
}

/** Says what is being waited for, and what went wrong. */
export class Progress {
  readonly #line = byId('progress', HTMLElement);
  readonly #notice = byId('notice', HTMLElement);
  readonly #words = byId('notice-words', HTMLElement);
  readonly #waiting = new Map<symbol, string>();

  constructor() {
    byId('notice-close', HTMLElement).addEventListener('click', () => this.clear());
  }

  /** Waits for `work` with `words` on the screen and `busy` marked as such. `null` when it failed, which is told. */
  async during<T>(words: string, busy: HTMLElement | null, work: () => Promise<T>): Promise<T | null> {
    const token = Symbol(words);
    this.#waiting.set(token, words);
    busy?.setAttribute('aria-busy', 'true');
    this.#show();
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      this.#waiting.delete(token);
      busy?.removeAttribute('aria-busy');
      this.#show();
    }
  }

  fail(error: unknown): void {
    this.tell(explained(error));
  }

  /** Shows a sentence until it is closed, or something else is done. */
  tell(words: string): void {
    this.#words.textContent = words;
    this.#notice.hidden = false;
  }

  clear(): void {
    this.#notice.hidden = true;
    this.#words.textContent = '';
  }

  #show(): void {
    const words = [...this.#waiting.values()].at(-1);
    this.#line.textContent = words ?? '';
    this.#line.classList.toggle('active', words !== undefined);
  }
}
