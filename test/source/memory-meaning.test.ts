/** Tests of memories that are found by meaning, with the table of word vectors that is deployed. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nearMemories } from '../../src/agent/embedded/meaning/memory-nearness.ts';
import { readVectors } from '../../src/agent/embedded/meaning/vectors.ts';
import { MEMORY_PAIRS, UNSEEN_MEMORY_PAIRS, type MemoryPair } from './memory-pairs.ts';

const vectors = readVectors(readFileSync('assets/word-vectors.bin'));

function found(pairs: readonly MemoryPair[], answers: boolean): MemoryPair[] {
  return pairs.filter(
    ([memory, query, expected]) => expected === answers && nearMemories(query, [memory], vectors).length > 0,
  );
}

describe('a memory', () => {
  it('is found by most queries in other words, and by none about something else', () => {
    expect(found(MEMORY_PAIRS, true).length).toBeGreaterThanOrEqual(14);
    expect(found(MEMORY_PAIRS, false)).toEqual([]);
    expect(found(UNSEEN_MEMORY_PAIRS, true).length).toBeGreaterThanOrEqual(7);
    expect(found(UNSEEN_MEMORY_PAIRS, false)).toEqual([]);
  });

  it.each(['the', 'to the', 'and to', '', 'what is it'])('is not found by the words %j', (query) => {
    expect(nearMemories(query, ['I walk to the station and to work.'], vectors)).toEqual([]);
  });

  it('comes before those that are farther, and three are the most', () => {
    const memories = [
      'I like tea.',
      'My dog is old.',
      'I have a cat.',
      'I keep rabbits.',
      'My horse is ill.',
    ];
    const near = nearMemories('pets', memories, vectors);
    expect(near.length).toBeLessThanOrEqual(3);
    expect(near).toContain('My dog is old.');
    expect(near).not.toContain('I like tea.');
  });
});
