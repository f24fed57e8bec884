import type { ActionFilter } from './action-filter.ts';
import type { StreamEvent } from '../../contract/stream.ts';
import { failure, success, type Outcome } from '../../problems.ts';
import { jsonLine } from '../../text.ts';
import { withoutThought } from './action-view.ts';
import { EncodedText, type Line, type ReaderStream } from './reader-stream.ts';
import type { LoggedEvent, Subject, Transcript } from './transcript.ts';

/** The most that follow one turn at a time: each holds a connection and what it has not read. */
export const MAX_READERS = 64;

/** The parts that a caller may see of the agent's work beside its answer. */
export interface Sight {
  /** True when the stream tells what the agent does. */
  actions: boolean;
  /** True when it tells what the agent thinks. */
  thoughts: boolean;
}

/** The part of a turn that one reader sees. */
export interface ReaderSpec {
  /** The cursor of the last event that the reader has; `null` to begin with the first. */
  after: number | null;
  /**
   * `interact`: the stream begins with the messages that the turn answers. `create` and `resume`: it begins with
   * `conversation-created` (cursor 0) instead, for a new conversation or an existing one.
   */
  shape: 'interact' | 'create' | 'resume';
  sight: Sight;
  /** Which of the actions that the reader may see it wants to see. */
  filter: ActionFilter;
  /** Which of the messages that the turn answers are told: all, or only those that the reader itself sent. */
  own: 'all' | ((messageId: string) => boolean);
  /** True when the reader stays for what is still to come. */
  live: boolean;
}

/** One event as lines for readers of different sight; each is made when it is first needed. */
class RenderedEvent {
  readonly #event: LoggedEvent;
  #whole: string | null = null;
  #thoughtless: string | null = null;

  constructor(event: LoggedEvent) {
    this.#event = event;
  }

  /** The line as a reader sees it; `null` for an event that is not for this reader. */
  for(spec: ReaderSpec): string | null {
    const event = this.#event;
    if (event.type === 'user-message-available') {
      const isSeen = spec.shape === 'interact' && (spec.own === 'all' || spec.own(event.message_id));
      return isSeen ? this.#wholeLine() : null;
    }
    if (event.type === 'interaction-complete' && event.usage !== undefined && !spec.sight.actions) {
      const { usage: _usage, ...shown } = event;
      this.#thoughtless ??= jsonLine(shown);
      return this.#thoughtless;
    }
    if (event.type !== 'current-agent-action') return this.#wholeLine();
    const { action } = event;
    if (!spec.sight.actions || !spec.filter(action.type)) return null;
    if (spec.sight.thoughts) return this.#wholeLine();
    const shown = withoutThought(action);
    if (shown === action) return this.#wholeLine();
    this.#thoughtless ??= jsonLine({ ...event, action: shown });
    return this.#thoughtless;
  }

  #wholeLine(): string {
    this.#whole ??= jsonLine(this.#event);
    return this.#whole;
  }
}

/**
 * All readers of one turn's log, running or stored. Each joins where it likes, sees what it may, and leaves alone; a
 * present event is put into JSON once for all that see it.
 */
export class Readers {
  readonly #transcript: Transcript;
  readonly #readers = new Map<ReaderStream, ReaderSpec>();
  readonly #encoded = new EncodedText();
  #isHeld = false;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    transcript.onTold = (event) => this.#tell(event);
  }

  /** The number of readers that follow the turn now. */
  get count(): number {
    this.#forgetClosed();
    return this.#readers.size;
  }

  /**
   * Gives a stream what is past, and then what comes until the turn ends. Returns the cursor of the last past event;
   * refuses with `service_overloaded` when too many follow already.
   */
  attach(spec: ReaderSpec, stream: ReaderStream): Outcome<number> {
    if (this.count >= MAX_READERS) {
      return failure('service_overloaded', `This turn has ${MAX_READERS} readers already. Try again later.`);
    }
    const { last, isClosed } = this.#transcript;
    stream.begin(this.#past(spec, spec.live ? Infinity : last), this.#encoded);
    if (isClosed || !spec.live) stream.end();
    else this.#readers.set(stream, spec);
    return success(last);
  }

  /** Keeps what is told from now on until `flush`, which is to come before the turn waits for anything. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Sends what was told now. What is told later goes out at the end of its tick. */
  flush(): void {
    this.#isHeld = false;
    for (const stream of this.#readers.keys()) stream.flush();
  }

  /** The lines behind `after`, up to a cursor: those that are told while they are read, too. */
  *#past(spec: ReaderSpec, until: number): Generator<Line, void> {
    const { subject } = this.#transcript;
    if (spec.after === null && spec.shape !== 'interact') yield createdLine(subject, spec);
    for (
      let cursor = Math.max(spec.after ?? 0, this.#transcript.start) + 1;
      cursor <= Math.min(this.#transcript.last, until);
      cursor += 1
    ) {
      const event = this.#transcript.event(cursor);
      const line = event === null ? null : new RenderedEvent(event).for(spec);
      if (line !== null) yield [line, cursor];
    }
  }

  #tell(event: LoggedEvent): void {
    const rendered = new RenderedEvent(event);
    // The last event goes out with the end of the stream.
    const isHeld = this.#isHeld || this.#transcript.isClosed;
    for (const [stream, spec] of this.#readers) {
      if (!stream.isOpen) {
        this.#readers.delete(stream);
      } else if (!stream.isBehind && event.cursor > (spec.after ?? 0)) {
        const line = rendered.for(spec);
        if (line !== null) stream.send(line, event.cursor, isHeld);
      }
    }
    if (!this.#transcript.isClosed) return;
    for (const stream of this.#readers.keys()) stream.end();
    this.#readers.clear();
  }

  #forgetClosed(): void {
    for (const stream of this.#readers.keys()) if (!stream.isOpen) this.#readers.delete(stream);
  }
}

function createdLine(subject: Subject, { shape }: ReaderSpec): Line {
  const event: StreamEvent & { cursor: number } = {
    type: 'conversation-created',
    ...subject,
    ...(shape === 'resume' && { resumed: true }),
    cursor: 0,
  };
  return [jsonLine(event), 0];
}
