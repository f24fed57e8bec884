import type { StoredRecording } from '../../conversation/recording-table.ts';
import type { BusyPolicy } from '../../contract/turns.ts';
import { RecordingIntake, type AudioConfig } from '../../recordings/intake.ts';
import { RecordingUpload } from '../../recordings/upload.ts';
import { messageOf, type InteractMessage } from './interact-form.ts';
import { readRecordingBody } from './recording-body.ts';
import { bucketOf, conversationOf } from '../../objects.ts';
import { write, type Question } from './conversation-calls.ts';

/** The request that a recording arrives with. */
export interface RecordingRequest extends Question {
  config: AudioConfig | null;
  /** The digest of the key under which the request may be sent again; null without one. */
  key: string | null;
  if_busy?: BusyPolicy;
}

/** A message that arrived as a recording. */
export interface ReceivedRecording extends InteractMessage {
  /** The SHA-256 of the recording, as base64; null for a request without a key. */
  digest: string | null;
}

/**
 * Brings the recording of one message to the bucket while it arrives. The conversation is asked with its first byte:
 * it may refuse, it may know the recording from before, and it alone knows what to remove if this process dies.
 */
class RecordingReceiver {
  readonly #request: RecordingRequest;
  readonly #digest: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView> | null;
  readonly #digested: Promise<ArrayBuffer> | null;
  #intake: RecordingIntake | null = null;
  /** The upload; null for a recording that is known, and before its first byte. */
  #upload: RecordingUpload | null = null;
  #hasBegun = false;
  #key = '';
  #bytes = 0;

  constructor(request: RecordingRequest) {
    this.#request = request;
    const digest = request.key === null ? null : new crypto.DigestStream('SHA-256');
    this.#digest = digest?.getWriter() ?? null;
    this.#digested = digest?.digest ?? null;
    // It is never finished when the recording is refused.
    this.#digested?.catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Takes the next bytes. `declared` is the content type that the recording is sent with. */
  async take(bytes: Uint8Array, declared: string | null): Promise<void> {
    if (bytes.byteLength === 0) return;
    this.#bytes += bytes.byteLength;
    await this.#begin();
    await this.#digest?.write(bytes);
    this.#intake ??= new RecordingIntake(this.#request.config, declared);
    const stored = this.#intake.push(bytes);
    await this.#upload?.write(stored, this.#intake.shape);
  }

  /** Stores what was taken. The key of a recording that is known is empty: it is stored already. */
  async finish(): Promise<StoredRecording> {
    await this.#begin();
    this.#intake ??= new RecordingIntake(this.#request.config);
    const { rest, header, content_type } = this.#intake.end();
    await this.#upload?.write(rest, this.#intake.shape);
    await this.#upload?.finish(header, content_type);
    return { key: this.#key, content_type };
  }

  /** Returns the digest of all that was taken, as base64; null for a request without a key. */
  async digest(): Promise<string | null> {
    if (this.#digest === null || this.#digested === null) return null;
    await this.#digest.close();
    return new Uint8Array(await this.#digested).toBase64();
  }

  /** Removes what was stored. The conversation later removes what cannot be removed now. */
  async abort(): Promise<void> {
    await this.#digest?.abort().catch(() => undefined);
    await this.#upload?.abort().catch(() => undefined);
  }

  async #begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { env, caller, conversationId, key: requestKey, if_busy } = this.#request;
    const { key } = await write(this.#request, (stub) => stub.expectRecording(caller, requestKey, if_busy));
    if (key === null) return;
    this.#key = key;
    this.#upload = new RecordingUpload(bucketOf(env, caller), key, (uploadId) =>
      conversationOf(env, caller, conversationId).noteUpload(key, uploadId),
    );
  }
}

/**
 * Reads a spoken interact request and stores its recording. Throws 422 for its form, 413, 408, 415 for a recording
 * that is none, and whatever the conversation refuses.
 */
export async function receiveRecording(
  request: Request,
  question: RecordingRequest,
): Promise<ReceivedRecording> {
  const receiver = new RecordingReceiver(question);
  try {
    const fields = await readRecordingBody(request, (bytes, declared) => receiver.take(bytes, declared));
    // The words are not known yet; their place tells the form whether there are any.
    const form = messageOf({ ...fields, recorded_message: receiver.isEmpty ? '' : 'recorded' });
    if (form.message === null || form.refusal !== null) return { ...form, digest: null };
    const recording = await receiver.finish();
    const digest = await receiver.digest();
    return { ...form, message: { type: form.message.type, recording }, digest };
  } catch (error) {
    await receiver.abort();
    throw error;
  }
}
