/** Finding the conversation that a page goes on with, and what others have changed in it. */
import type { TurnState } from '../../src/contract/turns.ts';
import type { Course } from '../api/client.ts';
import { ApiError } from '../api/request.ts';
import type { ChatParts } from './chat-parts.ts';
import type { Queue } from './queue.ts';
import type { Thread } from './thread.ts';

/** Finds the unfinished conversation, and shows what is stored of it. */
export class Finder {
  readonly #parts: ChatParts;
  readonly #thread: Thread;
  readonly #queue: Queue;
  readonly #onFound: () => void;

  /** `onFound`: another conversation than before is shown. */
  constructor(parts: ChatParts, thread: Thread, queue: Queue, onFound: () => void) {
    this.#parts = parts;
    this.#thread = thread;
    this.#queue = queue;
    this.#onFound = onFound;
  }

  /** Finds the unfinished conversation, and shows what is stored of it. Returns what it does now; `null` without one. */
  async find({ interaction }: Course): Promise<TurnState | null> {
    const { api } = this.#parts;
    const { conversation } = this.#thread;
    // One that this page is just beginning is gone on with.
    if (interaction !== null) return null;
    if (conversation !== null) {
      const turn = await api.turn(conversation);
      const { last_interaction_id: last } = turn;
      const isBehind = this.#thread.isStale || (last !== null && !this.#thread.knows(last));
      if (!turn.is_finished && isBehind) await this.#thread.update(conversation);
      if (!turn.is_finished) return turn;
    }
    const found = await api.unfinishedConversation();
    if (found === null) return this.#findBeginning();
    const { id: unfinished, tags } = found;
    // Asked first: what ends in between is in the messages.
    const turn = await api.turn(unfinished);
    this.#parts.feedback.turnTo(unfinished, tags);
    await this.#thread.show(unfinished);
    this.#onFound();
    this.#queue.showAll(unfinished);
    return turn;
  }

  /** Finds the conversation that this tab was beginning when its page was left: it is not listed yet. */
  async #findBeginning(): Promise<TurnState | null> {
    const { api, answers, view } = this.#parts;
    const { kept } = answers;
    if (kept === null || kept.key !== '') return null;
    const turn = await api.turn(kept.conversation).catch((error: unknown) => {
      if (error instanceof ApiError) return null;
      throw error;
    });
    if (turn?.interaction_id !== kept.interaction) return null;
    this.#thread.conversation = kept.conversation;
    this.#onFound();
    view.transcript.show([]);
    return turn;
  }
}
