/** Texts that the visitor could send: a help and nothing more, so a failure is not told. */
import type { ChatParts } from './chat-parts.ts';
import type { Thread } from './thread.ts';

/** Offers starters before a conversation, and answers in it. */
export class Suggestions {
  readonly #parts: ChatParts;
  readonly #thread: Thread;
  readonly #isIdle: () => Promise<boolean>;

  /** `isIdle`: resolves when the work of the moment is done, with whether no other has begun. */
  constructor(parts: ChatParts, thread: Thread, isIdle: () => Promise<boolean>) {
    this.#parts = parts;
    this.#thread = thread;
    this.#isIdle = isIdle;
  }

  async showStarters(): Promise<void> {
    const { api, view, site } = this.#parts;
    const { starters } = site;
    if (starters === null) return;
    const texts = await api.starters(starters).catch(() => []);
    const isIdle = await this.#isIdle();
    if (this.#thread.conversation === null && isIdle) view.composer.suggest(texts, 'starters');
  }

  async suggest(): Promise<void> {
    const texts = await this.#thread.suggestions();
    const isIdle = await this.#isIdle();
    const { transcript, composer } = this.#parts.view;
    if (texts.length > 0 && isIdle) transcript.followEnd(() => composer.suggest(texts));
  }
}
