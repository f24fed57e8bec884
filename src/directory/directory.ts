import { DurableObject } from 'cloudflare:workers';
import type { Caller } from '../access/permissions.ts';
import { findsConversation } from '../access/visibility.ts';
import type { Env } from '../bindings.ts';
import { logError } from '../log.ts';
import type { Candidate } from './candidates.ts';
import type { ErasedUser } from './erasure-table.ts';
import { UserErasures } from './erasures.ts';
import { PageQueue } from './page-queue.ts';
import { Retention } from './retention.ts';
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

/** Pauses in milliseconds: before the first sweep, before a request for an erasure is looked after, and after a failure. */
const FIRST_SWEEP_MS = 24 * 60 * 60_000;
const REQUEST_MS = 60_000;
const RETRY_MS = 60_000;

/**
 * Durable Object with the conversations of one shard of an organization's users. Owns the list, and the rule that a
 * user has at most one unfinished conversation of a service. Every call is one synchronous step, so no call sees half
 * of another.
 */
export class Directory extends DurableObject<Env> {
  readonly #store: DirectoryStore;
  readonly #retention: Retention;
  readonly #erasures: UserErasures;
  readonly #pages = new PageQueue();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new DirectoryStore(ctx.storage);
    this.#retention = new Retention(env, ctx.storage);
    this.#erasures = new UserErasures(env, ctx.storage, this.#store);
  }

  /** Reserves the place of the user's unfinished conversation of the service, unless it is taken. */
  reserve(reservation: Reservation): ReservationOutcome {
    const { home } = reservation;
    if (home !== undefined && this.#retention.meet(home))
      void this.ctx.storage.setAlarm(Date.now() + FIRST_SWEEP_MS);
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

  /** Removes every row, for an organization that is being erased, and wakes no more. */
  async eraseAll(): Promise<void> {
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      const tables = sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*' AND name NOT GLOB 'sqlite*'",
        )
        .toArray();
      for (const { name } of tables) sql.exec(`DELETE FROM ${name}`);
    });
    await this.ctx.storage.deleteAlarm();
  }

  /** Prepares the erasure of a user who is about to be deleted: see `UserErasures.request`. */
  async requestErasure(user: ErasedUser): Promise<void> {
    this.#erasures.request(user, Date.now());
    await this.#wake(REQUEST_MS);
  }

  /** Takes the request back. */
  cancelErasure(userId: string): void {
    this.#erasures.cancel(userId);
  }

  /** Begins the erasure of a user who was deleted. */
  async startErasure(user: ErasedUser): Promise<void> {
    this.#erasures.start(user, Date.now());
    await this.#wake(0);
  }

  /** Returns the progress of the erasure of a user; null if none was asked for. */
  erasureOf(userId: string): ReturnType<UserErasures['status']> {
    return this.#erasures.status(userId);
  }

  /** Sets the alarm unless an earlier one is set. */
  async #wake(delayMs: number): Promise<void> {
    const at = Date.now() + delayMs;
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }

  /** Goes on with erasures of users and with the daily sweep. Never throws. */
  override async alarm(): Promise<void> {
    const pauses = [
      await this.#attempt('erasures', () => this.#erasures.run()),
      await this.#attempt('retention', () => this.#retention.run(Date.now())),
    ].filter((pause) => pause !== null);
    if (pauses.length > 0) await this.#wake(Math.min(...pauses));
  }

  async #attempt(duty: string, work: () => Promise<number | null>): Promise<number | null> {
    try {
      return await work();
    } catch (error) {
      logError('alarm_duty_failed', error, { duty });
      return RETRY_MS;
    }
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

  /** Returns the user's unfinished conversation of a service; null for none. `created_at` is in milliseconds since 1970. */
  unfinishedOf(userId: string, serviceId: string): { id: string; created_at: number } | null {
    return this.#store.unfinishedOf(userId, serviceId);
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
   * are applied by `listVisibleConversations`. Pages are read one after the other: see `PageQueue`.
   */
  page(query: PageQuery, caller: Caller): Promise<DirectoryPage> {
    const known = new Map<string, boolean>();
    const isVisible = (candidate: Candidate) => {
      // A search meets the same few users and services again and again.
      const key = `${candidate.user_id}\n${candidate.service_id}`;
      const found = known.get(key) ?? findsConversation(caller, candidate, true);
      known.set(key, found);
      return found;
    };
    return this.#pages.read(() => this.#store.page(query, isVisible));
  }
}
