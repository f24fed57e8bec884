/** Finds memories by what they mean, where no word of a query meets them. */
import { clausesOf } from '../language/clauses.ts';
import { relation } from '../language/scales.ts';
import type { WordVectors } from './vectors.ts';

/** The least mean nearness of the words of a query to a memory, and the least nearness of the nearest word. */
const LEAST_MEAN = 0.4;
const LEAST_NEAREST = 0.5;
/** The weight of a word that is in no table, such as a name. */
const UNKNOWN_WORD = 0.5;
/** The most memories that are compared, the most stems of each and of the query, and the most that are returned. */
const MAX_MEMORIES = 60;
const MAX_STEMS = 40;
const MAX_QUERY_STEMS = 12;
const MAX_FOUND = 3;

function stemsOf(text: string, most: number): string[] {
  return [...new Set(clausesOf(text).flatMap(({ stems }) => stems))].slice(0, most);
}

/** Returns how near a memory is to a query: the mean over the words of the query; 0 when none is near. */
function nearnessOf(query: readonly string[], memory: readonly string[], vectors: WordVectors): number {
  let [sum, all, nearest] = [0, 0, 0];
  for (const stem of query) {
    const near = memory.reduce(
      (best, other) =>
        Math.max(best, other === stem || relation(other, stem) === 1 ? 1 : vectors.similarity(other, stem)),
      0,
    );
    const weight = vectors.weight(stem) || UNKNOWN_WORD;
    sum += weight * near;
    all += weight;
    nearest = Math.max(nearest, near);
  }
  const mean = all === 0 ? 0 : sum / all;
  return nearest >= LEAST_NEAREST && mean >= LEAST_MEAN ? mean : 0;
}

/** The most words of matter in a query that is compared: a longer one is a whole message, and near to nothing. */
const MAX_WORDS = 6;

/** Returns true if a query is compared by meaning: it has a few words of matter. */
export function isComparable(query: string): boolean {
  const count = stemsOf(query, MAX_QUERY_STEMS).length;
  return count > 0 && count <= MAX_WORDS;
}

/** Returns the memories that are near to a query in meaning, the nearest first: three at most, of the first 60. */
export function nearMemories(query: string, memories: readonly string[], vectors: WordVectors): string[] {
  const wanted = stemsOf(query, MAX_QUERY_STEMS);
  return memories
    .slice(0, MAX_MEMORIES)
    .map((text) => ({ text, nearness: nearnessOf(wanted, stemsOf(text, MAX_STEMS), vectors) }))
    .filter(({ nearness }) => nearness > 0)
    .sort((a, b) => b.nearness - a.nearness)
    .slice(0, MAX_FOUND)
    .map(({ text }) => text);
}
