import type { ConversationRecord, InteractionRecord } from '../records.ts';
import type { ConversationStore } from '../store.ts';
import type { KeyMatch } from './arrival.ts';
import { MAX_REMEMBERED_INTERACTIONS, RememberedKeys, type KeyRecord } from './idempotency.ts';
import type { LiveTurn } from './live-turn.ts';

/** A stored interaction that a key made, and the number of the message that was sent with it. */
export interface KeyedInteraction {
  interaction: InteractionRecord;
  message: number | null;
}

/** Finds the turn that a key made. The keys of stored interactions are read once, by the first request that has a key. */
export class KeyedTurns {
  readonly #store: ConversationStore;
  #remembered: RememberedKeys | null = null;

  constructor(store: ConversationStore) {
    this.#store = store;
  }

  /** Notes the keys of an interaction that was committed. */
  committed({ sequence, idempotency }: InteractionRecord): void {
    this.#remembered?.remember(sequence, idempotency);
  }

  /** Returns where the turn of a key is: the one that runs, or a stored one. */
  match(key: KeyRecord, record: ConversationRecord, live: LiveTurn | null): KeyMatch {
    const [digest, fingerprint] = key;
    const running = live?.takenWith(digest) ?? null;
    if (running !== null) {
      return { of: 'running', sameContent: running.submission.key?.[1] === fingerprint };
    }
    const stored = this.#keys(record).find(digest);
    if (stored === null) return { of: 'nothing' };
    return { of: 'stored', sameContent: stored.fingerprint === fingerprint };
  }

  /** Returns the stored interaction of a key; null when there is none. */
  stored([digest]: KeyRecord, record: ConversationRecord): KeyedInteraction | null {
    const found = this.#keys(record).find(digest);
    const interaction = found === null ? null : this.#store.interactionAt(found.interaction);
    if (interaction === null) return null;
    const [, , message = null] = interaction.idempotency.find(([one]) => one === digest) ?? [];
    return { interaction, message };
  }

  #keys({ last_interaction }: ConversationRecord): RememberedKeys {
    if (this.#remembered !== null) return this.#remembered;
    const keys = new RememberedKeys();
    const first = Math.max(last_interaction - MAX_REMEMBERED_INTERACTIONS + 1, 1);
    for (const [interaction, records] of this.#store.keysFrom(first)) keys.remember(interaction, records);
    this.#remembered = keys;
    return keys;
  }
}
