import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { logError } from '../log.ts';
import { FORGOTTEN_MS } from './forgotten.ts';
import {
  asSentences,
  type MemoryEntry,
  type MemoryPage,
  type MemoryQuery,
  type ModelBase,
  type ShownMemory,
} from './entries.ts';
import { MemoryStore } from './store.ts';

/**
 * Durable Object with the memories of one user from finished conversations, and the user model that was made of them.
 */
export class Memory extends DurableObject<Env> {
  readonly #store: MemoryStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new MemoryStore(ctx.storage);
  }

  /** Returns for each query the memories that match it best, as one text; an empty text if none matches. */
  recall(queries: string[]): string[] {
    return queries.map((query) => asSentences(this.#store.find(query).map(({ text }) => text)));
  }

  /**
   * Returns the same, and where a query has no match also the texts of the newest memories, `newest` at most, for another
   * comparison.
   */
  search(queries: string[], newest: number): { found: string[]; newest: string[] } {
    const found = this.recall(queries);
    const isWhole = newest === 0 || found.every((text) => text !== '');
    const { memories } = isWhole ? { memories: [] } : this.#store.page(0, newest);
    return { found, newest: memories.map(({ text }) => text) };
  }

  /** Returns every memory, the newest first. */
  all(): (MemoryEntry & { conversation_id: string })[] {
    return this.#store.all();
  }

  /** Returns a page of memories, the newest first: those after the token `after`, or the first page for 0. */
  page(after: number, limit: number): MemoryPage {
    return this.#store.page(after, limit);
  }

  /** Memories that fit a query. */
  list(query: MemoryQuery): { memories: ShownMemory[]; next: number | null } {
    return this.#store.list(query);
  }

  /** Returns the user model, or null if there is none. */
  model(): string | null {
    return this.#store.model();
  }

  /** Stores the memories of a conversation in place of earlier ones of the same conversation, so it may be repeated. */
  learn(conversationId: string, memories: MemoryEntry[]): void {
    this.#store.learn(conversationId, memories, Date.now());
  }

  /** Stores what was learnt about a visitor that the user has adopted, of conversations that nothing was learnt from yet. */
  adopt(memories: (MemoryEntry & { conversation_id: string })[]): void {
    const byConversation = Map.groupBy(memories, ({ conversation_id }) => conversation_id);
    for (const [id, learnt] of byConversation) {
      // They come with the newest first.
      if (!this.#store.knows(id)) this.#store.learn(id, learnt.toReversed(), Date.now());
    }
  }

  /**
   * Removes what was learnt from a conversation that is being erased, and has nothing of it be learnt any more. The user
   * model, which may repeat it, is made anew of the other memories. Returns the number of removed memories, the same one
   * when it is repeated.
   */
  async forget(conversationId: string): Promise<number> {
    const removed = this.#store.forget(conversationId, Date.now());
    await this.#armed();
    return removed;
  }

  /** Returns the number of memories. */
  count(): number {
    return this.#store.count();
  }

  /** Removes everything that was learnt about the user. */
  async eraseAll(): Promise<void> {
    this.#store.eraseAll();
    await this.#armed();
  }

  async #armed(): Promise<void> {
    const at = this.#store.nextDue();
    if (at !== null) await this.ctx.storage.setAlarm(at);
  }

  /** Forgets which conversations were erased, once no analysis of them can run any more. Never throws. */
  override async alarm(): Promise<void> {
    try {
      this.#store.prune(Date.now());
      if (this.#store.isEmpty()) await this.#store.clear();
      else await this.#armed();
    } catch (error) {
      logError('alarm_failed', error);
      await this.ctx.storage.setAlarm(Date.now() + FORGOTTEN_MS);
    }
  }

  /** Returns the user model to which the conversation is to be added, and whether it was added already. */
  modelBefore(conversationId: string): ModelBase {
    return this.#store.modelBefore(conversationId);
  }

  /**
   * Stores the user model with a conversation added. `base` is the conversation that was added last when the model was
   * read, null for none. Returns false and changes nothing if another conversation was added since.
   */
  setModel(conversationId: string, text: string, base: string | null = null): boolean {
    return this.#store.setModel(conversationId, text, base);
  }
}
