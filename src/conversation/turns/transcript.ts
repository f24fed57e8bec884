import type * as z from 'zod';
import type { AgentAction } from '../../contract/agent-actions.ts';
import type { ErrorEvent, InteractionCompleteEvent, StreamEvent } from '../../contract/stream.ts';
import type { AlignedCharacter } from '../../speech/alignment.ts';
import { cursorBeforeRun, deltasOf, TOLD_ACTION, TOLD_OPENING, type Told, type ToldEvent } from './told.ts';

/** The subject of a turn's events. */
export interface Subject {
  conversation_id: string;
  interaction_id: string;
}

/** A message that the turn answers, as its event tells it. */
export interface Opening {
  message_id: string;
  text: string;
  /** Its place, from 0, among the messages that the interaction received: external events count, and are not told. */
  place: number;
}

/** The last event of a turn. `stopped` says that the answer was cut short at the user's wish. */
export type EndEvent = z.infer<typeof InteractionCompleteEvent> | z.infer<typeof ErrorEvent>;

/**
 * An event with its number in the turn's whole log: from 1, or from 1,000,001 in a second run. `attempt` counts from 2 and is absent before; an opening
 * carries `interaction_id`, which a request that waited learns from it.
 */
export type LoggedEvent = StreamEvent & { cursor: number };

type Content = StreamEvent;

/** A piece of an answer as sound. */
export interface Sound {
  samples: Int16Array;
  /** When each of the piece's characters is heard; `null` where that is not known. */
  times: readonly number[] | null;
}

/** The bytes of samples as base64: PCM16 in the byte order of every platform there is here. */
function base64Of({ buffer, byteOffset, byteLength }: Int16Array): string {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).toBase64();
}

/**
 * The log of one turn: every event that any of its readers may see, in order. It holds the text, the actions and, for
 * each event, one or two small integers, so that a turn takes no more memory than what it says. Any event is made again
 * in constant time. No stream and no clock: `Readers` carries events to clients.
 */
export class Transcript {
  readonly subject: Subject;
  /** Is called with each event as it is told; `null` while there is nothing to be called. */
  onTold: ((event: LoggedEvent) => void) | null = null;
  readonly #openings: Opening[] = [];
  readonly #actions: (AgentAction | null)[] = [];
  /** By event: the piece of a number, or -1 - 2i for the opening i, or -2 - 2i for the action i. */
  readonly #order: number[] = [];
  #text = '';
  /** The end of each piece of the text, in UTF-16 units. */
  readonly #ends: number[] = [];
  /** The pieces of a spoken answer. */
  readonly #sounds: Sound[] = [];
  #messageId = '';
  #isFinal = false;
  /** The cursors at which further attempts began. */
  readonly #attempts: number[] = [];
  #end: EndEvent | null = null;
  /** The cursor before the first event. */
  readonly start: number;

  /** `run` counts from 1: a log of a turn that is run again has higher cursors than those of its earlier runs. */
  constructor(subject: Subject, run = 1) {
    this.subject = subject;
    this.start = cursorBeforeRun(run);
    for (let begun = 2; begun <= run; begun += 1) this.#attempts.push(cursorBeforeRun(begun) + 1);
  }

  /** The cursor of the newest event; `start` before the first. */
  get last(): number {
    return this.start + this.#order.length + (this.#end === null ? 0 : 1);
  }

  /** True once the last event was told. */
  get isClosed(): boolean {
    return this.#end !== null;
  }

  /** True once the agent has begun to answer. */
  get hasSpoken(): boolean {
    return this.#ends.length > 0;
  }

  /** The text that was said so far. */
  get text(): string {
    return this.#text;
  }

  /** The actions that were told, in order: those that are to be stored with `told()`. */
  get actions(): readonly AgentAction[] {
    return this.#actions.filter((action) => action !== null);
  }

  /** Tells of a message that the turn answers. Returns the event's cursor, as the other methods do. */
  open(opening: Opening): number {
    this.#openings.push(opening);
    return this.#tell(1 - 2 * this.#openings.length, () => this.#opening(opening));
  }

  /**
   * Tells of an action; `null` stands for one that was lost when the row was bounded. `live` is what present readers are
   * told instead: a filler as sound, which later ones get as text.
   */
  act(action: AgentAction | null, live: AgentAction | null = action): number {
    this.#actions.push(action);
    return this.#tell(-2 * this.#actions.length, () => actionEvent(live));
  }

  /** Says the next piece of a written answer; a turn has one answer, of one identifier. */
  say(messageId: string, text: string, final: boolean): number {
    this.#messageId = messageId;
    this.#text += text;
    this.#isFinal = final;
    this.#ends.push(this.#text.length);
    const index = this.#ends.length - 1;
    // The text of the piece is at hand: taking it out of the whole would copy the whole for every piece.
    return this.#tell(index, () => this.#piece(index, text));
  }

  /** Says the next piece of a spoken answer, of which `text` is the part that belongs to it. */
  sound(messageId: string, text: string, sound: Sound, final: boolean): number {
    this.#sounds.push(sound);
    return this.say(messageId, text, final);
  }

  /** Says that the walk begins anew, with the next event: what was told stays told. */
  beginAnew(): void {
    this.#attempts.push(this.last + 1);
  }

  /** Closes the log with its last event. Nothing can be told after it. */
  end(event: EndEvent): number {
    if (this.#end !== null) throw new Error('The turn has ended.');
    this.#end = event;
    this.onTold?.(this.#numbered(event, this.last));
    return this.last;
  }

  /** Returns the event of a cursor behind `start`, up to `last`; `null` for an action that was lost when the row was bounded. */
  event(cursor: number): LoggedEvent | null {
    if (cursor <= this.start || cursor > this.last) throw new RangeError(`There is no event ${cursor}.`);
    const content = this.#content(cursor);
    return content === null ? null : this.#numbered(content, cursor);
  }

  /** Returns the shape of what was told so far. */
  told(): Told {
    return {
      events: this.#order.map((entry) => this.#toldEvent(entry)),
      openings: this.#openings.map(({ place }) => place),
      attempts: [...this.#attempts],
    };
  }

  /** Returns when each character of a spoken answer is heard, as differences; `null` for a written one. */
  alignment(): number[] | null {
    if (this.#sounds.length === 0) return null;
    return deltasOf(this.#sounds.flatMap(({ times }) => times ?? []));
  }

  #tell(entry: number, content: () => Content | null): number {
    if (this.#end !== null) throw new Error('The turn has ended.');
    this.#order.push(entry);
    const { last } = this;
    const event = this.onTold === null ? null : content();
    if (event !== null) this.onTold?.(this.#numbered(event, last));
    return last;
  }

  #numbered(content: Content, cursor: number): LoggedEvent {
    if (this.#attempts.length === 0) return { ...content, cursor };
    const attempt = 1 + this.#attempts.filter((first) => first <= cursor).length;
    return attempt === 1 ? { ...content, cursor } : { ...content, cursor, attempt };
  }

  #content(cursor: number): Content | null {
    const entry = this.#order[cursor - this.start - 1];
    if (entry === undefined) return this.#end;
    if (entry >= 0) return this.#piece(entry, this.#textOf(entry));
    const index = Math.floor((-entry - 1) / 2);
    const opening = this.#openings[index];
    if (entry % 2 === 0) return actionEvent(this.#actions[index] ?? null);
    return opening === undefined ? null : this.#opening(opening);
  }

  #opening({ message_id, text }: Opening): Content {
    const { interaction_id } = this.subject;
    return { type: 'user-message-available', message_id, user_message: text, interaction_id };
  }

  #textOf(piece: number): string {
    return this.#text.slice(this.#ends[piece - 1] ?? 0, this.#ends[piece]);
  }

  #piece(index: number, text: string): StreamEvent {
    const sound = this.#sounds[index];
    return {
      type: 'new-message',
      message: sound === undefined ? text : base64Of(sound.samples),
      transcript_alignment: sound?.times ? aligned(text, sound.times) : null,
      stop: this.#isFinal && index === this.#ends.length - 1,
      sequence_number: index,
      message_id: this.#messageId,
    };
  }

  #toldEvent(entry: number): ToldEvent {
    if (entry < 0) return entry % 2 === 0 ? TOLD_ACTION : TOLD_OPENING;
    const sound = this.#sounds[entry];
    const units = (this.#ends[entry] ?? 0) - (this.#ends[entry - 1] ?? 0);
    return sound === undefined ? units : [sound.samples.length, Array.from(this.#textOf(entry)).length];
  }
}

function actionEvent(action: AgentAction | null): StreamEvent | null {
  return action === null ? null : { type: 'current-agent-action', action };
}

function aligned(text: string, times: readonly number[]): AlignedCharacter[] {
  const end = times.at(-1) ?? 0;
  return Array.from(text, (character, index) => [times[index] ?? end, character]);
}
