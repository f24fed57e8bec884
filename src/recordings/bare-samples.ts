import { isJsonType, mayBeSamples } from './declared.ts';
import { runOfFrames, type FrameSyntax } from './frames.ts';
import { ADTS, MP3 } from './mpeg-audio.ts';
import { CONVINCING_FRAMES, passMpeg, startOfFrames } from './mpeg-file.ts';
import { jsonInstead, unrecognized, unsupported } from './refusals.ts';
import { settle, sound, type Steps } from './steps.ts';

/** What `request_audio_config` says of bare samples; widths are bytes a sample, the rate is in Hz. */
export interface PcmConfig {
  type: 'pcm';
  frame_rate: number;
  n_channels: 1;
  sample_width: 2 | 4;
}

/**
 * Takes what is announced as bare samples, and whose head is that of no file. It may still be MP3, with or without
 * something in front. Throws `ProblemError` `recording_unsupported` when the content type speaks against samples.
 */
export function* bareSamples(config: PcmConfig, declared: string | null): Steps<void> {
  // Samples meet a sync word once in ten thousand recordings: only a row of frames tells.
  const convinces = function* (syntax: FrameSyntax): Steps<boolean> {
    const run = yield* runOfFrames(syntax, 0, CONVINCING_FRAMES);
    return run.frames >= CONVINCING_FRAMES;
  };
  if (yield* convinces(MP3)) return yield* passMpeg();
  if (yield* convinces(ADTS)) throw unsupported('an AAC file (ADTS)');
  if ((yield* startOfFrames()) !== null) return yield* passMpeg();
  if (isJsonType(declared)) throw jsonInstead();
  if (!mayBeSamples(declared)) {
    throw unrecognized(
      'The recording is none of the accepted formats, and is sent with the content type of something else than ' +
        'samples; send PCM samples as `audio/pcm` or `application/octet-stream`.',
    );
  }
  const { frame_rate: sampleRate, n_channels: channels, sample_width: sampleBytes } = config;
  yield* settle({ encoding: 'integer', sampleRate, channels, sampleBytes });
  yield* sound(Infinity);
}
