import type { RecordingType } from '../contract/formats.ts';
import type { SampleFormat } from '../speech/wav-header.ts';

/** Format of the samples as they arrive. */
export interface ArrivingSamples extends SampleFormat {
  /** `float` samples have 4 or 8 bytes (IEEE 754, full scale 1), and are stored as integers of 16 bits. */
  encoding: 'integer' | 'float';
}

/**
 * Format of a recording: a file that is stored unchanged, by its content type, or samples that are stored as a WAV
 * file.
 */
export type RecordingFormat = Exclude<RecordingType, 'audio/wav'> | ArrivingSamples;

/**
 * Least length of a recording in milliseconds. A shorter one has no word: it is a touch of the button, or the beginning
 * of a file.
 */
export const MIN_SOUND_MS = 50;
