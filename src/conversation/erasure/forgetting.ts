import type { AlarmDuties } from '../alarm-duties.ts';
import type { MessageReader } from '../messages.ts';
import type { ConversationIdentity } from '../records.ts';
import type { Recordings } from '../recordings.ts';
import type { ConversationStore } from '../store.ts';
import type { RunningTurn } from '../turns/running-turn.ts';
import {
  DELETED_USER_NAME,
  removeAnalyses,
  removeRecalled,
  renameSender,
  type Forgotten,
} from './knowledge.ts';

/** The parts that forgetting needs. */
export interface ForgettingParts {
  store: ConversationStore;
  messages: MessageReader;
  recordings: Recordings;
  running: RunningTurn;
  duties: AlarmDuties;
}

/** Has a conversation that stays forget what it knows about its user. Both requests may be repeated. */
export class Forgetting {
  readonly #parts: ForgettingParts;

  constructor(parts: ForgettingParts) {
    this.#parts = parts;
  }

  /** Removes the copy of the user model, and the memories that turns were given. */
  forgetKnowledge(): Forgotten {
    return this.#change(
      (identity) => ({ ...identity, user_model: null }),
      (sql) => {
        removeRecalled(sql);
        removeAnalyses(sql, ['generate-user-models']);
      },
    );
  }

  /** Removes the name of a user who was deleted, and everything that was learnt about them. The messages stay. */
  anonymise(): Forgotten {
    const { messages } = this.#parts;
    const before = this.#parts.store.load()?.identity;
    const done = this.#change(
      (identity) => ({
        ...identity,
        user_name: DELETED_USER_NAME,
        user_model: null,
        language: null,
        anonymous: true,
      }),
      (sql) => {
        removeRecalled(sql);
        removeAnalyses(sql, ['generate-user-models', 'extract-memories']);
        if (before !== undefined) renameSender(sql, before);
      },
    );
    messages.forget();
    return done;
  }

  /** Removes the recordings of messages from before a time, in milliseconds since 1970. The messages stay, with their texts. */
  async eraseRecordings(before: number): Promise<void> {
    const { store, recordings } = this.#parts;
    if (store.load() !== null) await recordings.eraseOlder(before);
  }

  #change(
    identity: (before: ConversationIdentity) => ConversationIdentity,
    rest: (sql: SqlStorage) => void,
  ): Forgotten {
    const { store, running, duties } = this.#parts;
    const record = store.load();
    if (record === null) return 'unknown';
    // A turn or an analysis that runs has read what is to be forgotten, and would store it again.
    if (running.isRunning || duties.areRunning) return 'busy';
    store.replaceIdentity(identity(record.identity), rest);
    return 'done';
  }
}
