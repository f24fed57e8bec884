import { DurableObject } from 'cloudflare:workers';
import type { Caller } from '../access/permissions.ts';
import { findsConversation } from '../access/visibility.ts';
import type { Env } from '../bindings.ts';
import { DirectoryStore } from './store.ts';
import type {
  ConversationProgress,
  DirectoryPage,
  ListedPlace,
  PageQuery,
  Reservation,
  ReservationOutcome,
  UserStats,
} from './summary.ts';

/**
 * Durable Object with the conversations of one shard of an organization's users. Owns the list, and the rule that a
 * user has at most one unfinished conversation of a service. Every call is one synchronous step, so no call sees half
 * of another.
 */
export class Directory extends DurableObject<Env> {
  readonly #store: DirectoryStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new DirectoryStore(ctx.storage);
  }

  /** Reserves the place of the user's unfinished conversation of the service, unless it is taken. */
  reserve(reservation: Reservation): ReservationOutcome {
    return this.#store.reserve(reservation, Date.now());
  }

  /** Removes the reservation of a conversation that was not created. */
  release(conversationId: string): void {
    this.#store.release(conversationId);
  }

  /** Removes an unfinished conversation that does not exist. */
  forget(conversationId: string): void {
    this.#store.forget(conversationId);
  }

  /** Removes a conversation that is being erased. No later report brings it back. */
  erase(conversationId: string): void {
    this.#store.erase(conversationId);
  }

  /** Has a user that is being erased begin no conversation before `until`, in milliseconds since 1970. */
  close(userId: string, until: number): void {
    this.#store.close(userId, until, Date.now());
  }

  /** Returns the conversations of a user after a position, also those that are being created, the oldest first. */
  conversationsOf(userId: string, after: number, limit: number): ListedPlace[] {
    return this.#store.conversationsOf(userId, after, limit);
  }

  /** Returns the number of a user's conversations after a position. */
  countOf(userId: string, after: number): number {
    return this.#store.countOf(userId, after);
  }

  /**
   * Stores the progress of a conversation. Returns false if the stored progress is as new or newer; of one revision, a
   * shorter final message is newer.
   */
  record(conversationId: string, progress: ConversationProgress): boolean {
    return this.#store.record(conversationId, progress);
  }

  /** Tells whether the user has finished a conversation of the service before. */
  hasFinished(userId: string, serviceId: string): boolean {
    return this.#store.hasFinished(userId, serviceId);
  }

  /** Returns the statistics of users of this shard. */
  stats(userIds: string[]): UserStats[] {
    return this.#store.stats(userIds);
  }

  /**
   * Returns this shard's part of a page: only conversations that the caller's permissions allow. Preferences of owners
   * are applied by `listVisibleConversations`.
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
