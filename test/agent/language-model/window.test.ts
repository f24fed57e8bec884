import { describe, expect, it } from 'vitest';
import { jsonLine } from '../../../src/text.ts';
import {
  chunksOf,
  estimateEscaped,
  estimateTokens,
  shorten,
  windowOf,
} from '../../../src/agent/language-model/window.ts';

const entries = (count: number, length = 40) =>
  Array.from({ length: count }, (_, index) => ({ text: `${index} `.padEnd(length, 'x') }));

describe('an estimate of tokens', () => {
  it('counts four letters of English as one, and fewer of other scripts', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('a'.repeat(40))).toBe(10);
    expect(estimateTokens('語'.repeat(30))).toBe(20);
  });

  it('counts a text of any character as it is written into a line of data', () => {
    const written = (text: string) => jsonLine(text).slice(1, -1).replaceAll('<', '\\u003c');
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const text = `a${String.fromCharCode(unit).repeat(6)}`;
      if (estimateEscaped(text) !== estimateTokens(written(text))) expect.fail(`U+${unit.toString(16)}`);
    }
    for (const text of ['😀😀', '\ud83d', 'x\ude00\ud83d', '😀\ud83d', '<b>"\\n"</b>\n']) {
      expect(estimateEscaped(text)).toBe(estimateTokens(written(text)));
    }
  });
});

describe('a window', () => {
  it('keeps a short conversation whole', () => {
    const all = entries(10);
    expect(windowOf(all, { tokens: 1_000, entryTokens: 100 })).toEqual({ kept: all, omitted: 0 });
  });

  it('keeps the newest of a long one, in their order, and says how many it left out', () => {
    const { kept, omitted } = windowOf(entries(10_000), { tokens: 160, entryTokens: 100 });
    expect(kept.map(({ text }) => text.split(' ')[0])).toEqual(
      Array.from({ length: 10 }, (_, index) => `${9_990 + index}`),
    );
    expect(omitted).toBe(9_990);
  });

  it('takes as long for 10,000 messages as for what it keeps', () => {
    let read = 0;
    const watched = new Proxy(entries(10_000), {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) read += 1;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const { kept } = windowOf(watched, { tokens: 160, entryTokens: 100 });
    expect(read).toBe(kept.length + 1);
  });

  it('shortens a long entry to its beginning and end', () => {
    const text = `begin${'x'.repeat(10_000)}end`;
    const { kept } = windowOf([{ text: 'before' }, { text }], { tokens: 200, entryTokens: 50 });
    expect(kept).toHaveLength(2);
    expect(kept[1]?.text).toMatch(/^beginx+ … x+end$/);
    expect(estimateTokens(shorten(text, 50))).toBeLessThan(55);
  });

  it('is moved over all of a conversation in parts, the newest last', () => {
    const parts = chunksOf(entries(25), { tokens: 160, entryTokens: 100 }, 4);
    expect(parts.map(({ length }) => length)).toEqual([5, 10, 10]);
    expect(parts.flat()).toEqual(entries(25));
    expect(chunksOf(entries(100), { tokens: 160, entryTokens: 100 }, 4).flat()).toEqual(
      entries(100).slice(60),
    );
    expect(chunksOf([], { tokens: 160, entryTokens: 100 }, 4)).toEqual([]);
  });
});
