/** Words of a clause beside those of the question that tell that something is well, or not well. */
import type { Evidence } from '../evidence.ts';
import { endsTrouble, isScaled, namesTrouble, relation, worthOf } from '../language/scales.ts';
import { stemOf } from '../language/stems.ts';
import type { Clause } from '../language/clauses.ts';

/** Stems of words that tell only how much there is of the thing behind them: "full of water", "a strong smell". */
const AMOUNTS = 'fullof strong powerful full clear proper real'.split(' ').map(stemOf);

const PARTICLES = new Set(['in', 'on', 'up']);

/**
 * Reverses evidence if the other words of a clause tell that something is well and the question asks for trouble, or
 * the reverse: "the tray is empty" says that no paper is in it.
 */
export function withWorth(
  evidence: Evidence,
  { stems, negated }: Clause,
  asked: readonly string[],
): Evidence {
  if (evidence <= 0) return evidence;
  const isAsked = (stem: string | undefined) =>
    stem !== undefined && asked.some((word) => relation(word, stem) !== 0);
  // "Full of water" and "a strong smell" tell only how much of it there is.
  const others = stems.filter(
    (stem, index) =>
      !PARTICLES.has(stem) && !isAsked(stem) && !(isAsked(stems[index + 1]) && AMOUNTS.includes(stem)),
  );
  const said = worthOf(others) * (negated ? -1 : 1);
  const wanted = wantedBy(asked);
  if (said > 0) return wanted < 0 ? -evidence : evidence;
  if (said < 0 && stems.some((stem) => decides(stem, asked))) return evidence;
  // Where most of the question is met, another word adds to it: "they come on, but weak".
  const met = asked.filter((word) => stems.some((stem) => relation(word, stem) === 1));
  return said < 0 && wanted >= 0 && !negated && met.length <= asked.length / 2 ? -evidence : evidence;
}

/** Returns true if a stem is a word of a scale and the same as one of the question: it tells the answer by itself. */
function decides(stem: string, asked: readonly string[]): boolean {
  return isScaled(stem) && asked.some((word) => relation(word, stem) !== 0);
}

/** Returns +1 if a question asks for what is well, -1 if it asks for trouble, 0 if its words tell neither. */
export function wantedBy(asked: readonly string[]): -1 | 0 | 1 {
  if (endsTrouble(asked)) return 1;
  return namesTrouble(asked) ? -1 : worthOf(asked);
}
