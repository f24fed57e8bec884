import { DurableObject } from 'cloudflare:workers';
import type { Caller } from '../access/permissions.ts';
import { findsConversation } from '../access/visibility.ts';
import type { Env } from '../bindings.ts';
import { DirectoryStore } from './store.ts';
import type {
  ConversationProgress,
  DirectoryPage,
  PageQuery,
  Reservation,
  ReservationOutcome,
} from './summary.ts';

/**
 * One shard of an organization's users: what the list shows of their conversations, and the rule that a user has at
 * most one unfinished conversation of a service. Every call is one synchronous step, so no call sees another's half.
 */
export class Directory extends DurableObject<Env> {
  readonly #store: DirectoryStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new DirectoryStore(ctx.storage);
  }

  reserve(reservation: Reservation): ReservationOutcome {
    return this.#store.reserve(reservation, Date.now());
  }

  release(conversationId: string): void {
    this.#store.release(conversationId);
  }

  record(conversationId: string, progress: ConversationProgress): void {
    this.#store.record(conversationId, progress);
  }

  hasFinished(userId: string, serviceId: string): boolean {
    return this.#store.hasFinished(userId, serviceId);
  }

  /**
   * The part of a page that lies in this shard: only conversations that the caller's permissions reach. What owners
   * keep from the caller is left out by `listVisibleConversations`, which knows their preferences.
   */
  page(query: PageQuery, caller: Caller): DirectoryPage {
    return this.#store.page(query, (conversation) => findsConversation(caller, conversation, true));
  }
}
