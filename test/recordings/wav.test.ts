/** WAV files and bare samples: what is stored always is a WAV file whose header tells the truth. */
import { describe, expect, it } from 'vitest';
import { MAX_WAV_PREAMBLE_BYTES } from '../../src/recordings/wav.ts';
import {
  ascii,
  chunk,
  concat,
  CONFIGS,
  extensible,
  format,
  littleEndian,
  noise,
  PCM16,
  PCM32,
  readWav,
  riff,
  take,
  wav,
} from '../support/recordings.ts';

/** Loud in any format, and long enough in all that are made of it here but for those that say so. */
const SAMPLES = noise(38_400);
const LENGTH = SAMPLES.length;

function stored(recording: Uint8Array, config = CONFIGS[0] ?? null) {
  const taken = take(config, recording);
  if (!taken.ok) throw new Error(taken.detail);
  expect(taken.content_type).toBe('audio/wav');
  return readWav(taken.stored);
}

const unsupported = (what: string) => ({
  ok: false,
  code: 'recording_unsupported',
  detail: `This is ${what}. Send WAV, MP3, FLAC or PCM samples.`,
});
const soundless = (why: string) => ({
  ok: false,
  code: 'message_empty',
  detail: `There is no sound in the recording: ${why}.`,
});

describe('an accepted WAV file', () => {
  for (const bits of [8, 16, 24, 32]) {
    it.each([1, 2, 3, 8])(`${bits} bits a sample, %i channels`, (channels) => {
      for (const rate of [1_000, 16_000, 384_000]) {
        // Exactly 50 ms.
        const samples = noise((rate / 20) * ((channels * bits) / 8));
        expect(stored(wav(samples, { channels, bits, rate }))).toEqual({ channels, rate, bits, samples });
      }
    });
  }

  it('is stored unchanged if it is canonical, with any label', () => {
    const recording = wav(SAMPLES);
    for (const config of CONFIGS) {
      expect(take(config, recording)).toEqual({ ok: true, content_type: 'audio/wav', stored: recording });
    }
  });

  it('has a header that takes precedence over the configuration', () => {
    const recording = wav(SAMPLES, { channels: 2, rate: 44_100, bits: 24 });
    expect(stored(recording, PCM16)).toMatchObject({ channels: 2, rate: 44_100, bits: 24 });
  });

  it('in extensible format becomes a plain one', () => {
    const made = { channels: 2, rate: 48_000, bits: 24 };
    const recording = riff(chunk('fmt ', extensible(1, made)), chunk('data', SAMPLES));
    expect(stored(recording)).toEqual({ ...made, samples: SAMPLES });
  });

  it('with 24 bits in blocks of 32 is stored with 32 bits', () => {
    expect(stored(wav(SAMPLES, { bits: 24, block: 4 }))).toMatchObject({ bits: 32, samples: SAMPLES });
  });

  it.each([0, 1, 4, 65_535])('is read without its block size of %i', (block) => {
    expect(stored(wav(SAMPLES, { bits: 16, block }))).toMatchObject({ bits: 16, samples: SAMPLES });
  });
});

describe('chunks before the samples', () => {
  it.each(['LIST', 'fact', 'bext', 'JUNK', 'id3 ', 'PEAK'])('are skipped with their padding: %s', (name) => {
    for (const length of [0, 1, 2, 63, 5_000]) {
      const other = chunk(name, new Uint8Array(length).fill(7));
      const between = riff(other, chunk('fmt ', format()), other, chunk('data', SAMPLES));
      expect(stored(between).samples).toEqual(SAMPLES);
    }
  });

  it('are refused above the maximum', () => {
    const filler = MAX_WAV_PREAMBLE_BYTES - 12 - 24 - 8;
    const of = (bytes: number) =>
      riff(chunk('fmt ', format()), chunk('JUNK', new Uint8Array(bytes)), chunk('data', SAMPLES));
    expect(stored(of(filler)).samples).toEqual(SAMPLES);
    expect(take(null, of(filler + 2))).toEqual(
      unsupported('a WAV file with more than 1048576 bytes before its samples'),
    );
  });

  it('are refused at once if one claims to be endless', () => {
    const recording = riff(chunk('JUNK', new Uint8Array(4), 0xff_ff_ff_ff));
    expect(take(null, recording)).toMatchObject({ code: 'recording_unsupported' });
  });
});

describe('a wrong length', () => {
  const of = (claimed: number, ...behind: Uint8Array[]) =>
    concat(riff(chunk('fmt ', format()), chunk('data', SAMPLES, claimed)), ...behind);

  it.each([0, 0xff_ff_ff_ff, 0x7f_ff_f0_00, LENGTH + 1, LENGTH])(
    'stands for the rest of the file: %i',
    (claimed) => {
      expect(stored(of(claimed)).samples).toEqual(SAMPLES);
    },
  );

  it.each([2_000, 9_650, LENGTH - 2])('ends the samples: %i', (claimed) => {
    expect(stored(of(claimed)).samples).toEqual(SAMPLES.subarray(0, claimed));
  });

  it('ends at whole samples: 2,001', () => {
    expect(stored(of(2_001)).samples).toEqual(SAMPLES.subarray(0, 2_000));
  });

  it('does not keep chunks after the samples', () => {
    const behind = [chunk('LIST', SAMPLES), chunk('id3 ', SAMPLES)];
    expect(take(null, of(LENGTH, ...behind))).toMatchObject({ stored: wav(SAMPLES) });
  });

  it('is ignored if it is that of the whole file', () => {
    for (const claimed of [0, 4, 0xff_ff_ff_ff]) {
      const recording = wav(SAMPLES);
      recording.set(littleEndian(claimed, 4), 4);
      expect(take(null, recording)).toMatchObject({ stored: wav(SAMPLES) });
    }
  });

  it('has an incomplete frame at the end dropped', () => {
    for (const [bits, channels] of [
      [8, 2],
      [16, 1],
      [24, 2],
      [32, 8],
    ] as const) {
      const frame = (bits * channels) / 8;
      for (let missing = 1; missing < frame; missing += 1) {
        const recording = wav(SAMPLES, { bits, channels }).subarray(0, -missing);
        expect(stored(recording).samples).toEqual(SAMPLES.subarray(0, LENGTH - frame));
      }
    }
  });

  it('has an odd number of bytes padded', () => {
    const recording = wav(SAMPLES.subarray(0, 1_001), { bits: 8 });
    expect(take(null, recording)).toEqual({ ok: true, content_type: 'audio/wav', stored: recording });
    expect(recording).toHaveLength(44 + 1_002);
  });
});

describe('WAV files that are refused', () => {
  it.each([
    [2, 'Microsoft ADPCM'],
    [3, 'floating-point samples'],
    [6, 'A-law'],
    [7, 'mu-law'],
    [0x11, 'IMA ADPCM'],
    [0x31, 'GSM 6.10'],
    [0x50, 'MPEG audio'],
    [0x55, 'MP3'],
    [0xff, 'AAC'],
    [0x161, 'Windows Media Audio'],
    [0x9999, 'the encoding 0x9999'],
    [0, 'the encoding 0x0000'],
  ])('have the encoding %i: %s', (encoding, name) => {
    for (const config of CONFIGS) {
      expect(take(config, wav(SAMPLES, { encoding }))).toEqual(unsupported(`a WAV file with ${name}`));
      const recording = riff(chunk('fmt ', extensible(encoding)), chunk('data', SAMPLES));
      expect(take(config, recording)).toEqual(unsupported(`a WAV file with ${name}`));
    }
  });

  it.each([
    ['no channel', format({ channels: 0 }), '0 channels'],
    ['nine channels', format({ channels: 9 }), '9 channels'],
    ['too slow', format({ rate: 999 }), '999 samples a second'],
    ['too fast', format({ rate: 384_001 }), '384001 samples a second'],
    ['12 bits', format({ bits: 12 }), '12 bits a sample'],
    ['64 bits', format({ bits: 64 }), '64 bits a sample'],
  ])('have a wrong format: %s', (_, made, what) => {
    const recording = riff(chunk('fmt ', made), chunk('data', SAMPLES));
    expect(take(null, recording)).toEqual(unsupported(`a WAV file with ${what}`));
  });

  it('have a format that is cut, unknown or missing', () => {
    const of = (made: Uint8Array) => take(null, riff(chunk('fmt ', made), chunk('data', SAMPLES)));
    expect(of(format().subarray(0, 14))).toEqual(unsupported('a WAV file with a truncated format'));
    expect(of(extensible(1).subarray(0, 38))).toEqual(
      unsupported('a WAV file with a truncated extensible format'),
    );
    expect(of(extensible(1, {}, new Uint8Array(14)))).toEqual(
      unsupported('a WAV file with an unknown subformat'),
    );
    expect(take(null, riff(chunk('data', SAMPLES)))).toEqual(
      unsupported('a WAV file with no format before its samples'),
    );
  });

  it('are RIFF files of another kind', () => {
    const recording = concat(ascii('RIFF'), littleEndian(100, 4), ascii('AVI LIST'), SAMPLES);
    for (const config of CONFIGS)
      expect(take(config, recording)).toEqual(unsupported('a RIFF file other than WAV'));
  });

  it('are empty messages without a sample', () => {
    const header = wav(new Uint8Array());
    for (const config of CONFIGS) {
      expect(take(config, header)).toEqual(soundless('it has no whole sample'));
      expect(take(config, concat(header, Uint8Array.of(1)))).toEqual(soundless('it has no whole sample'));
      expect(take(config, header.subarray(0, 40))).toEqual(soundless('the WAV file ends before its samples'));
      expect(take(config, header.subarray(0, 30))).toEqual(soundless('the WAV file ends within its header'));
      expect(take(config, header.subarray(0, 8))).toEqual(soundless('the WAV file ends within its header'));
    }
  });
});

describe('bare samples', () => {
  it('get a header by the configuration', () => {
    expect(stored(SAMPLES, PCM16)).toEqual({ channels: 1, rate: 16_000, bits: 16, samples: SAMPLES });
    expect(stored(SAMPLES, PCM32)).toEqual({ channels: 1, rate: 8_000, bits: 32, samples: SAMPLES });
  });

  it('lose an incomplete last sample', () => {
    expect(stored(SAMPLES.subarray(0, LENGTH - 1), PCM16).samples).toEqual(SAMPLES.subarray(0, LENGTH - 2));
    expect(stored(SAMPLES.subarray(0, LENGTH - 1), PCM32).samples).toEqual(SAMPLES.subarray(0, LENGTH - 4));
    expect(stored(SAMPLES.subarray(0, 1_600), PCM16).samples).toEqual(SAMPLES.subarray(0, 1_600));
  });

  it('are an empty message without a complete one', () => {
    expect(take(PCM16, Uint8Array.of(1))).toEqual(soundless('it has no whole sample'));
    expect(take(PCM32, Uint8Array.of(1, 2, 3))).toEqual(soundless('it has no whole sample'));
    for (const config of CONFIGS)
      expect(take(config, new Uint8Array())).toEqual(soundless('it has no bytes'));
  });

  it('have no known format without the configuration', () => {
    for (const config of [null, { type: 'mp3' as const }]) {
      expect(take(config, SAMPLES)).toEqual({
        ok: false,
        code: 'recording_unsupported',
        detail:
          'The recording is not WAV, MP3 or FLAC. Bare PCM samples need a `request_audio_config` of type `pcm`.',
      });
    }
  });
});
