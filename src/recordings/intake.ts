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
/** First size of the memory for bytes that are read ahead: enough for most reads. */
const FIRST_HELD_BYTES = 1024;

/**
 * Receives a user's recording in chunks of any size, and returns the bytes to store: a WAV file with a correct header
 * for WAV and bare samples, and other formats unchanged. The sizes of the chunks do not change the result. Holds at
 * most `MAX_READ_BYTES`, and copies each chunk at most twice.
 */
export class RecordingIntake {
  /** Steps of the format; null after its last step. Bytes after that are dropped. */
  #steps: Steps<void> | null;
  #step: Step = { want: 'skip', bytes: 0 };
  /** Number of bytes of the present `pass`, `sound` or `skip` that are done. */
  #done = 0;
  #content_type: RecordingType | null = null;
  #samples: SampleWriter | null = null;
  #refusal: ProblemError | null = null;
  /** Bytes from `#heldFrom` to `#heldTo` were read ahead, and are neither stored nor dropped yet. */
  #held = new Uint8Array(FIRST_HELD_BYTES);
  #heldFrom = 0;
  #heldTo = 0;

  /** `declared` is the content type of the recording as sent; null if it has none. */
  constructor(config: AudioConfig | null, declared: string | null = null) {
    this.#steps = sniff(config, declared);
  }

  /** Known properties of the stored recording. `headerBytes` is final once `push` returns bytes. */
  get shape(): UploadShape {
    return { headerBytes: this.#samples === null ? 0 : WAV_HEADER_BYTES, content_type: this.#content_type };
  }

  /**
   * Takes a chunk, and returns the bytes to store now, after the header. It returns none while the format is unknown,
   * and may return a view of the chunk. Throws a `ProblemError` as soon as the recording is refused, and at every later
   * call.
   */
  push(chunk: Uint8Array): Uint8Array {
    return this.#take(chunk, false);
  }

  /**
   * Ends the recording. Returns the last bytes to store, the header to put before everything, and the content type.
   * Call it once. Throws `message_empty` if there is no sound, and `recording_unsupported` if the format stayed
   * unknown.
   */
  end(): { rest: Uint8Array; header: Uint8Array; content_type: RecordingType } {
    const last = this.#take(NOTHING, true);
    const content_type = this.#content_type;
    if (content_type === null) throw unrecognized('The recording ends before its format can be recognized.');
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

  /** Copies up to `bytes` of the chunk to the held bytes, and returns the rest of the chunk. */
  #hold(chunk: Uint8Array, bytes: number): Uint8Array {
    const taken = chunk.subarray(0, bytes);
    if (this.#heldTo + taken.length > this.#held.length) this.#makeRoom(taken.length);
    this.#held.set(taken, this.#heldTo);
    this.#heldTo += taken.length;
    return chunk.subarray(taken.length);
  }

  /** Moves the held bytes to the front, into memory of `MAX_READ_BYTES` if the present one is too small. */
  #makeRoom(bytes: number): void {
    const held = this.#held.subarray(this.#heldFrom, this.#heldTo);
    if (held.length + bytes > this.#held.length) this.#held = new Uint8Array(MAX_READ_BYTES);
    this.#held.set(held);
    this.#heldTo = held.length;
    this.#heldFrom = 0;
  }

  /** Removes up to `bytes` of the held bytes, and returns them. */
  #release(bytes: number): Uint8Array {
    if (this.#heldBytes === 0) return NOTHING;
    const released = this.#held.slice(this.#heldFrom, Math.min(this.#heldFrom + bytes, this.#heldTo));
    this.#heldFrom += released.length;
    return released;
  }
}
