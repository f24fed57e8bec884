import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Url, isCanonicalBase64Url, isCompactToken } from '../src/base64url.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const bytes = fc.uint8Array({ maxLength: 70 });
const encoded = (value: Uint8Array) => value.toBase64({ alphabet: 'base64url', omitPadding: true });

describe('base64url', () => {
  it('decodes the bytes that were encoded', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeBase64Url(encoded(value))).toEqual(new Uint8Array(value));
      }),
    );
  });

  it('refuses every second text for the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (value, at) => {
        const text = encoded(value);
        const position = at % text.length;
        for (const character of ALPHABET) {
          const changed = text.slice(0, position) + character + text.slice(position + 1);
          const decoded = decodeBase64Url(changed);
          if (changed !== text && decoded !== null) expect(encoded(decoded)).toBe(changed);
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each(['A', 'AAAAA', 'AA==', 'AAA=', 'AB', 'AAB', 'A A', ' AA', 'AA\n', 'A+', 'A/', 'é', 'AA.'])(
    'refuses "%s"',
    (text) => {
      expect([isCanonicalBase64Url(text), decodeBase64Url(text)]).toEqual([false, null]);
    },
  );
});

describe('the form of a token', () => {
  it('is three canonical parts', () => {
    expect(isCompactToken('AA.AAA.AAAA')).toBe(true);
    for (const text of [
      '',
      'AA',
      'AA.AA',
      'AA.AA.',
      '.AA.AA',
      'AA..AA',
      'AA.AA.AB',
      'AA.AB.AA',
      'AA.AA.AA.AA',
    ]) {
      expect([text, isCompactToken(text)]).toEqual([text, false]);
    }
  });
});
