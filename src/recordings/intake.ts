import { ProblemError } from '../problems.ts';
import type { RecordingType } from '../speech/ports.ts';
import { WAV_HEADER_BYTES } from '../speech/wav-header.ts';
import { join } from './bytes.ts';
import { unrecognized } from './refusals.ts';
import { SampleWriter } from './samples.ts';
import { sniff, type AudioConfig, type Verdict } from './sniff.ts';
import { MAX_READ_BYTES, type Step, type Steps } from './steps.ts';

export type { AudioConfig } from './sniff.ts';

const NOTHING = new Uint8Array();

/** Where what follows goes, once it is known what it is. */
type Destination = { type: 'audio/wav'; samples: SampleWriter } | { type: 'audio/mpeg' | 'audio/flac' };

function destinationOf(verdict: Verdict): Destination {
  if (verdict === 'mpeg') return { type: 'audio/mpeg' };
  if (verdict === 'flac') return { type: 'audio/flac' };
  return { type: 'audio/wav', samples: new SampleWriter(verdict) };
}

/**
 * Takes a user's recording in chunks of any size and gives what is to be stored: a WAV file whose header tells the
 * truth for WAV and bare samples, MP3 and FLAC as they came. How the recording is cut changes nothing. Holds at most
 * `MAX_READ_BYTES` of it, and copies a chunk once at most.
 */
export class RecordingIntake {
  readonly #steps: Steps<Verdict>;
  #step: Step = { want: 'skip', bytes: 0 };
  /** How much of a `pass` or `skip` has been done, in bytes. */
  #done = 0;
  #destination: Destination | null = null;
  #refusal: ProblemError | null = null;
  /** What has been read ahead and is neither stored nor dropped yet: the first `#heldBytes` of it. */
  readonly #held = new Uint8Array(MAX_READ_BYTES);
  #heldBytes = 0;

  constructor(config: AudioConfig | null) {
    this.#steps = sniff(config);
  }

  /** How long the header will be, in bytes: right from when the first bytes are given. */
  get headerBytes(): number {
    return this.#destination?.type === 'audio/wav' ? WAV_HEADER_BYTES : 0;
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
    const destination = this.#destination;
    if (destination === null) throw unrecognized('The recording ends before it shows what it is.');
    if (destination.type !== 'audio/wav')
      return { rest: last, header: NOTHING, content_type: destination.type };
    const { header, padding } = destination.samples.end();
    return { rest: join([last, padding]), header, content_type: destination.type };
  }

  #take(chunk: Uint8Array, ended: boolean): Uint8Array {
    if (this.#refusal !== null) throw this.#refusal;
    const passed: Uint8Array[] = [];
    const rest = this.#advance(chunk, ended, passed);
    if (this.#destination === null) return join(passed);
    const following = [this.#release(this.#heldBytes), rest];
    if (this.#destination.type === 'audio/wav') return this.#destination.samples.write(following);
    return join([...passed, ...following]);
  }

  /** Serves steps until the chunk is used up or it is known what the recording is; what is left of the chunk. */
  #advance(chunk: Uint8Array, ended: boolean, passed: Uint8Array[]): Uint8Array {
    let rest = chunk;
    while (this.#destination === null) {
      const { want, bytes } = this.#step;
      if (want === 'read') {
        const missing = Math.max(0, bytes - this.#heldBytes);
        rest = this.#hold(rest, missing);
        if (this.#heldBytes < bytes && !ended) break;
        this.#resume(this.#held.subarray(0, Math.min(bytes, this.#heldBytes)));
      } else {
        const ahead = this.#release(bytes - this.#done);
        const taken = rest.subarray(0, bytes - this.#done - ahead.length);
        rest = rest.subarray(taken.length);
        if (want === 'pass') passed.push(ahead, taken);
        this.#done += ahead.length + taken.length;
        if (this.#done < bytes && !ended) break;
        this.#resume(NOTHING);
      }
    }
    return rest;
  }

  #resume(answer: Uint8Array): void {
    try {
      const { done, value } = this.#steps.next(answer);
      this.#done = 0;
      if (done === true) this.#destination = destinationOf(value);
      else this.#step = value;
    } catch (error) {
      if (error instanceof ProblemError) this.#refusal = error;
      throw error;
    }
  }

  /** Holds the first so many bytes of the chunk, as far as it has them; what is left of it. */
  #hold(chunk: Uint8Array, bytes: number): Uint8Array {
    const taken = chunk.subarray(0, bytes);
    this.#held.set(taken, this.#heldBytes);
    this.#heldBytes += taken.length;
    return chunk.subarray(taken.length);
  }

  /** Gives away the first so many of the bytes that are held, as far as there are. */
  #release(bytes: number): Uint8Array {
    if (this.#heldBytes === 0) return NOTHING;
    const released = this.#held.slice(0, Math.min(bytes, this.#heldBytes));
    this.#held.copyWithin(0, released.length, this.#heldBytes);
    this.#heldBytes -= released.length;
    return released;
  }
}
