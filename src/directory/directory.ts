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

  forget(conversationId: string): void {
    this.#store.forget(conversationId);
  }

  record(conversationId: string, progress: ConversationProgress): boolean {
    return this.#store.record(conversationId, progress);
  }

  hasFinished(userId: string, serviceId: string): boolean {
    return this.#store.hasFinished(userId, serviceId);
  }

  /**
   * The part of a page that lies in this shard: only conversations that the caller's permissions reach. What owners
   * keep from the caller is left out by `listVisibleConversations`, which knows their preferences.
   */
  page(query: PageQuery, caller: Caller): DirectoryPage {
    const known = new Map<string, boolean>();
    return this.#store.page(query, (candidate) => {
      // A search meets the same few users and services again and again.
      const key = `${candidate.user_id}\n${candidate.service_id}`;
      const found = known.get(key) ?? findsConversation(caller, candidate, true);
      known.set(key, found);
      return found;
    });
  }
}
