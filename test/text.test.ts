import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cut,
  cutBytes,
  cutStart,
  isBlank,
  isLongerThan,
  jsonLine,
  trimEndOf,
  utf8Length,
  WholeCharacters,
} from '../src/text.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

describe('cut', () => {
  it('returns a short text unchanged, and leaves out a character that does not fit', () => {
    expect(cut('ab🎉', 4)).toBe('ab🎉');
    expect(cut('ab🎉', 3)).toBe('ab');
    expect(cutStart('🎉ab', 3)).toBe('ab');
    expect(cut('🎉', 0)).toBe('');
    expect(cutStart('🎉', 0)).toBe('');
  });

  it('returns a well-formed beginning or end that misses at most one unit', () => {
    fc.assert(
      fc.property(text, fc.nat(45), (whole, units) => {
        const [beginning, end] = [cut(whole, units), cutStart(whole, units)];
        const shortest = Math.min(whole.length, units) - 1;
        expect(whole.startsWith(beginning) && whole.endsWith(end)).toBe(true);
        for (const part of [beginning, end]) {
          expect(part.isWellFormed()).toBe(true);
          expect(part.length).toBeLessThanOrEqual(units);
          expect(part.length).toBeGreaterThanOrEqual(shortest);
        }
      }),
    );
  });
});

describe('the length of a text', () => {
  it('in bytes is the length of its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (any) => {
        expect(utf8Length(any)).toBe(new TextEncoder().encode(any).byteLength);
      }),
    );
  });

  it('in characters counts code points', () => {
    fc.assert(
      fc.property(text, fc.nat(45), (whole, max) => {
        expect(isLongerThan(whole, max)).toBe(Array.from(whole).length > max);
      }),
    );
  });

  it('is cut to a number of bytes between two characters', () => {
    fc.assert(
      fc.property(text, fc.nat(160), (whole, maxBytes) => {
        const beginning = cutBytes(whole, maxBytes);
        expect(whole.startsWith(beginning) && beginning.isWellFormed()).toBe(true);
        expect(utf8Length(beginning)).toBeLessThanOrEqual(maxBytes);
        const [next = ''] = Array.from(whole.slice(beginning.length));
        if (next !== '') expect(utf8Length(beginning + next)).toBeGreaterThan(maxBytes);
      }),
    );
  });
});

describe('trimEndOf', () => {
  it('removes white space and the given characters at the end', () => {
    expect(trimEndOf('a. b. ., \n', '.,')).toBe('a. b');
    expect(trimEndOf(' ...', '.')).toBe('');
    expect(trimEndOf('https://host//', '/')).toBe('https://host');
    expect(trimEndOf('', '.')).toBe('');
  });
});

describe('WholeCharacters', () => {
  it('returns well-formed pieces that join to the text for any division', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (whole, cuts) => {
        const at = [0, ...cuts.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b)];
        const pieces = at.map((place, index) => whole.slice(place, at[index + 1]));
        const joined = new WholeCharacters();
        const out = [...pieces.map((piece) => joined.push(piece)), joined.end()];
        expect(out.every((piece) => piece.isWellFormed())).toBe(true);
        expect(out.join('')).toBe(whole);
      }),
    );
  });

  it('replaces a surrogate without a partner', () => {
    const characters = new WholeCharacters();
    expect(characters.push('a\ud83c')).toBe('a');
    expect(characters.push('b')).toBe('\ufffdb');
    expect(characters.push('\ud83c')).toBe('');
    expect(characters.end()).toBe('\ufffd');
  });
});

describe('isBlank', () => {
  it.each(['', ' \n\t', '\u200b', '\ufeff\u00ad', '\u2060\u200d', '\u3164'])('is true for %j', (blank) => {
    expect(isBlank(blank)).toBe(true);
  });

  it.each(['.', 'a\u200b', '🎉', 'न'])('is false for %j', (visible) => {
    expect(isBlank(visible)).toBe(false);
  });
});

describe('jsonLine', () => {
  it('escapes every line end, and parses to the same value', () => {
    const value = { text: 'a\u2028b\u2029c\u0085d\ne\r' };
    const line = jsonLine(value);
    expect(line).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    expect(JSON.parse(line)).toEqual(value);
  });
});
