import type { RecordingType } from '../contract/formats.ts';
import { heldMemory, type HeldMemory } from './held-memory.ts';

/** R2's smallest part of a multipart upload, but for the last; all but the last must be of one size. */
export const PART_BYTES = 5 * 1024 * 1024;
/** What is held for a recording at first; most are not longer than a few times that. */
const FIRST_BYTES = 64 * 1024;

/** What is known of a recording when the first of it is stored. */
export interface UploadShape {
  /** How long the header will be. */
  headerBytes: number;
  /** Known before a part is full. */
  content_type: RecordingType | null;
}

/**
 * Brings a recording to R2 as it arrives, its header last: only the end knows what a header has to say. What fits
 * into one part is put whole; what does not goes part by part, the one with the header last. So two parts are held at
 * most, and one where there is no header. What all recordings of an isolate hold is counted.
 */
export class RecordingUpload {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly #begun: (uploadId: string) => Promise<void>;
  readonly #memory: HeldMemory;
  /** The first part, with room for its header: held back until the header is known. */
  #first: Uint8Array | null = null;
  /** The part that is being filled, up to `#filled`. */
  #part = new Uint8Array();
  #filled = 0;
  #about: UploadShape | null = null;
  #multipart: R2MultipartUpload | null = null;
  #number = 0;
  readonly #parts: R2UploadedPart[] = [];

  /** `begun` is told of a multipart upload before its first part: it has to be ended if this process dies. */
  constructor(
    bucket: R2Bucket,
    key: string,
    begun: (uploadId: string) => Promise<void>,
    memory: HeldMemory = heldMemory,
  ) {
    this.#bucket = bucket;
    this.#key = key;
    this.#begun = begun;
    this.#memory = memory;
  }

  /** Takes the next bytes. Throws `ProblemError` `service_overloaded` when too much is held in all. */
  async write(bytes: Uint8Array, about: UploadShape): Promise<void> {
    if (bytes.byteLength > 0 && this.#about === null) {
      this.#about = about;
      this.#filled = about.headerBytes;
    }
    let rest = bytes;
    while (rest.byteLength > 0) {
      this.#makeRoom(this.#filled + rest.byteLength);
      const taken = rest.subarray(0, this.#part.length - this.#filled);
      this.#part.set(taken, this.#filled);
      this.#filled += taken.byteLength;
      rest = rest.subarray(taken.byteLength);
      if (this.#filled === PART_BYTES) await this.#endPart(about);
    }
  }

  /** Stores the recording: from here on it is in the bucket. Nothing is held any more, whatever comes of it. */
  async finish(header: Uint8Array, content_type: RecordingType): Promise<void> {
    try {
      const last = this.#part.subarray(0, this.#filled);
      const first = this.#first ?? last;
      first.set(header);
      if (this.#multipart === null && (this.#first === null || last.byteLength === 0)) {
        await this.#bucket.put(this.#key, first, { httpMetadata: { contentType: content_type } });
        return;
      }
      if (last.byteLength > 0) await this.#send(last, content_type);
      const upload = await this.#begin(content_type);
      if (this.#first !== null) this.#parts.push(await upload.uploadPart(1, first));
      await upload.complete(this.#parts.toSorted((one, other) => one.partNumber - other.partNumber));
    } finally {
      this.#release();
    }
  }

  /** Gives the upload up; nothing of it stays. What cannot be ended now is ended by the owner of `begun`. */
  async abort(): Promise<void> {
    this.#release();
    await this.#multipart?.abort();
  }

  /** Doubles the part up to its full length, so that what is copied on the way is no more than what comes. */
  #makeRoom(wanted: number): void {
    let size = Math.max(this.#part.length, FIRST_BYTES);
    while (size < wanted && size < PART_BYTES) size *= 2;
    size = Math.min(size, PART_BYTES);
    if (size === this.#part.length) return;
    this.#memory.hold(this, (this.#first?.length ?? 0) + size);
    const larger = new Uint8Array(size);
    larger.set(this.#part.subarray(0, this.#filled));
    this.#part = larger;
  }

  async #endPart({ headerBytes, content_type }: UploadShape): Promise<void> {
    if (this.#number === 0 && headerBytes > 0) {
      this.#first = this.#part;
      this.#part = new Uint8Array();
      this.#number = 1;
    } else {
      // The same memory is filled again: the bucket has taken what was in it.
      await this.#send(this.#part, content_type);
    }
    this.#filled = 0;
  }

  async #send(part: Uint8Array, content_type: RecordingType | null): Promise<void> {
    this.#number += 1;
    const upload = await this.#begin(content_type);
    this.#parts.push(await upload.uploadPart(this.#number, part));
  }

  async #begin(content_type: RecordingType | null): Promise<R2MultipartUpload> {
    if (this.#multipart !== null) return this.#multipart;
    // The formats tell what they are long before a part is full.
    const httpMetadata = content_type === null ? {} : { contentType: content_type };
    this.#multipart = await this.#bucket.createMultipartUpload(this.#key, { httpMetadata });
    await this.#begun(this.#multipart.uploadId);
    return this.#multipart;
  }

  #release(): void {
    this.#first = null;
    this.#part = new Uint8Array();
    this.#filled = 0;
    this.#memory.release(this);
  }
}
