/**
 * Steps by which formats read a recording that arrives in chunks of any size. A format is a generator that yields its
 * next step. It never sees more bytes than it asks for, so its decisions cannot depend on the chunks.
 */
import type { RecordingFormat } from './format.ts';

/**
 * A step of a format.
 * - `read`: returns that many bytes from the present position, and stays there. Returns fewer only at the end of the
 * recording. The bytes are a view that is valid until the next step.
 * - `pass`: stores that many bytes unchanged.
 * - `sound`: stores that many bytes as samples of the settled format.
 * - `skip`: drops that many bytes.
 * - `settle`: states that the recording is in this format or will be refused. It comes once, before the first `sound`,
 * and for samples before any `pass`.
 *
 * `pass`, `sound` and `skip` end without an error at the end of the recording; their `bytes` may be `Infinity`.
 */
export type Step =
  { want: 'read' | 'pass' | 'sound' | 'skip'; bytes: number } | { want: 'settle'; format: RecordingFormat };

/** Steps of a format that return a `T`. */
export type Steps<T> = Generator<Step, T, Uint8Array>;

/**
 * Maximum number of bytes of a `read`: the longest one is three frames of AAC in ADTS (8,191 bytes each). It is also
 * the memory of a recording whose format is unknown.
 */
export const MAX_READ_BYTES = 32 * 1024;

/** Returns up to `bytes` bytes without consuming them. */
export function* read(bytes: number): Steps<Uint8Array> {
  return yield { want: 'read', bytes };
}

/** Stores `bytes` bytes unchanged. */
export function* pass(bytes: number): Steps<void> {
  yield { want: 'pass', bytes };
}

/** Stores `bytes` bytes as samples. */
export function* sound(bytes: number): Steps<void> {
  yield { want: 'sound', bytes };
}

/** Drops `bytes` bytes. */
export function* skip(bytes: number): Steps<void> {
  yield { want: 'skip', bytes };
}

/** States the format of the recording. */
export function* settle(format: RecordingFormat): Steps<void> {
  yield { want: 'settle', format };
}
