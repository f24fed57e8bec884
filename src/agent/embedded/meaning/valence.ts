/** Valence of words by their vectors: whether a word tells that something is well or not well. */
import { stemOf } from '../language/stems.ts';
import type { WordVectors } from './vectors.ts';
import { WEIGHTS } from '../weights.ts';

/** Words on the two ends of the axis. The valence of other words is measured on it. */
const WELL = 'good great perfect fine excellent wonderful nice healthy happy fresh successful'
  .split(' ')
  .map(stemOf);
const UNWELL = 'bad wrong terrible awful broken damaged poor faulty fail dirty problem'
  .split(' ')
  .map(stemOf);
/** Words of place, amount and time. Their vectors lie on the axis, but they judge nothing. */
export const NEUTRAL: ReadonlySet<string> = new Set(
  'minute hour month today time moment second long short first thing only just left right up down in out on off over under top bottom front back low high all none whole one two more less day night week year time plenty drop stop end first last'
    .split(' ')
    .map(stemOf),
);

/** Valences of stems in the table, which bounds their number: users say any words. */
const known = new WeakMap<WordVectors, Map<string, number>>();

function mean(stem: string, ends: readonly string[], vectors: WordVectors): number {
  return ends.reduce((sum, end) => sum + vectors.similarity(stem, end), 0) / ends.length;
}

function valenceOfStem(stem: string, vectors: WordVectors): number {
  if (vectors.weight(stem) === 0) return 0;
  const values = known.get(vectors) ?? new Map<string, number>();
  known.set(vectors, values);
  const found = values.get(stem) ?? mean(stem, WELL, vectors) - mean(stem, UNWELL, vectors);
  values.set(stem, found);
  return found;
}

/** Returns the strongest valence of the stems, from -1 to +1; 0 when none is clear or there are no vectors. */
export function valenceOf(
  stems: readonly string[],
  vectors: WordVectors | null,
  least = WEIGHTS.leastValence,
): number {
  if (vectors === null) return 0;
  let strongest = 0;
  for (const stem of stems) {
    if (NEUTRAL.has(stem)) continue;
    const value = valenceOfStem(stem, vectors);
    if (Math.abs(value) >= least && Math.abs(value) > Math.abs(strongest)) strongest = value;
  }
  return strongest;
}
