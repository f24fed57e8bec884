import type { RecordingType } from '../contract/formats.ts';
import { heldMemory, type HeldMemory } from './held-memory.ts';

/**
 * Size of a part of a multipart upload to R2 in bytes: its minimum, except for the last part. All parts but the last
 * must have one size.
 */
export const PART_BYTES = 5 * 1024 * 1024;
/** First size of a recording's memory in bytes. Most recordings need a few times that at most. */
const FIRST_BYTES = 64 * 1024;

/** Known properties of a recording when its first bytes are stored. */
export interface UploadShape {
  /** Size of the header in bytes. */
  headerBytes: number;
  /** Content type; known before a part is full. */
  content_type: RecordingType | null;
}

/**
 * Stores a recording in R2 as it arrives, its header last, because only the end tells the content of the header. A
 * recording of one part is put at once. A longer one goes in parts, and the part with the header last. So at most two
 * parts are in memory, and one if there is no header. The memory of all recordings of an isolate is counted.
 */
export class RecordingUpload {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly #begun: (uploadId: string) => Promise<void>;
  readonly #memory: HeldMemory;
  /** The first part, with room for the header; held until the header is known. */
  #first: Uint8Array | null = null;
  /** The current part, filled up to `#filled`. */
  #part = new Uint8Array();
  #filled = 0;
  #about: UploadShape | null = null;
  #multipart: R2MultipartUpload | null = null;
  #number = 0;
  readonly #parts: R2UploadedPart[] = [];

  /**
   * `begun` receives the identifier of a multipart upload before its first part, so that the upload can be aborted if
   * this process dies.
   */
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

  /** Takes the next bytes. Throws `service_overloaded` if all recordings together use too much memory. */
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

  /** Completes the recording in the bucket. Releases its memory in any case. */
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

  /** Aborts the upload and removes its parts. If that fails, the owner of `begun` aborts it later. */
  async abort(): Promise<void> {
    this.#release();
    await this.#multipart?.abort();
  }

  /** Doubles the memory of the part up to its full size, so that copying takes linear time. */
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
      // The same memory is filled again: the bucket has stored its content.
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
    // Formats are known long before a part is full.
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
