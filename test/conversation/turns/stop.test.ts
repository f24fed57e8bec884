import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heardSpeech, heardText, stopEffect, type Heard } from '../../../src/conversation/turns/stop.ts';
import { durationMs } from '../../../src/speech/alignment.ts';
import { SAMPLE_RATE } from '../../../src/speech/ports.ts';

const text = fc.string({ unit: fc.constantFrom('a', ' ', 'ü', '😀', '.'), maxLength: 60 });

/** A spoken answer: its characters begin at any times that never fall, inside its sound. */
const speech = fc
  .record({ text, samples: fc.nat(3 * SAMPLE_RATE), places: fc.array(fc.nat(1_000)) })
  .map(({ text: said, samples, places }) => ({
    text: said,
    samples,
    times: Array.from(said, (_, index) =>
      Math.floor((durationMs(samples) * (places[index % Math.max(places.length, 1)] ?? 0)) / 1_000),
    ).sort((a, b) => a - b),
  }));

const heard: fc.Arbitrary<Heard> = fc.oneof(
  fc.constant(null),
  fc.record({ characters: fc.nat(80) }),
  fc.record({ milliseconds: fc.nat(4_000) }),
);

describe('a stop', () => {
  it.each([
    ['waiting', 'leave'],
    ['hearing', 'void'],
    ['walking', 'void'],
    ['speaking', 'cut'],
    ['committing', 'nothing'],
    ['committed', 'nothing'],
    ['void', 'missing'],
  ] as const)('stopping a turn that is %s has the effect: %s', (phase, effect) => {
    expect(stopEffect(phase)).toBe(effect);
  });
});

describe('what was heard of a written answer', () => {
  it('is the characters that the client names, none of them split, and never more than was sent', () => {
    fc.assert(
      fc.property(text, fc.nat(80), (sent, characters) => {
        const kept = heardText(sent, { characters });
        expect(Array.from(kept)).toEqual(Array.from(sent).slice(0, characters));
      }),
    );
  });

  it('is all that was sent when the client does not say, or counts milliseconds', () => {
    expect(heardText('On Tuesday.', null)).toBe('On Tuesday.');
    expect(heardText('On Tuesday.', { milliseconds: 1 })).toBe('On Tuesday.');
  });
});

describe('what was heard of a spoken answer', () => {
  it('is a beginning of the sound with the text that belongs to it', () => {
    fc.assert(
      fc.property(speech, heard, (sent, until) => {
        const kept = heardSpeech(sent, until);
        expect(sent.text.startsWith(kept.text)).toBe(true);
        expect(Array.from(kept.text)).toHaveLength(kept.characters);
        expect(kept.samples).toBeLessThanOrEqual(sent.samples);
        expect(kept.samples).toBeGreaterThanOrEqual(0);
        // No character is kept that begins after the end of the sound.
        const last = sent.times[kept.characters - 1] ?? 0;
        expect(last).toBeLessThanOrEqual(durationMs(kept.samples) + 1);
      }),
    );
  });

  it('grows with what the client heard', () => {
    fc.assert(
      fc.property(speech, fc.nat(4_000), fc.nat(4_000), (sent, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        for (const unit of ['milliseconds', 'characters'] as const) {
          const scale = unit === 'characters' ? 50 : 1;
          const a = heardSpeech(sent, { [unit]: less / scale } as NonNullable<Heard>);
          const b = heardSpeech(sent, { [unit]: more / scale } as NonNullable<Heard>);
          expect(a.samples).toBeLessThanOrEqual(b.samples);
          expect(a.characters).toBeLessThanOrEqual(b.characters);
        }
      }),
    );
  });

  it('ends at the moment that was heard last, in sound and in text', () => {
    const sent = { text: 'abcd', samples: SAMPLE_RATE, times: [0, 250, 500, 750] };
    expect(heardSpeech(sent, { milliseconds: 500 })).toEqual({ text: 'ab', samples: 8_000, characters: 2 });
    expect(heardSpeech(sent, { milliseconds: 501 })).toEqual({ text: 'abc', samples: 8_016, characters: 3 });
    expect(heardSpeech(sent, { characters: 3 })).toEqual({ text: 'abc', samples: 12_000, characters: 3 });
    expect(heardSpeech(sent, { characters: 4 })).toEqual({ text: 'abcd', samples: 16_000, characters: 4 });
    expect(heardSpeech(sent, { milliseconds: 0 })).toEqual({ text: '', samples: 0, characters: 0 });
    expect(heardSpeech(sent, null)).toEqual({ text: 'abcd', samples: 16_000, characters: 4 });
  });
});
