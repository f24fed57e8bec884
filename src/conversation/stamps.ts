import { numberedIdentifier } from '../identifiers.ts';
import type { ConversationRecord } from './records.ts';

/** The number, time and identifier of a message that is to be stored. */
export interface MessageStamp {
  sequence: number;
  id: string;
  created_at: number;
}

/** Gives the messages of one turn their numbers and times: each later than every one before it. */
export class Stamps {
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
