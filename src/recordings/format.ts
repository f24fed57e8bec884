import type { RecordingType } from '../contract/formats.ts';
import type { SampleFormat } from '../speech/wav-header.ts';

/** How the samples of a recording arrive. */
export interface ArrivingSamples extends SampleFormat {
  /** `float` has samples of 4 or 8 bytes (IEEE 754, full scale 1), and is stored as integers of 16 bits. */
  encoding: 'integer' | 'float';
}

/** What is stored of a recording: a file as it came, by its content type, or a WAV file of these samples. */
export type RecordingFormat = Exclude<RecordingType, 'audio/wav'> | ArrivingSamples;

/** Shorter recordings hold no word: a touch of the button, or the beginning of a file. In milliseconds. */
export const MIN_SOUND_MS = 50;
