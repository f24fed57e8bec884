import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stemOf } from '../../src/agent/embedded/language/stems.ts';
import { valenceOf } from '../../src/agent/embedded/meaning/valence.ts';
import { readVectors } from '../../src/agent/embedded/meaning/vectors.ts';

const bytes = readFileSync('assets/word-vectors.bin');
const vectors = readVectors(bytes);
const near = (a: string, b: string) => vectors.similarity(stemOf(a), stemOf(b));

describe('the table of word vectors', () => {
  it('has less than 3 MB, because an isolate keeps it', () => {
    expect(bytes.length).toBeLessThan(3_000_000);
  });

  it.each([
    ['invoice', 'bill', 'fault'],
    ['cab', 'taxi', 'towel'],
    ['supermarket', 'shop', 'online'],
    ['breakfast', 'eat', 'sleep'],
  ])('has "%s" nearer to "%s" than to "%s"', (word, nearer, farther) => {
    expect(near(word, nearer)).toBeGreaterThan(near(word, farther) + 0.1);
  });

  it.each([
    ['tight', 'loose'],
    ['lively', 'tired'],
    ['quiet', 'loud'],
  ])('has "%s" and "%s" apart, because they are opposites', (a, b) => {
    expect(near(a, b)).toBeLessThan(0);
  });

  it('tells what is well from what is not', () => {
    expect(valenceOf([stemOf('lovely')], vectors)).toBeGreaterThan(0);
    expect(valenceOf([stemOf('disgusting')], vectors)).toBeLessThan(0);
  });
});

it('the practice charts are understood better with the table than by letters', () => {
  const rightOf = (...options: string[]) => {
    const path = 'test/dialogues/practice/tuned/charts';
    const { stdout } = spawnSync(
      process.execPath,
      ['scripts/agent-test/charts-main.ts', path, '--json', ...options],
      {
        encoding: 'utf8',
      },
    );
    const results = JSON.parse(stdout) as { transitions: { right: number } }[];
    return results.reduce((sum, { transitions }) => sum + transitions.right, 0);
  };
  expect(rightOf()).toBeGreaterThan(rightOf('--letters') + 8);
});
