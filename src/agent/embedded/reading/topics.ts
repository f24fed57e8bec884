/** Topics of questions: their words, and the kind of question. English. */
import { clausesOf, type Sentence } from '../language/clauses.ts';
import type { Description, Proposition } from './descriptions.ts';

/** Kinds of questions; each is a word that no text has. */
const KINDS: readonly [string, RegExp][] = [
  ['?why', /\bwhy\b|\bwhat\b.{0,40}\bfor\b|\bhow come\b|\breason\b|\bused for\b|\bwhy it matters\b/i],
  [
    '?when',
    /\bwhen\b|\bhow (?:late|early|soon)\b|\bwhat time\b|\bopening hours\b|\bhours\b|\b(?:open|closed|there|here|available|reach) (?:\w+ ){0,3}(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|evenings?|nights?|holidays?)\b/i,
  ],
  ['?weekend', /\bweek ?ends?\b|\b(?:satur|sun)days?\b/i],
  [
    '?know',
    /\bhow (?:to|(?:do|can|could|would|should|will) (?:i|we|you|they|one)|they (?:can|could)) (?:tell|know|find out|see|check|recogni[sz]e)\b/i,
  ],
  ['?long', /\bhow long\b|\bthe wait\b/i],
  [
    '?cost',
    /\bhow much\b(?! (?:\w+ )?(?:fits?|time|space|room|longer|more|further)\b)|\bcosts?\b|\bprices?\b|\bpay\b|\bcharges?\b|\bfees?\b|\bfree\b/i,
  ],
  ['?where', /\bwhere\b|\blocated\b/i],
  ['?many', /\bhow (?:many|much|big|full)\b/i],
  ['?next', /\bwhat (?:happens|comes) (?:next|after|then)\b|\bhappens (?:next|after|then)\b/i],
];

/** The kinds of question in a text, as words to compare. */
export function questionKindsIn(text: string): string[] {
  return KINDS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
}

/**
 * Returns the topic of the question that a description describes, as one proposition: the stems of its propositions
 * and examples, and the kinds of question.
 */
export function topicsOf({ text, propositions, examples }: Description): Proposition[] {
  const fromExamples = examples.flatMap((example) => clausesOf(example).flatMap(({ stems }) => stems));
  const stems = [
    ...propositions.flatMap((proposition) => proposition.stems),
    ...fromExamples,
    ...questionKindsIn(text),
  ];
  return stems.length === 0 ? [] : [{ stems: [...new Set(stems)], negated: false }];
}

/** The words of a question to compare with topics, negation left out. */
export function topicWordsOf(sentences: readonly Sentence[]): string[] {
  return [
    ...new Set([
      ...sentences.flatMap(({ clauses }) => clauses.flatMap(({ stems }) => stems)),
      ...sentences.flatMap(({ text }) => questionKindsIn(text)),
    ]),
  ];
}
