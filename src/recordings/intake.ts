import { ProblemError } from '../problems.ts';
import type { RecordingType } from '../contract/formats.ts';
import { WAV_HEADER_BYTES } from '../speech/wav-header.ts';
import { join } from './bytes.ts';
import { unrecognized } from './refusals.ts';
import { SampleWriter } from './samples.ts';
import { sniff, type AudioConfig } from './sniff.ts';
import { MAX_READ_BYTES, type Step, type Steps } from './steps.ts';
import type { UploadShape } from './upload.ts';

export type { AudioConfig } from './sniff.ts';

const NOTHING = new Uint8Array();
/** Nearly every look is shorter. */
const FIRST_HELD_BYTES = 1024;

/**
 * Takes a user's recording in chunks of any size and gives what is to be stored: a WAV file whose header tells the
 * truth for WAV and bare samples, the other formats as they came. How the recording is cut changes nothing. Holds at
 * most `MAX_READ_BYTES` of it, and copies a chunk twice at most.
 */
export class RecordingIntake {
  /** Null when the format has seen all that it wants to see: what follows is dropped. */
  #steps: Steps<void> | null;
  #step: Step = { want: 'skip', bytes: 0 };
  /** How much of a `pass`, `sound` or `skip` has been done, in bytes. */
  #done = 0;
  #content_type: RecordingType | null = null;
  #samples: SampleWriter | null = null;
  #refusal: ProblemError | null = null;
  /** What has been read ahead and is neither stored nor dropped yet: from `#heldFrom` to `#heldTo`. */
  #held = new Uint8Array(FIRST_HELD_BYTES);
  #heldFrom = 0;
  #heldTo = 0;

  /** `declared` is the content type that the recording is sent with; null when it has none. */
  constructor(config: AudioConfig | null, declared: string | null = null) {
    this.#steps = sniff(config, declared);
  }

  /** What is known so far: how long the header will be is right from when the first bytes are given. */
  get shape(): UploadShape {
    return { headerBytes: this.#samples === null ? 0 : WAV_HEADER_BYTES, content_type: this.#content_type };
  }

  /**
   * What of the chunk is to be stored now, behind the header; often nothing while it is not known what it is. May be a
   * view of the chunk. Throws `ProblemError` as soon as the recording is refused, and again whenever asked.
   */
  push(chunk: Uint8Array): Uint8Array {
    return this.#take(chunk, false);
  }

  /**
   * What is to be stored last, the header in front of everything, and the type. To be called once, at the end. Throws
   * `ProblemError` `message_empty` when there is no sound, `recording_unsupported` when it never became anything.
   */
  end(): { rest: Uint8Array; header: Uint8Array; content_type: RecordingType } {
    const last = this.#take(NOTHING, true);
    const content_type = this.#content_type;
    if (content_type === null) throw unrecognized('The recording ends before it shows what it is.');
    if (this.#samples === null) return { rest: last, header: NOTHING, content_type };
    const { header, padding } = this.#samples.end();
    return { rest: join([last, padding]), header, content_type };
  }

  #take(chunk: Uint8Array, ended: boolean): Uint8Array {
    if (this.#refusal !== null) throw this.#refusal;
    const stored: Uint8Array[] = [];
    let rest = chunk;
    while (this.#steps !== null) {
      const step = this.#step;
      if (step.want === 'settle') {
        this.#settle(step.format);
        this.#resume(NOTHING);
      } else if (step.want === 'read') {
        rest = this.#hold(rest, Math.max(0, step.bytes - this.#heldBytes));
        if (this.#heldBytes < step.bytes && !ended) break;
        const shown = Math.min(step.bytes, this.#heldBytes);
        this.#resume(this.#held.subarray(this.#heldFrom, this.#heldFrom + shown));
      } else {
        const ahead = this.#release(step.bytes - this.#done);
        const taken = rest.subarray(0, Math.min(rest.length, step.bytes - this.#done - ahead.length));
        rest = rest.subarray(taken.length);
        this.#done += ahead.length + taken.length;
        if (step.want === 'pass') stored.push(ahead, taken);
        if (step.want === 'sound') stored.push(this.#samples?.write([ahead, taken]) ?? NOTHING);
        if (this.#done < step.bytes && !ended) break;
        if (step.want === 'sound') this.#samples?.endFrame();
        this.#resume(NOTHING);
      }
    }
    return join(stored);
  }

  #settle(format: Extract<Step, { want: 'settle' }>['format']): void {
    if (typeof format === 'string') {
      this.#content_type = format;
      return;
    }
    this.#content_type = 'audio/wav';
    this.#samples = new SampleWriter(format);
  }

  #resume(answer: Uint8Array): void {
    if (this.#steps === null) return;
    try {
      const { done, value } = this.#steps.next(answer);
      this.#done = 0;
      if (done === true) this.#steps = null;
      else this.#step = value;
    } catch (error) {
      if (error instanceof ProblemError) this.#refusal = error;
      throw error;
    }
  }

  get #heldBytes(): number {
    return this.#heldTo - this.#heldFrom;
  }

  /** Holds the first so many bytes of the chunk, as far as it has them; what is left of it. */
  #hold(chunk: Uint8Array, bytes: number): Uint8Array {
    const taken = chunk.subarray(0, bytes);
    if (this.#heldTo + taken.length > this.#held.length) this.#makeRoom(taken.length);
    this.#held.set(taken, this.#heldTo);
    this.#heldTo += taken.length;
    return chunk.subarray(taken.length);
  }

  /** Moves what is held to the front, of a larger memory where this one is too small: the largest holds any look. */
  #makeRoom(bytes: number): void {
    const held = this.#held.subarray(this.#heldFrom, this.#heldTo);
    if (held.length + bytes > this.#held.length) this.#held = new Uint8Array(MAX_READ_BYTES);
    this.#held.set(held);
    this.#heldTo = held.length;
    this.#heldFrom = 0;
  }

  /** Gives away the first so many of the bytes that are held, as far as there are. */
  #release(bytes: number): Uint8Array {
    if (this.#heldBytes === 0) return NOTHING;
    const released = this.#held.slice(this.#heldFrom, Math.min(this.#heldFrom + bytes, this.#heldTo));
    this.#heldFrom += released.length;
    return released;
  }
}
