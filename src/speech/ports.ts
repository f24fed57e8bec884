/** Speech to text and text to speech, as a conversation needs them. Languages are codes of ISO 639-3 ("eng"). */
import type { RecordingType } from '../contract/formats.ts';

/** Samples a second of all speech inside and of all speech that leaves: mono, 16 bit. */
export const SAMPLE_RATE = 16_000;

/** A whole recording. WAV has a header that tells the truth; the others are as they came. */
export interface Recording {
  bytes: Uint8Array<ArrayBuffer>;
  content_type: RecordingType;
}

export interface Transcriber {
  /** Whether speech in the language can be written down. */
  understands(language: string): boolean;
  /**
   * What is said in a recording; empty when nothing is. `keyterms` are words that are easy to get wrong. Throws
   * `ProblemError` `transcription_unavailable` when the provider does not answer, or not sensibly; `provider_refused`
   * when it refuses the deployment; `recording_unsupported`, `body_too_large` and `message_empty` when it refuses the
   * recording.
   */
  transcribe(
    recording: Recording,
    about: { language: string; keyterms: readonly string[]; signal: AbortSignal },
  ): Promise<string>;
}

export interface Synthesizer {
  /** Whether text in the language can be spoken. */
  speaks(language: string): boolean;
  /**
   * A sentence as samples at `SAMPLE_RATE`. Throws `ProblemError` `speech_unavailable` when the provider does not
   * answer, or not sensibly; `provider_refused` when it refuses the deployment.
   */
  speak(
    text: string,
    about: { voice: string; language: string; signal: AbortSignal },
  ): Promise<Int16Array<ArrayBuffer>>;
}

/** Both sides of voice. `null` is a side that this deployment has not configured. */
export interface Speech {
  transcriber: Transcriber | null;
  synthesizer: Synthesizer | null;
}
