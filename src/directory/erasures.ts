/** Erasures of users: each is a row, and the alarm of the shard goes on with it until it is finished. */
import type { Env } from '../bindings.ts';
import type { RemovedCounts } from '../contract/erasure.ts';
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { conversationOf, directoryOf, memoryOf, registryOf } from '../objects.ts';
import { registryKey } from '../registry/keys.ts';
import { DEFAULT_DIRECTORY_SHARDS } from '../registry/organization-settings.ts';
import { isDeparted } from '../registry/users.ts';
import { ErasureTable, type ErasedUser, type UserErasure } from './erasure-table.ts';
import { shardOf } from './list-position.ts';
import type { DirectoryStore } from './store.ts';

/** Time that the request which asks for an erasure has to delete the user, in milliseconds. */
const DELETION_MS = 60_000;
/** Time for which the user begins no conversation, in milliseconds: longer than tokens and requests live. */
const CLOSED_MS = 60 * 60_000;
/** Conversations that are erased at the same time, and the most in one run of the alarm. */
const AT_ONCE = 25;
const MAX_BATCHES = 20;
/** Time that one step may take, in milliseconds. */
const STEP_MS = 60_000;
/** Pauses in milliseconds: for a turn that ends, and after a failure. */
const BUSY_MS = 2_000;
const FAILED_MS = 10_000;
/** Pause in milliseconds while another shard erases a visitor that the user had adopted. */
const ADOPTED_MS = 1_000;
/** Time after which a create that was reserved has begun or never will, in milliseconds. */
export const CREATE_MS = 30_000;
/** Erasures that one run of the alarm goes on with. */
const USERS_AT_ONCE = 5;

const NOTHING: RemovedCounts = { messages: 0, recordings: 0, memories: 0 };

/** Carries out erasures of users. Every step may be repeated. */
export class UserErasures {
  readonly #env: Env;
  readonly #store: DirectoryStore;
  readonly #table: ErasureTable;

  constructor(env: Env, storage: DurableObjectStorage, store: DirectoryStore) {
    this.#env = env;
    this.#store = store;
    this.#table = new ErasureTable(storage.sql);
  }

  /** Notes that a user is about to be deleted. If the request dies, the alarm asks the registry whether it was. */
  request(user: ErasedUser, now: number): void {
    const known = this.#table.get(user.user_id);
    if (known === null || known.state === 'finished') this.#table.begin(user, 'requested', now);
  }

  /** Takes a request back: the user was not deleted. */
  cancel(userId: string): void {
    if (this.#table.get(userId)?.state === 'requested') this.#table.remove(userId);
  }

  /** Begins the erasure of a user who was deleted. */
  start(user: ErasedUser, now: number): void {
    const known = this.#table.get(user.user_id);
    if (known !== null && known.state !== 'requested' && known.state !== 'finished') return;
    this.#table.begin(user, 'conversations', now);
    this.#store.close(user.user_id, now + CLOSED_MS, now);
  }

  /** Returns the erasure of a user with the number of conversations that are left; null if there is none. */
  status(userId: string): (UserErasure & { conversations_left: number }) | null {
    const erasure = this.#table.get(userId);
    if (erasure === null || erasure.state === 'requested') return null;
    if (erasure.state === 'adopted') return { ...erasure, conversations_left: erasure.adopted_left ?? 0 };
    const isOver = erasure.state === 'finished' || erasure.state === 'memories';
    const left = isOver ? 0 : erasure.batch.length + this.#store.countOf(userId, erasure.after);
    // Those of the batch are still in the list, where they are erased.
    const conversations_left =
      erasure.keeps || isOver ? left : Math.max(left - erasure.batch.length, erasure.batch.length);
    return { ...erasure, conversations_left };
  }

  /** Goes on with the erasures. Returns the pause in milliseconds after which it is to be called again; null if all are finished. */
  async run(): Promise<number | null> {
    const pauses: number[] = [];
    for (const erasure of this.#table.unfinished(USERS_AT_ONCE)) {
      try {
        const pause = await this.#advance(erasure);
        if (pause !== null) pauses.push(pause);
      } catch (error) {
        logError('user_erasure_interrupted', error, { user_id: erasure.user_id, state: erasure.state });
        pauses.push(FAILED_MS);
      }
    }
    if (pauses.length > 0) return Math.min(...pauses);
    return this.#table.unfinished(1).length > 0 ? 0 : null;
  }

  /** Goes on with one erasure. Returns the pause before it is to go on; null when it is finished. */
  async #advance(erasure: UserErasure): Promise<number | null> {
    switch (erasure.state) {
      case 'requested':
        return this.#confirm(erasure);
      case 'conversations':
        return this.#conversations(erasure);
      case 'adopted':
        return this.#adopted(erasure);
      case 'memories':
        return this.#memories(erasure);
      case 'finished':
        return null;
    }
  }

  /** Begins an erasure whose request died, if it has deleted the user. */
  async #confirm({ user_id, home, keeps, requested_at }: UserErasure): Promise<number | null> {
    const wait = requested_at + DELETION_MS - Date.now();
    if (wait > 0) return wait;
    const key = registryKey.user(home.organization, user_id);
    const read = registryOf(this.#env, home).read(home.organization, [key]);
    const found = (await inTime(STEP_MS, read)) as
      { managed: false } | { managed: true; documents: Record<string, { value: unknown }> };
    const value = found.managed ? found.documents[key]?.value : undefined;
    if (value === null || isDeparted(value)) {
      this.start({ user_id, home, keeps }, Date.now());
      return 0;
    }
    this.cancel(user_id);
    return null;
  }

  async #conversations(begun: UserErasure): Promise<number> {
    let erasure = begun;
    for (let batches = 0; batches < MAX_BATCHES; batches += 1) {
      if (erasure.batch.length === 0) {
        const next = this.#store.conversationsOf(erasure.user_id, erasure.after, AT_ONCE);
        const last = next.at(-1);
        if (last === undefined) {
          this.#table.save({ ...erasure, state: 'adopted' });
          return 0;
        }
        // What is erased leaves the list; what is kept stays in it, before the next one.
        const after = erasure.keeps ? last.position : erasure.after;
        erasure = { ...erasure, after, batch: next.map(({ id, created_at }) => ({ id, created_at })) };
        // Stored first: conversations that are asked again after a crash tell the same counts.
        this.#table.save(erasure);
      }
      erasure = await this.#batch(erasure);
      this.#table.save(erasure);
      if (erasure.batch.length > 0) return BUSY_MS;
    }
    return 0;
  }

  async #batch(erasure: UserErasure): Promise<UserErasure> {
    const asked = erasure.batch.map(async (one) => [one, await this.#one(erasure, one)] as const);
    const answers = await inTime(STEP_MS, Promise.all(asked));
    const result: UserErasure = { ...erasure, batch: [] };
    for (const [one, removed] of answers) {
      if (removed === null) {
        result.batch.push(one);
        continue;
      }
      result.conversations += 1;
      result.messages += removed.messages;
      result.recordings += removed.recordings;
      result.memories += removed.memories;
    }
    return result;
  }

  /** Erases a conversation, or takes the user's name out of it. Returns null if it is to be asked again. */
  async #one(
    { home, keeps }: UserErasure,
    { id, created_at }: UserErasure['batch'][number],
  ): Promise<RemovedCounts | null> {
    const conversation = conversationOf(this.#env, home, id);
    if (keeps) return (await conversation.anonymise()) === 'busy' ? null : NOTHING;
    const answer = await conversation.eraseFor({ type: 'user' });
    if (answer.kind === 'erased') return answer.erased;
    // A create that is on its way may still begin.
    if (answer.kind !== 'unknown' || created_at > Date.now() - CREATE_MS) return null;
    this.#store.erase(id);
    return NOTHING;
  }

  /** Returns the visitors that a deleted user had adopted. What is left of the user names them. */
  async #visitorsOf({ user_id, home }: UserErasure): Promise<NonNullable<UserErasure['adopted']>> {
    const [user, settings] = [
      registryKey.user(home.organization, user_id),
      registryKey.organization(home.organization),
    ];
    const asked = registryOf(this.#env, home).read(home.organization, [user, settings]);
    const read = (await inTime(STEP_MS, asked)) as
      { managed: false } | { managed: true; documents: Record<string, { value: unknown }> };
    if (!read.managed) return [];
    const left = read.documents[user]?.value;
    const { directory_shards = DEFAULT_DIRECTORY_SHARDS } = Object(read.documents[settings]?.value) as {
      directory_shards?: number;
    };
    const adopted = isDeparted(left) ? (left.adopted ?? []) : [];
    return adopted.map((visitor) => ({ user_id: visitor, shard: shardOf(visitor, directory_shards) }));
  }

  /** Has the visitors be erased that the user had adopted, one after the other, and counts what was removed. */
  async #adopted(begun: UserErasure): Promise<number> {
    const erasure =
      begun.adopted === undefined ? { ...begun, adopted: await this.#visitorsOf(begun) } : begun;
    const [next, ...rest] = erasure.adopted ?? [];
    if (next === undefined) {
      this.#table.save({ ...erasure, state: 'memories' });
      return 0;
    }
    const directory = directoryOf(this.#env, erasure.home, next.shard);
    const found = (await inTime(STEP_MS, directory.erasureOf(next.user_id))) as ReturnType<
      UserErasures['status']
    >;
    if (found === null) {
      const { home, keeps } = erasure;
      await inTime(STEP_MS, directory.startErasure({ user_id: next.user_id, home, keeps }));
    }
    if (found?.state !== 'finished') {
      this.#table.save({ ...erasure, adopted_left: found?.conversations_left ?? 0 });
      return ADOPTED_MS;
    }
    this.#table.save({
      ...{ ...erasure, adopted: rest, adopted_left: 0 },
      conversations: erasure.conversations + found.conversations,
      messages: erasure.messages + found.messages,
      recordings: erasure.recordings + found.recordings,
      memories: erasure.memories + found.memories,
    });
    return 0;
  }

  async #memories(erasure: UserErasure): Promise<null> {
    const memory = memoryOf(this.#env, erasure.home, erasure.user_id);
    const count = await inTime(STEP_MS, memory.count());
    await inTime(STEP_MS, memory.eraseAll());
    const memories = erasure.memories + count;
    this.#table.save({ ...erasure, memories, state: 'finished', finished_at: Date.now() });
    return null;
  }
}
