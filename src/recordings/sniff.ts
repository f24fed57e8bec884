import { CONTAINER_MARK_BYTES, unacceptedContainer } from './containers.ts';
import { flacFrames, isFlac } from './flac.ts';
import { runOfFrames, type FrameRun, type FrameSyntax } from './frames.ts';
import { ID3_HEADER_BYTES, id3TagBytes } from './id3.ts';
import { ADTS, MP3, unacceptedMpegAudio } from './mpeg-audio.ts';
import { soundless, unrecognized, unsupported } from './refusals.ts';
import type { Samples } from './samples.ts';
import { pass, read, type Steps } from './steps.ts';
import { isRiff, wavSamples } from './wav.ts';

/** What `request_audio_config` says of a recording; widths are bytes a sample, the rate is in Hz. */
export type AudioConfig =
  { type: 'mp3' } | { type: 'pcm'; frame_rate: number; n_channels: 1; sample_width: 2 | 4 };

/** What a recording is. All that follows of `mpeg` and `flac` is stored as it is. */
export type Verdict = 'mpeg' | 'flac' | Samples;

/** Frames in a row that we believe where nothing speaks against it. By chance: once in 2 ** 31 recordings. */
const BELIEVABLE_FRAMES = 2;
/** Frames in a row that we believe against the configuration, or in the midst of something. By chance: 2 ** -48. */
const CONVINCING_FRAMES = 3;
/**
 * What may stand before the first frame of an MP3: the remainder of a frame that was cut (1,441 bytes at most), or the
 * padding that some programs leave behind a tag.
 */
export const MAX_BEFORE_FRAME_BYTES = 4096;

/** Programs that retag a file leave a tag or two behind; an upload of nothing but tags is work without end. */
export const MAX_TAGS = 16;

/**
 * Finds out what a recording is, by its content; the configuration decides only about what content cannot tell, which
 * is bare samples. Throws `ProblemError` `recording_unsupported`, `message_empty`.
 */
export function* sniff(config: AudioConfig | null): Steps<Verdict> {
  const head = yield* read(CONTAINER_MARK_BYTES);
  if (head.length === 0) throw soundless('it has no bytes');
  const container = unacceptedContainer(head);
  if (container !== null) throw unsupported(container);
  if (isRiff(head)) return yield* wavSamples();
  const tagged = yield* passTags();
  if (isFlac(yield* read(4))) {
    yield* flacFrames();
    return 'flac';
  }
  if (config?.type === 'pcm' && !tagged) return yield* samplesUnlessFrames(config);
  return yield* frames(tagged);
}

/** Passes ID3v2 tags, of which there may be several; whether there was one. */
function* passTags(): Steps<boolean> {
  for (let tags = 0; ; tags += 1) {
    const bytes = id3TagBytes(yield* read(ID3_HEADER_BYTES));
    if (bytes === null) return tags > 0;
    if (tags === MAX_TAGS) throw unsupported(`a file with more than ${MAX_TAGS} ID3 tags`);
    yield* pass(bytes);
  }
}

function* samplesUnlessFrames(config: AudioConfig & { type: 'pcm' }): Steps<Samples | 'mpeg'> {
  // Samples meet a sync word once in ten thousand recordings: only a row of frames tells.
  const convinces = function* (syntax: FrameSyntax): Steps<boolean> {
    const run = yield* runOfFrames(syntax, 0, CONVINCING_FRAMES);
    return run.frames >= CONVINCING_FRAMES;
  };
  if (yield* convinces(MP3)) return 'mpeg';
  if (yield* convinces(ADTS)) throw unsupported('an AAC file (ADTS)');
  const { frame_rate: sampleRate, n_channels: channels, sample_width: sampleBytes } = config;
  return { format: { sampleRate, channels, sampleBytes }, maxBytes: null };
}

/** A short recording may end before there are enough frames: then what is there suffices. */
function isBelievable(run: FrameRun): boolean {
  return run.frames >= BELIEVABLE_FRAMES || (run.ended && run.frames > 0);
}

function* frames(tagged: boolean): Steps<'mpeg'> {
  const head = yield* read(MP3.headerBytes);
  if (head.length === 0) throw soundless('there is nothing behind its ID3 tag');
  const mp3 = yield* runOfFrames(MP3, 0, BELIEVABLE_FRAMES);
  if (isBelievable(mp3)) return 'mpeg';
  if (mp3.ended && mp3.headers > 0) throw soundless('the MP3 file has no complete audio frame');
  if (isBelievable(yield* runOfFrames(ADTS, 0, BELIEVABLE_FRAMES))) throw unsupported('an AAC file (ADTS)');
  for (let at = 1; at <= MAX_BEFORE_FRAME_BYTES; at += 1) {
    const run = yield* runOfFrames(MP3, at, CONVINCING_FRAMES);
    if (run.frames >= CONVINCING_FRAMES) return 'mpeg';
    if (run.ended && run.headers === 0) break;
  }
  const mpegAudio = unacceptedMpegAudio(head);
  if (mpegAudio !== null) throw unsupported(mpegAudio);
  throw unrecognized(
    tagged
      ? 'Neither MP3 nor FLAC follows the ID3 tag of the recording.'
      : 'The recording is none of WAV, MP3 and FLAC; bare PCM samples need a `request_audio_config` of type `pcm`.',
  );
}
