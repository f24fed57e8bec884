/** Answers to a proposal: evidence for a yes or a no that is said in other words than "yes" and "no". English. */
import { strongest, type Evidence } from '../evidence.ts';
import { deniesKnowledge } from '../language/grammar.ts';
import { reports } from '../language/narrative.ts';
import { asksForDeed } from '../language/requests.ts';
import { isDerived, worthOf } from '../language/scales.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import { stemOf } from '../language/stems.ts';
import { NEUTRAL, valenceOf } from '../meaning/valence.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { WEIGHTS } from '../weights.ts';

/** A judgement by which a proposal is refused: "too far for me". "Not too long" refuses nothing. */
const TOO = /(?<!\bnot )\b(?:too|not) (?!too\b|bad\b|(?:good|nice|kind)\b|sure\b)\w+|\b(?:not|n't) enough\b/i;
/** Words by which something else is preferred: "Wednesday would be better". */
const RATHER =
  /\b(?:better (?!than nothing|now\b)|(?<!^(?:(?:now|that|it|this|much|is|s|a|lot|bit) ){0,4})better$|rather|instead|prefer\w*)/;
/** Nouns for a proposal. A judgement about one is about what was proposed: "great idea". */
const PROPOSAL = new Set(
  'idea plan help choice option solution suggestion offer deal arrangement thing way love like work suit'
    .split(' ')
    .map(stemOf),
);

/** Subjects of clauses that judge something other than the proposal: "my manager", "you". */
const OF_OTHERS =
  /^(?:(?:no|well|so|but|and|oh|because) ){0,2}(?:you|my|our|his|her|their|he|she|they|the|people|everyone|someone)\b/;
/** Something that belongs to people, and not to the proposal. */
const OF_OWN = /^(?:(?:no|well|so|but|and|oh|because) ){0,2}(?:my|our|his|her|their) /;
/** A user who tells of themselves. Only the feeling about the proposal judges it: "I'd be happy with that". */
const OF_USER = /^(?:(?:no|well|so|but|and|oh|yes) ){0,2}(?:i|we)\b/;
const FEELS =
  /\b(?:happy|glad|fine|good|ok|okay|delighted|pleased|cool|great|content|satisfied|interested|keen|love|like|enjoy|appreciate)\b/;

/** Returns true if a clause tells of something other than the proposal. */
function tellsOfOther(said: string): boolean {
  return OF_OTHERS.test(said) || (OF_USER.test(said) && !FEELS.test(said));
}

/** Returns true if all that a clause judges is the proposal: "that would be wonderful", and not "she has a good heart". */
function judgesProposal(
  stems: readonly string[],
  asked: readonly string[],
  vectors: WordVectors | null,
): boolean {
  return stems.every(
    (stem) =>
      worthOf([stem]) !== 0 ||
      valenceOf([stem], vectors) !== 0 ||
      NEUTRAL.has(stem) ||
      PROPOSAL.has(stem) ||
      asked.includes(stem),
  );
}

/** The evidence of a judgement for a yes or a no to a proposal: "that would be wonderful", "too much hassle". */
export function consentEvidence(
  { statements, acts }: Message,
  asked: readonly string[],
  vectors: WordVectors | null,
): Evidence {
  if (acts.has('thanks') || acts.has('hesitation') || acts.has('greeting')) return 0;
  return strongest(
    statements.map(({ words, stems, negated }) => {
      const said = words.join(' ');
      if (deniesKnowledge(words)) return 0;
      if (RATHER.test(said)) return -WEIGHTS.correcting;
      const asWell = said.search(/\bas well\b/);
      const asksAsWell = asWell !== -1 && said.includes('?', asWell);
      if (TOO.test(said) && !asksAsWell) return -WEIGHTS.elliptic;
      // "My shoulder hurts" judges no proposal.
      if (OF_OWN.test(said)) return 0;
      const valence = Math.sign(worthOf(stems) || valenceOf(stems, vectors)) * (negated ? -1 : 1);
      return valence > 0 && (tellsOfOther(said) || !judgesProposal(stems, asked, vectors))
        ? 0
        : valence * WEIGHTS.judged;
    }),
  );
}

/**
 * Returns true if a clause can agree to a proposal in its words: "stop it" to "Shall I stop it?" A report agrees to
 * nothing ("we stopped last week"), and neither does a word of the same meaning ("this is killing me").
 */
export function agreesInWords({ words, stems }: Clause, asked: readonly string[]): boolean {
  if (reports(words)) return false;
  if (stems.length === 0 || asksForDeed(words)) return true;
  return stems.some((stem) => asked.some((word) => word === stem || isDerived(word, stem)));
}
