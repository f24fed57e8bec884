import type { AgentAction } from '../../contract/agent-actions.ts';
import type { StoredRecording } from '../recording-table.ts';
import type { AlignedCharacter } from '../../speech/alignment.ts';
import { heardText, type Heard } from './stop.ts';
import { timesOf } from './told.ts';
import type { MessageStamp, MessageStamps } from './message-stamps.ts';
import type { Transcript } from './transcript.ts';

/** The action that fills a long wait with a text. */
export type Filler = Extract<AgentAction, { type: 'action-too-long' }>;

/** An answer as it is to be stored. */
export interface SpokenAnswer {
  /** The recording; null for a written answer. */
  recording: StoredRecording | null;
  /** The text of an answer that was stopped, as far as it reached the user; null for a whole one. */
  text: string | null;
  /** The times of the characters of a spoken answer, as differences; null for a written one. */
  alignment: number[] | null;
}

/** Sends the agent's message as it is made: as text, or spoken. */
export interface Speaker {
  /** The message's stamp: given with its first piece. */
  stamp(): MessageStamp;
  /** Takes the next piece of the text. */
  say(text: string, final: boolean): void;
  /** Tells that something takes long. */
  sayMeanwhile(action: Filler): void;
  /**
   * Resolves when all is sent, or what was said before a stop; with what is to be stored of it. `stopped` is asked then,
   * whether the message was stopped.
   */
  finish(stopped: () => { heard: Heard } | null): Promise<SpokenAnswer>;
}

/** Tells the pieces of a message to the log, for a speaker of either kind, and stamps the message with the first. */
export class MessagePieces {
  readonly #transcript: Transcript;
  readonly #stamps: MessageStamps;
  readonly #spoke: () => void;
  #stamp: MessageStamp | null = null;

  /** `spoke` is called with each piece, before it is told. */
  constructor(transcript: Transcript, stamps: MessageStamps, spoke: () => void = () => undefined) {
    this.#transcript = transcript;
    this.#stamps = stamps;
    this.#spoke = spoke;
  }

  /** True once a piece was told. */
  get begun(): boolean {
    return this.#transcript.hasSpoken;
  }

  /** The text that was told so far. */
  get text(): string {
    return this.#transcript.text;
  }

  /** The times at which its characters are heard, in milliseconds; empty for a written message. */
  get times(): number[] {
    return timesOf(this.#transcript.alignment() ?? []);
  }

  /** Returns the stamp of the message: given once. */
  stamp(): MessageStamp {
    this.#stamp ??= this.#stamps.next(Date.now());
    return this.#stamp;
  }

  /** Tells the next piece of a written message. */
  say(text: string, final: boolean): void {
    this.#spoke();
    this.#transcript.say(this.stamp().id, text, final);
  }

  /** Tells the next piece of a spoken message, with the time of each of its characters. */
  sound(samples: Int16Array, alignment: readonly AlignedCharacter[], final: boolean): void {
    const text = alignment.map(([, character]) => character).join('');
    const sound = { samples, times: alignment.map(([ms]) => ms) };
    this.#spoke();
    this.#transcript.sound(this.stamp().id, text, sound, final);
  }

  /** Tells a filler, unless the message has begun or the turn is over. `live` is the filler as sound. */
  fill(action: Filler, live: Filler = action): void {
    if (!this.begun && !this.#transcript.isClosed) this.#transcript.act(action, live);
  }
}

/** Sends the pieces of the text as they come. */
export class TextSpeaker implements Speaker {
  readonly #pieces: MessagePieces;

  constructor(pieces: MessagePieces) {
    this.#pieces = pieces;
  }

  stamp(): MessageStamp {
    return this.#pieces.stamp();
  }

  say(text: string, final: boolean): void {
    this.#pieces.say(text, final);
  }

  sayMeanwhile(action: Filler): void {
    this.#pieces.fill(action);
  }

  finish(stopped: () => { heard: Heard } | null): Promise<SpokenAnswer> {
    const stop = stopped();
    const text = stop === null ? null : heardText(this.#pieces.text, stop.heard);
    return Promise.resolve({ recording: null, text, alignment: null });
  }
}
