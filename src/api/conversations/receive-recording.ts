import { RecordingIntake, type AudioConfig } from '../../recordings/intake.ts';
import { RecordingUpload } from '../../recordings/upload.ts';
import { messageOf, type InteractMessage } from './interact-form.ts';
import { readRecordingBody } from './recording-body.ts';
import { conversationStub, write, type Question } from './conversation-calls.ts';
import type { StoredRecording } from '../../conversation/recording-table.ts';

/**
 * Brings the recording of one message to the bucket while it arrives. The conversation is asked with its first byte:
 * it may refuse, and it alone knows what to remove if this process dies.
 */
class RecordingReceiver {
  readonly #question: Question;
  readonly #config: AudioConfig | null;
  #intake: RecordingIntake | null = null;
  #upload: RecordingUpload | null = null;
  #key = '';
  #bytes = 0;

  constructor(question: Question, config: AudioConfig | null) {
    this.#question = question;
    this.#config = config;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Takes the next bytes. `declared` is the content type that the recording is sent with. */
  async take(bytes: Uint8Array, declared: string | null): Promise<void> {
    if (bytes.byteLength === 0) return;
    this.#bytes += bytes.byteLength;
    this.#upload ??= await this.#begin();
    this.#intake ??= new RecordingIntake(this.#config, declared);
    const stored = this.#intake.push(bytes);
    await this.#upload.write(stored, this.#intake.shape);
  }

  /** Stores what was taken. */
  async finish(): Promise<StoredRecording> {
    this.#intake ??= new RecordingIntake(this.#config);
    const { rest, header, content_type } = this.#intake.end();
    this.#upload ??= await this.#begin();
    await this.#upload.write(rest, this.#intake.shape);
    await this.#upload.finish(header, content_type);
    return { key: this.#key, content_type };
  }

  /** Removes what was stored. The conversation later removes what cannot be removed now. */
  async abort(): Promise<void> {
    await this.#upload?.abort().catch(() => undefined);
  }

  async #begin(): Promise<RecordingUpload> {
    const { env, caller, conversationId } = this.#question;
    const { key } = await write(this.#question, (stub) => stub.expectRecording(caller));
    this.#key = key;
    return new RecordingUpload(env.AUDIO, key, (uploadId) =>
      conversationStub(env, caller.organization, conversationId).noteUpload(key, uploadId),
    );
  }
}

/**
 * Reads a spoken interact request and stores its recording. Throws 422 for its form, 413, 408, 415 for a recording
 * that is none, and whatever the conversation refuses.
 */
export async function receiveRecording(
  question: Question,
  request: Request,
  config: AudioConfig | null,
): Promise<InteractMessage> {
  const receiver = new RecordingReceiver(question, config);
  try {
    const fields = await readRecordingBody(request, (bytes, declared) => receiver.take(bytes, declared));
    // The words are not known yet; their place tells the form whether there are any.
    const form = messageOf({ ...fields, recorded_message: receiver.isEmpty ? '' : 'recorded' });
    if (form.message === null || form.refusal !== null) return form;
    const recording = await receiver.finish();
    return { ...form, message: { type: form.message.type, recording } };
  } catch (error) {
    await receiver.abort();
    throw error;
  }
}
