/** Which failures pass by themselves, and waiting for them to pass while saying so. */
import type { ConversationApi } from '../api/client.ts';
import { ApiError, ConnectionLostError } from '../api/request.ts';
import { TokenUnreachableError } from '../api/token-source.ts';
import type { ChatView } from '../view/chat-view.ts';
import { explain, OriginRefusedError } from '../words/problems.ts';
import type { Words } from '../words/words.ts';
import { backoffMs, type Waiting } from './waiting.ts';

/** A turn ends after two minutes at the latest; with these pauses that is the longest wait for one. */
const MAX_ATTEMPTS_WHILE_BUSY = 22;
/** A limit that is met again and again is told rather than waited for. */
const MAX_ATTEMPTS_WHILE_LIMITED = 5;
/** The API says how long; this is for a proxy before it that does not. */
const DEFAULT_RETRY_SECONDS = 10;
/** A longer wait is told, and not waited for. */
const MAX_COUNT_DOWN_SECONDS = 180;

/** Tells whether a limit passes soon enough to wait for it. A budget that is spent does not. */
function mayPass({ status, code }: ApiError, seconds: number): boolean {
  if (status === 503) return true;
  return status === 429 && code !== 'budget_exhausted' && seconds <= MAX_COUNT_DOWN_SECONDS;
}

/** Repeats requests that failed for a reason that passes, and explains the others. */
export class Patience {
  readonly #api: ConversationApi;
  readonly #view: ChatView;
  readonly #words: Words;
  readonly #waiting: Waiting;
  readonly #onWait: (error: unknown) => void;
  /** Once an answer could be read, the page's origin is known to be allowed. */
  #wasAnswered = false;

  constructor(
    { api, view, words, waiting }: { api: ConversationApi; view: ChatView; words: Words; waiting: Waiting },
    onWait: (error: unknown) => void,
  ) {
    this.#api = api;
    this.#view = view;
    this.#words = words;
    this.#waiting = waiting;
    this.#onWait = onWait;
  }

  /**
   * Does work that may be repeated until it succeeds or fails for good. `work` must be safe to repeat after every
   * failure, a lost connection included.
   */
  async repeat<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      await this.untilOnline();
      try {
        const result = await work();
        this.#wasAnswered = true;
        this.#view.notice.clear();
        return result;
      } catch (error) {
        await this.#outlast(error, attempt);
      }
    }
  }

  async untilOnline(): Promise<void> {
    if (navigator.onLine) return;
    this.#onWait(null);
    this.#view.notice.show({ words: () => this.#words.offline, remedy: 'none' });
    await this.#waiting.untilOnline();
    this.#view.notice.clear();
  }

  /** Waits for what a failure is about to pass. Throws the failure again when it will not. */
  async #outlast(error: unknown, attempt: number): Promise<void> {
    if (error instanceof ConnectionLostError) await this.#outlastLoss(error, attempt);
    else if (error instanceof ApiError) await this.#outlastRefusal(error, attempt);
    else throw error;
  }

  async #outlastLoss(error: ConnectionLostError, attempt: number): Promise<void> {
    this.#onWait(error);
    // The loop waits for the network, if that is what is missing.
    if (!navigator.onLine) return;
    if (
      !this.#wasAnswered &&
      !(error instanceof TokenUnreachableError) &&
      (await this.#api.withholdsAnswers())
    )
      throw new OriginRefusedError();
    this.#view.notice.show({ words: () => this.#words.lost, remedy: 'try-again' });
    await this.#waiting.pause(backoffMs(attempt));
  }

  async #outlastRefusal(error: ApiError, attempt: number): Promise<void> {
    this.#wasAnswered = true;
    const seconds = error.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS;
    if (mayPass(error, seconds) && attempt < MAX_ATTEMPTS_WHILE_LIMITED) {
      this.#onWait(error);
      await this.#waiting.countDown(
        seconds,
        this.#view.notice.countDown(() => this.#words.tooMany, seconds),
      );
      return;
    }
    // Another window was quicker to create the conversation: it is found at once.
    if (error.code === 'conversation_open' && attempt === 0) return;
    // A conversation that is being created, or one in which too many wait already.
    if (error.code !== 'operation_in_progress' || attempt >= MAX_ATTEMPTS_WHILE_BUSY) throw error;
    this.#onWait(error);
    await this.#waiting.pause(backoffMs(attempt));
  }

  /** Returns the explanation of a failure that lasted too long. */
  explain(error: unknown): ReturnType<typeof explain> {
    return explain(error, this.#words, () => this.#view.agentName);
  }
}
