import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { MemoryStore, type Memory as Remembered, type MemoryPage, type ModelBase } from './store.ts';

/** What one user said about themselves in finished conversations, and the model of them that came of it. */
export class Memory extends DurableObject<Env> {
  readonly #store: MemoryStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new MemoryStore(ctx.storage);
  }

  /** What is remembered about each query; an empty text where nothing is. */
  recall(queries: string[]): string[] {
    return queries.map((query) =>
      this.#store
        .find(query)
        .map(({ text }) => text)
        .join(' '),
    );
  }

  /** Everything remembered, the newest first. */
  all(): (Remembered & { conversation_id: string })[] {
    return this.#store.all();
  }

  /** Memories, the newest first: those behind the token `after`, or the first ones where it is 0. */
  page(after: number, limit: number): MemoryPage {
    return this.#store.page(after, limit);
  }

  model(): string | null {
    return this.#store.model();
  }

  /** Repeating it changes nothing: what was learnt from the conversation is replaced. */
  learn(conversationId: string, memories: Remembered[]): void {
    this.#store.learn(conversationId, memories);
  }

  /** The model to which a conversation is to be added, and whether it was. */
  modelBefore(conversationId: string): ModelBase {
    return this.#store.modelBefore(conversationId);
  }

  /**
   * Takes over a model that a conversation was added to. Returns false, and changes nothing, when another conversation
   * was added since the model was read: `base` is the conversation that was added last then, `null` for none.
   */
  setModel(conversationId: string, text: string, base: string | null = null): boolean {
    return this.#store.setModel(conversationId, text, base);
  }
}
