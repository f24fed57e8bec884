/** The most chunks that a stream holds: more than any reader leaves unread within its bound of bytes. */
const MAX_CHUNKS = 1_000_000;

/** The strategy of a stream whose chunks are counted by `Unread`: the runtime counts each as one. */
export const COUNTED_CHUNKS: QueuingStrategy<Uint8Array> = { highWaterMark: MAX_CHUNKS };

/**
 * Counts the bytes that a reader has left unread in a stream of `COUNTED_CHUNKS`. A strategy that counts bytes doubles the
 * cost of a write: the runtime calls a function for the size of each chunk.
 */
export class Unread {
  /** The sizes of the chunks that may be unread, in bytes: the oldest from `#first` on. */
  #sizes: number[] = [];
  #first = 0;
  #bytes = 0;

  /** Notes a chunk that is written. */
  wrote(bytes: number): void {
    this.#sizes.push(bytes);
    this.#bytes += bytes;
  }

  /** Tells whether more than so many bytes are unread. Looks into the stream only when as many were written. */
  exceeds(most: number, controller: ReadableStreamDefaultController): boolean {
    return this.#bytes > most && this.bytes(controller) > most;
  }

  /** Returns the bytes that are unread. */
  bytes({ desiredSize }: ReadableStreamDefaultController): number {
    const unread = MAX_CHUNKS - (desiredSize ?? 0);
    while (this.#sizes.length - this.#first > unread) {
      this.#bytes -= this.#sizes[this.#first] ?? 0;
      this.#first += 1;
    }
    if (this.#first === this.#sizes.length) {
      this.#sizes = [];
      this.#first = 0;
    }
    return this.#bytes;
  }
}
