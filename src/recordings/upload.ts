import type { RecordingType } from '../speech/ports.ts';
import { join } from './bytes.ts';

/** R2's smallest part of a multipart upload, but for the last; all but the last must be of one size. */
export const PART_BYTES = 5 * 1024 * 1024;

/**
 * Brings a recording to R2 as it arrives, its header last: only the end knows what a header has to say. What fits
 * into one part is put whole; what does not goes part by part, the first one last. So at most three parts are held.
 */
export class RecordingUpload {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly #begun: (uploadId: string) => Promise<void>;
  /** The first part without its header, held back until the header is known. */
  #first: Uint8Array | null = null;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #multipart: R2MultipartUpload | null = null;
  readonly #parts: R2UploadedPart[] = [];

  /** `begun` is told of a multipart upload before its first part: somebody must end it if this process dies. */
  constructor(bucket: R2Bucket, key: string, begun: (uploadId: string) => Promise<void>) {
    this.#bucket = bucket;
    this.#key = key;
    this.#begun = begun;
  }

  /** Takes the next bytes. `headerBytes` is how long the header will be. */
  async write(bytes: Uint8Array, headerBytes: number): Promise<void> {
    let rest = bytes;
    while (rest.byteLength > 0) {
      const room = PART_BYTES - (this.#first === null ? headerBytes : 0) - this.#buffered;
      const taken = rest.subarray(0, room);
      rest = rest.subarray(taken.byteLength);
      this.#chunks.push(taken);
      this.#buffered += taken.byteLength;
      if (taken.byteLength === room) await this.#endPart();
    }
  }

  async #endPart(): Promise<void> {
    const part = join(this.#chunks);
    this.#chunks = [];
    this.#buffered = 0;
    if (this.#first === null) {
      this.#first = part;
      return;
    }
    if (this.#multipart === null) {
      this.#multipart = await this.#bucket.createMultipartUpload(this.#key);
      await this.#begun(this.#multipart.uploadId);
    }
    this.#parts.push(await this.#multipart.uploadPart(this.#parts.length + 2, part));
  }

  /** Stores the recording: from here on it is in the bucket. */
  async finish(header: Uint8Array, type: RecordingType): Promise<void> {
    const first = this.#first ?? new Uint8Array();
    const last = join(this.#chunks);
    const httpMetadata = { contentType: type };
    if (this.#multipart === null) {
      const whole = join([header, first, last]);
      await this.#bucket.put(this.#key, whole, { httpMetadata });
      return;
    }
    if (last.byteLength > 0) {
      this.#parts.push(await this.#multipart.uploadPart(this.#parts.length + 2, last));
    }
    const head = join([header, first]);
    const begin = await this.#multipart.uploadPart(1, head);
    await this.#multipart.complete([begin, ...this.#parts]);
  }

  /** Gives the upload up; nothing of it stays. What cannot be ended now is ended by whoever was told of it. */
  async abort(): Promise<void> {
    this.#chunks = [];
    this.#first = null;
    await this.#multipart?.abort();
  }
}
