import { describe, expect, it } from 'vitest';
import { valenceOf } from '../../../../src/agent/embedded/meaning/valence.ts';
import { DIMENSIONS, readVectors } from '../../../../src/agent/embedded/meaning/vectors.ts';

/** Returns a table of words. Each vector has the given numbers at its beginning and 0 behind them. */
function tableOf(words: Readonly<Record<string, readonly number[]>>): Uint8Array {
  const list = new TextEncoder().encode(Object.keys(words).join('\n'));
  const numbers = Int8Array.from(
    Object.values(words).flatMap((start) => [...start, ...Array<number>(DIMENSIONS - start.length).fill(0)]),
  );
  const bytes = new Uint8Array(4 + list.length + numbers.length);
  new DataView(bytes.buffer).setUint32(0, list.length, true);
  bytes.set(list, 4);
  bytes.set(new Uint8Array(numbers.buffer), 4 + list.length);
  return bytes;
}

const vectors = readVectors(
  tableOf({ good: [100, 0], fine: [90, 20], bad: [-100, 0], tabl: [0, 100], quiet: [0, 0, 80] }),
);

describe('a table of word vectors', () => {
  it('tells how near two stems are, whatever the length of their vectors', () => {
    expect(vectors.similarity('good', 'fine')).toBeCloseTo(90 / Math.hypot(90, 20));
    expect(vectors.similarity('good', 'bad')).toBe(-1);
    expect(vectors.similarity('good', 'tabl')).toBe(0);
  });

  it('has no nearness and no weight for a stem that it lacks', () => {
    expect(vectors.similarity('good', 'zebra')).toBe(0);
    expect(vectors.weight('zebra')).toBe(0);
  });

  it('takes a comparative for its adjective', () => {
    expect(vectors.similarity('quieter', 'quiet')).toBe(1);
  });

  it('gives rare stems more weight than frequent ones', () => {
    expect(vectors.weight('quiet')).toBeGreaterThan(vectors.weight('good'));
    expect(vectors.weight('quiet')).toBeLessThanOrEqual(1);
  });

  it('is read from the middle of a larger buffer', () => {
    const table = tableOf({ good: [1], bad: [-1] });
    const larger = new Uint8Array(table.length + 3);
    larger.set(table, 3);
    expect(readVectors(larger.subarray(3)).similarity('good', 'bad')).toBe(-1);
  });
});

describe('the valence of words', () => {
  const well = 'good great perfect fine nice fresh'.split(' ');
  const unwell = 'bad wrong poor broken fail problem'.split(' ');
  const judging = readVectors(
    tableOf({
      ...Object.fromEntries(well.map((word) => [word, [100]])),
      ...Object.fromEntries(unwell.map((word) => [word, [-100]])),
      lovely: [80, 10],
      tabl: [0, 100],
    }),
  );

  it('is above 0 for what is well, below 0 for what is not, and 0 for what judges nothing', () => {
    expect(valenceOf(['lovely'], judging)).toBeGreaterThan(0);
    expect(valenceOf(['broken'], judging)).toBeLessThan(0);
    expect(valenceOf(['tabl'], judging)).toBe(0);
  });

  it('is 0 without word vectors', () => {
    expect(valenceOf(['bad'], null)).toBe(0);
  });
});
