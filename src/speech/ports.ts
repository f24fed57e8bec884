/** Ports for transcription and speech. Languages are codes of ISO 639-3 ("eng"). */
import type { RecordingType } from '../contract/formats.ts';

/** Sample rate of all speech in the server and in its responses, in Hz: mono, 16 bit. */
export const SAMPLE_RATE = 16_000;

/** A whole recording. WAV has a correct header; other formats are as sent. */
export interface Recording {
  bytes: Uint8Array<ArrayBuffer>;
  content_type: RecordingType;
}

/** Transcribes recordings. */
export interface Transcriber {
  /** Tells whether speech in a language can be transcribed. */
  understands(language: string): boolean;
  /**
   * Returns the text of a recording; empty if nothing is said. `keyterms` are words that transcription often gets
   * wrong. Throws `transcription_unavailable` if the provider gives no usable answer; `provider_refused` if it refuses
   * the deployment; `recording_unsupported`, `body_too_large` or `message_empty` if it refuses the recording.
   */
  transcribe(
    recording: Recording,
    about: { language: string; keyterms: readonly string[]; signal: AbortSignal },
  ): Promise<string>;
}

/** Speaks texts. */
export interface Synthesizer {
  /** Tells whether text in a language can be spoken. */
  speaks(language: string): boolean;
  /**
   * Returns a sentence as samples at `SAMPLE_RATE`. Throws `speech_unavailable` if the provider gives no usable answer,
   * and `provider_refused` if it refuses the deployment.
   */
  speak(
    text: string,
    about: { voice: string; language: string; signal: AbortSignal },
  ): Promise<Int16Array<ArrayBuffer>>;
}

/** Transcription and speech. A side is null if the deployment has not configured it. */
export interface Speech {
  transcriber: Transcriber | null;
  synthesizer: Synthesizer | null;
}
