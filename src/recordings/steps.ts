/**
 * How the formats read a recording that arrives in chunks of any size. A format is a generator that says what it wants
 * next; it never sees more bytes than it asked for, so what it decides cannot depend on how the bytes were cut.
 */
import type { RecordingFormat } from './format.ts';

/**
 * `read`: show that many bytes from the present position, and stay there; fewer only where the recording ends. What is
 * shown is a view that holds until the next step.
 * `pass`: store that many bytes as they are. `sound`: store that many bytes as samples of the format that was settled.
 * `skip`: drop that many. These three end silently where the recording does; `bytes` may be `Infinity`.
 * `settle`: the recording is in this format, or will be refused. Once, before the first `sound`, and for samples before
 * any `pass`.
 */
export type Step =
  { want: 'read' | 'pass' | 'sound' | 'skip'; bytes: number } | { want: 'settle'; format: RecordingFormat };

export type Steps<T> = Generator<Step, T, Uint8Array>;

/**
 * The most that may be read ahead at once: three frames of AAC in ADTS (8,191 bytes each) are the longest look that any
 * format takes. This is also all the memory that an undecided recording holds.
 */
export const MAX_READ_BYTES = 32 * 1024;

export function* read(bytes: number): Steps<Uint8Array> {
  return yield { want: 'read', bytes };
}

export function* pass(bytes: number): Steps<void> {
  yield { want: 'pass', bytes };
}

export function* sound(bytes: number): Steps<void> {
  yield { want: 'sound', bytes };
}

export function* skip(bytes: number): Steps<void> {
  yield { want: 'skip', bytes };
}

export function* settle(format: RecordingFormat): Steps<void> {
  yield { want: 'settle', format };
}
