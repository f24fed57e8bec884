import { numberedIdentifier } from '../../identifiers.ts';
import type { ConversationRecord } from '../records.ts';

/** The number, time and identifier of a message that is to be stored. */
export interface MessageStamp {
  sequence: number;
  id: string;
  created_at: number;
}

/** The most that stamps are taken to run ahead of the clock, in milliseconds. */
const MAX_AHEAD_MS = 5_000;

/**
 * Returns the earliest time at which the newest message may have been made. Each message is stamped at least a
 * millisecond after the one before it, so after a burst the stamps are ahead of the clock: by less than as many
 * milliseconds as there are messages.
 */
export function earliestLastAt({
  last_message,
  last_at,
}: Pick<ConversationRecord, 'last_message' | 'last_at'>): number {
  return last_at - Math.min(last_message, MAX_AHEAD_MS);
}

/** Gives the messages of one turn their numbers and times: each later than every one before it. */
export class MessageStamps {
  #sequence: number;
  #at: number;

  constructor({ last_message, last_at }: Pick<ConversationRecord, 'last_message' | 'last_at'>) {
    this.#sequence = last_message;
    this.#at = last_at;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get at(): number {
    return this.#at;
  }

  /** Goes on behind a stamp that was given before. */
  adopt(stamp: MessageStamp): MessageStamp {
    this.#sequence = stamp.sequence;
    this.#at = stamp.created_at;
    return stamp;
  }

  /** The stamp of a message made at `time`, or just after its predecessor if that is later. */
  next(time: number): MessageStamp {
    this.#sequence += 1;
    this.#at = Math.max(time, this.#at + 1);
    return {
      sequence: this.#sequence,
      id: numberedIdentifier(this.#at, this.#sequence),
      created_at: this.#at,
    };
  }
}
