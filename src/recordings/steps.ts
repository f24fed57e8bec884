/**
 * How the formats read a recording that arrives in chunks of any size. A format is a generator that says what it wants
 * next; it never sees more bytes than it asked for, so what it decides cannot depend on how the bytes were cut.
 */

/**
 * `read`: show that many bytes from the present position, and stay there; fewer only where the recording ends. What is
 * shown is a view that holds until the next `pass` or `skip`.
 * `pass`: store that many bytes as they are. `skip`: drop that many. Both end silently where the recording does.
 */
export interface Step {
  want: 'read' | 'pass' | 'skip';
  bytes: number;
}

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

export function* skip(bytes: number): Steps<void> {
  yield { want: 'skip', bytes };
}
