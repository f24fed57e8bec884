import { isJsonType } from './declared.ts';
import { runOfFrames, type FrameRun } from './frames.ts';
import { ADTS, MP3, unacceptedMpegAudio } from './mpeg-audio.ts';
import { jsonInstead, soundless, unrecognized, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/** Frames in a row that are believed where nothing speaks against it. By chance: once in 2 ** 31 recordings. */
const BELIEVABLE_FRAMES = 2;
/** Frames in a row that are believed against the configuration, or in the midst of something. By chance: 2 ** -48. */
export const CONVINCING_FRAMES = 3;
/**
 * What may stand before the first frame of an MP3: the remainder of a frame that was cut (1,441 bytes at most), or the
 * padding that some programs leave behind a tag.
 */
export const MAX_BEFORE_FRAME_BYTES = 4096;

/** A short recording may end before there are enough frames: then what is there suffices. */
function isBelievable(run: FrameRun): boolean {
  return run.frames >= BELIEVABLE_FRAMES || (run.ended && run.frames > 0);
}

/** Stores all that follows as MP3. */
export function* passMpeg(): Steps<void> {
  yield* settle('audio/mpeg');
  yield* pass(Infinity);
}

/** Where a row of MP3 frames begins behind something else; null when none does soon. */
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
 * Takes an MP3, whose head nothing else has claimed: `isTagged` when tags were passed, `declared` as
 * in `sniff`. Throws `ProblemError`
 * `recording_unsupported` when it is none, `message_empty` when there is no complete frame.
 */
export function* mpegFile(declared: string | null, isTagged: boolean): Steps<void> {
  const head = yield* read(MP3.headerBytes);
  if (head.length === 0) throw soundless('there is nothing behind its ID3 tag');
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
      : 'The recording is none of WAV, MP3 and FLAC; bare PCM samples need a `request_audio_config` of type `pcm`.',
  );
}
