/** The formats of messages, and of the recordings behind spoken ones. */
import * as z from 'zod';

/** The format of a message: `text`, or `voice` for a recording or for speech. */
export const MessageFormat = z.enum(['text', 'voice']);
/** The format of a message: `text`, or `voice` for a recording or for speech. */
export type MessageFormat = z.infer<typeof MessageFormat>;

/** The content types of stored recordings. The reference has the first two. */
export const RECORDING_TYPES = [
  'audio/wav',
  'audio/mpeg',
  'audio/flac',
  'audio/mp4',
  'audio/ogg',
  'audio/webm',
] as const;

/** The content type of a stored recording. */
export type RecordingType = (typeof RECORDING_TYPES)[number];
