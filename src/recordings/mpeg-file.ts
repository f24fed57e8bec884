import { isJsonType } from './declared.ts';
import { runOfFrames, type FrameRun } from './frames.ts';
import { ADTS, MP3, unacceptedMpegAudio } from './mpeg-audio.ts';
import { jsonInstead, soundless, unrecognized, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/**
 * Number of consecutive frames that prove MP3 if nothing contradicts it. Chance of an error: one in 2 ** 31 recordings.
 */
const BELIEVABLE_FRAMES = 2;
/**
 * Number of consecutive frames that prove MP3 against the configuration, or after other bytes. Chance of an error: 2 **
 * -48.
 */
export const CONVINCING_FRAMES = 3;
/**
 * Maximum number of bytes before the first frame of an MP3: the rest of a cut frame (at most 1,441 bytes), or the
 * padding that some programs write after a tag.
 */
export const MAX_BEFORE_FRAME_BYTES = 4096;

/** Tells whether the frames prove a format. In a recording that ends before enough frames, one is enough. */
function isBelievable(run: FrameRun): boolean {
  return run.frames >= BELIEVABLE_FRAMES || (run.ended && run.frames > 0);
}

/** Stores the rest of the recording as MP3. */
export function* passMpeg(): Steps<void> {
  yield* settle('audio/mpeg');
  yield* pass(Infinity);
}

/**
 * Returns the position of consecutive MP3 frames after other bytes, within `MAX_BEFORE_FRAME_BYTES`; null if there are
 * none.
 */
export function* startOfFrames(): Steps<number | null> {
  const ahead = yield* read(MAX_BEFORE_FRAME_BYTES + 1);
  const candidates: number[] = [];
  for (let at = ahead.indexOf(0xff, 1); at !== -1; at = ahead.indexOf(0xff, at + 1)) candidates.push(at);
  for (const at of candidates) {
    const run = yield* runOfFrames(MP3, at, CONVINCING_FRAMES);
    if (run.frames >= CONVINCING_FRAMES) return at;
  }
  return null;
}

/**
 * Reads an MP3 file, after all other formats were ruled out. `isTagged` is true if tags were passed; `declared` is as
 * in `sniff`. Throws `recording_unsupported` if it is no MP3, and `message_empty` if it has no complete frame.
 */
export function* mpegFile(declared: string | null, isTagged: boolean): Steps<void> {
  const head = yield* read(MP3.headerBytes);
  if (head.length === 0) throw soundless('it ends after its ID3 tag');
  const mp3 = yield* runOfFrames(MP3, 0, BELIEVABLE_FRAMES);
  if (isBelievable(mp3)) return yield* passMpeg();
  if (mp3.ended && mp3.headers > 0) throw soundless('the MP3 file has no complete audio frame');
  if (isBelievable(yield* runOfFrames(ADTS, 0, BELIEVABLE_FRAMES))) throw unsupported('an AAC file (ADTS)');
  if ((yield* startOfFrames()) !== null) return yield* passMpeg();
  const mpegAudio = unacceptedMpegAudio(yield* read(MP3.headerBytes));
  if (mpegAudio !== null) throw unsupported(mpegAudio);
  if (isJsonType(declared)) throw jsonInstead();
  throw unrecognized(
    isTagged
      ? 'Neither MP3 nor FLAC follows the ID3 tag of the recording.'
      : 'The recording is not WAV, MP3 or FLAC. Bare PCM samples need a `request_audio_config` of type `pcm`.',
  );
}
