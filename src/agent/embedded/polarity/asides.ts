/** Evidence of statements in other words than those of the question. English. */
import type { Evidence } from '../evidence.ts';
import { isAuxiliary, isPointer, isSubject } from '../language/grammar.ts';
import { namesTrouble, relation, worthOf } from '../language/scales.ts';
import { stemOf } from '../language/stems.ts';
import type { Clause } from '../language/clauses.ts';
import { NEUTRAL, valenceOf } from '../meaning/valence.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { WEIGHTS } from '../weights.ts';
import { wantedBy } from './worth.ts';

const MAX_FRAGMENT = 7;
/** Words for a task before the answer, which tell no answer: "I would have to open the lid first". */
const INTENDS =
  /^(?:(?:then|well|but|so|oh) )*(?:i|we) (?:(?:will|would|might|may|should) (?:first )?(?:have to|need to|must)|(?:have|need) to) (?:\w+ ){0,3}/;
const UNABLE =
  /^(?:\w+ ){0,2}(?:can|could) not (?:\w+ )?(?:(?:reach|check|look|get (?:to|at|into|behind|under|near|there)|open)\b|(?:get|reach|open|find|lift|remove|take|do|see|tell)(?: \w+){0,6}? (?:right now|at the moment|just now|from here|until|before|without)\b)/;
/** A thing that the user would need for a look: "I don't have a gauge here". */
const LACKS_TOOL =
  /^(?:\w+ )?(?:do|did|have) not (?:have|got|own|possess) (?:an?|any|the|one|my) .{0,40}\b(?:here|with me|at hand|on me|around|right now|at home)$/;

/** Returns true if the user cannot look: "I can't reach behind it yet". */
export function cannotCheck({ words, negated }: Clause): boolean {
  const said = words.join(' ');
  return negated && (UNABLE.test(said) || LACKS_TOOL.test(said));
}

/** A statement that names only a part or something less: "just a trickle". */
const LIMITED = /^(?:only|just|merely|nothing but|no more than) (?!the same|like|as )/;

/**
 * Returns the evidence of a statement in other words than those of the question. A statement that denies nothing is
 * more often a yes.
 */
export function asideEvidence(
  clause: Clause,
  asked: readonly string[],
  vectors: WordVectors | null,
): Evidence {
  const { words, stems, negated, background } = clause;
  if (background) return 0;
  if (LIMITED.test(words.join(' '))) return -WEIGHTS.asideDenied;
  if (INTENDS.test(words.join(' ')) || cannotCheck(clause)) return 0;
  const wanted = wantedBy(asked);
  const trouble = wanted > 0 && namesTrouble(stems) ? -1 : 0;
  const worth = (worthOf(stems) || trouble) * (negated ? -1 : 1);
  const meant = vectors === null ? 0 : meantEvidence(clause, asked, vectors);
  const isJudged =
    worth !== 0 && meant * worth * (wanted || 1) < 0 && stems.every((stem) => worthOf([stem]) <= 0);
  if (meant !== 0 && !isJudged) return meant;
  // A question for trouble is denied by what is well.
  if (worth !== 0) return worth > 0 === wanted >= 0 ? WEIGHTS.aside : -WEIGHTS.asideDenied;
  if (negated) return -WEIGHTS.asideDenied;
  const isAbout = words.some(isPointer) || (words.includes('i') && words.some(isAuxiliary));
  // A few words without a verb of their own name what is there: "some red streaks".
  const isFragment =
    words.length <= MAX_FRAGMENT &&
    stems.length > 0 &&
    !words.some((word) => isSubject(word) || isAuxiliary(word) || word === 'i');
  const isNear =
    vectors !== null &&
    stems.some((stem) => asked.some((word) => vectors.similarity(stem, word) >= WEIGHTS.fragmentRelated));
  return isAbout || (isFragment && isNear) ? WEIGHTS.aside : 0;
}

/**
 * Returns the evidence of a statement by the meaning of its words: a word near to one of the question speaks for a yes,
 * an opposite for a no. Else what is well speaks for a yes, unless the question asks for trouble.
 */
function meantEvidence({ stems, negated }: Clause, asked: readonly string[], vectors: WordVectors): Evidence {
  let nearest = 0;
  let farthest = 0;
  for (const stem of stems.filter((each) => !NEUTRAL.has(each)))
    for (const word of asked.filter((each) => !NEUTRAL.has(each))) {
      const nearness = vectors.similarity(stem, word);
      nearest = Math.max(nearest, nearness);
      farthest = Math.min(farthest, nearness);
    }
  const turn = negated ? -1 : 1;
  const valence = valenceOf(stems, vectors);
  const wanted = wantedBy(asked) || Math.sign(valenceOf(asked, vectors, WEIGHTS.clearValence));
  if (nearest >= WEIGHTS.near && valence * (wanted || 1) >= 0) return turn * Math.min(0.7, nearest);
  if (valence !== 0) return turn * Math.sign(valence) * (wanted || 1) * (0.3 + Math.abs(valence) / 2);
  if (farthest <= WEIGHTS.opposite) return turn * -(0.3 - farthest / 2);
  return 0;
}

/** Verbs that say something of a subject: "the belt is fine", "the hose looks dry". */
const LINKING = /^(?:is|are|was|were|be|looks?|seems?|appears?|feels?|sounds?|stays?|remains?|s)$/;

/**
 * Returns the evidence of what a clause says of the thing that is asked about, where it has no other word of the
 * question: to "Is the belt slipping?", "the belt is fine" is a no. 0 for any other clause.
 */
export function judgedPredicate(
  clause: Clause,
  asked: readonly string[],
  vectors: WordVectors | null,
): Evidence {
  const { words, stems } = clause;
  const at = words.findIndex((word, index) => index > 0 && LINKING.test(word));
  if (at === -1) return 0;
  const of = (part: readonly string[]) => part.map(stemOf).filter((stem) => stems.includes(stem));
  const [subject, predicate] = [of(words.slice(0, at)), of(words.slice(at + 1))];
  const isMet = (stem: string) => asked.some((word) => relation(word, stem) !== 0);
  const isSubject = subject.length > 0 && subject.every(isMet);
  if (!isSubject || predicate.length === 0 || predicate.some(isMet)) return 0;
  const rest = asked.filter((word) => !subject.some((stem) => relation(word, stem) === 1));
  return rest.length === 0 ? 0 : asideEvidence({ ...clause, stems: predicate }, rest, vectors);
}
