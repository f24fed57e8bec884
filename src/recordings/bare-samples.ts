import { isJsonType, mayBeSamples } from './declared.ts';
import { runOfFrames, type FrameSyntax } from './frames.ts';
import { ADTS, MP3 } from './mpeg-audio.ts';
import { CONVINCING_FRAMES, passMpeg, startOfFrames } from './mpeg-file.ts';
import { jsonInstead, unrecognized, unsupported } from './refusals.ts';
import { settle, sound, type Steps } from './steps.ts';

/** Format of bare samples in `request_audio_config`. `frame_rate` is in Hz, `sample_width` in bytes per sample. */
export interface PcmConfig {
  type: 'pcm';
  frame_rate: number;
  n_channels: 1;
  sample_width: 2 | 4;
}

/**
 * Reads a recording that is announced as bare samples and has the beginning of no known file. It may still be MP3, with
 * or without other bytes before it. Throws `recording_unsupported` if the content type contradicts samples.
 */
export function* bareSamples(config: PcmConfig, declared: string | null): Steps<void> {
  // One in ten thousand recordings has a sync word by chance: only consecutive frames prove a format.
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
      'The recording is in none of the accepted formats, and its content type does not allow PCM samples. ' +
        'Send PCM samples as `audio/pcm` or `application/octet-stream`.',
    );
  }
  const { frame_rate: sampleRate, n_channels: channels, sample_width: sampleBytes } = config;
  yield* settle({ encoding: 'integer', sampleRate, channels, sampleBytes });
  yield* sound(Infinity);
}
