/**
 * Evidence that a message gives for each action on an occasion: a question that the action answers, or an act that the
 * occasion names.
 */
import { evidenceOf, strongest, type Evidence, type WeightedProposition } from '../evidence.ts';
import { relation } from '../language/scales.ts';
import { clausesOf } from '../language/clauses.ts';
import type { ReadDescription, ReadOccasion, ReadState } from '../reading/states.ts';
import { topicWordsOf } from '../reading/topics.ts';
import { normal, normalExamples, type Hearing } from './hearing.ts';

/** Evidence for an action that answers any question. It is chosen when no action answers this one. */
const ANY_QUESTION = 0.34;
const NAMED = 0.9;
/** The weight of the words of a deed. They tell less than the words of its occasion. */
const DEED_WEIGHT = 0.6;

function topicEvidence(words: readonly string[], topics: readonly WeightedProposition[]): Evidence {
  const asked = { words: [], stems: [...words], negated: false, background: false };
  const found = Math.max(0, ...topics.map((topic) => Math.abs(evidenceOf(asked, topic))));
  return meetsMatter(words, topics) ? found : found * ONLY_KIND;
}

/** The weight of a topic that shares only the kind of question, such as "when", if the question has other words. */
const ONLY_KIND = 0.65;

function meetsMatter(words: readonly string[], topics: readonly WeightedProposition[]): boolean {
  const matter = words.filter((word) => !word.startsWith('?'));
  return (
    matter.length === 0 ||
    topics.some((topic) => topic.words.some(([stem]) => matter.some((word) => relation(word, stem) !== 0)))
  );
}

/** Returns true if an occasion is any question: it names no matter. */
function isForAnyQuestion({ acts, topics }: ReadDescription): boolean {
  if (acts.has('asks') && acts.has('unknown')) return true;
  return acts.has('asks') && topics.every(({ words }) => words.every(([stem]) => stem.startsWith('?why')));
}

function questionEvidence(
  { occasion, deed }: ReadOccasion,
  words: readonly string[],
  isUnknown: boolean,
): Evidence {
  if (occasion === null) return 0;
  const { acts } = occasion;
  if (!acts.has('asks') && !(acts.has('unknown') && isUnknown)) return 0;
  const byTopic = topicEvidence(words, occasion.topics);
  const byDeed = topicEvidence(words, [deed]) * DEED_WEIGHT;
  const base = isForAnyQuestion(occasion) || (acts.has('unknown') && isUnknown) ? ANY_QUESTION : 0;
  return Math.max(byTopic * (asksOtherKind(words, occasion) ? OTHER_KIND : 1), byDeed, base);
}

/** The weight of a topic of another kind of question: "where", if the action tells how long something takes. */
const OTHER_KIND = 0.6;

function asksOtherKind(words: readonly string[], { topics }: ReadDescription): boolean {
  const asked = words.filter((word) => word.startsWith('?'));
  const answered = topics
    .flatMap((topic) => topic.words.map(([word]) => word))
    .filter((word) => word.startsWith('?'));
  return asked.length > 0 && answered.length > 0 && !asked.some((word) => answered.includes(word));
}

/** A question by which users say that they do not know the answer, or how to come to know it: "how can I tell?" */
const UNKNOWN =
  /n'?t know|no (?:idea|clue)|not (?:really )?sure|\bfind\b|\bhow (?:do|can|could|would|should|will|does) (?:i|we|you|one) (?:tell|know|see|check|recogni[sz]e|measure)\b|\bwhere (?:do|can|could|would|should|is|does) (?:i |we |one |it |that )?(?:look|see|read|written|printed|stand|say)\b/i;

/** The evidence of what is asked, for each action; 0 of plain actions. */
export function questionsEvidence({ actions }: ReadState, { message }: Hearing): Evidence[] {
  if (message.questions.length === 0) return actions.map(() => 0);
  const said = [message.text, ...message.questions.map(({ text }) => text)].map(normal);
  const words = topicWordsOf(message.questions);
  const isUnknown = message.acts.has('unknown') || message.questions.some(({ text }) => UNKNOWN.test(text));
  return actions.map((action) => {
    const examples = normalExamples(action.occasion?.examples ?? []);
    return said.some((text) => examples.has(text)) ? 1 : questionEvidence(action, words, isUnknown);
  });
}

/** The evidence of an act that an occasion names: "declines without saying why" for a bare no. */
function actEvidence({ acts: described }: ReadDescription, { message, polarity }: Hearing): Evidence {
  const { acts, explicit, bare } = message;
  if (described.has('yes') && explicit === 1 && bare) return NAMED + 0.02;
  if (described.has('no') && explicit === -1 && bare) return NAMED + 0.02;
  if (described.has('withdrawal') && acts.has('withdrawal')) return NAMED;
  if (described.has('greeting') && acts.has('greeting') && bare) return NAMED;
  if (described.has('unknown') && acts.has('unknown') && message.statements.every(({ negated }) => negated))
    return 0.7;
  return described.has('no') && polarity < 0 && bare ? -polarity * 0.5 : 0;
}

/** The evidence of what is stated, for each action; 0 of plain actions, and of those for what is not understood. */
export function statementsEvidence({ actions }: ReadState, hearing: Hearing): Evidence[] {
  const { message } = hearing;
  return actions.map(({ read, occasion }) => {
    if (occasion === null || read.clarifies) return 0;
    if (normalExamples(occasion.examples).has(normal(message.text))) return 1;
    const act = actEvidence(occasion, hearing);
    if (act > 0 || occasion.acts.has('asks') || occasion.acts.has('unknown')) return act;
    const matter = strongest(
      message.statements.flatMap((clause) => occasion.weighted.map((each) => evidenceOf(clause, each))),
    );
    const like = Math.max(0, ...occasion.examples.map((example) => likeness(example, message.text)));
    return Math.max(occasion.weighted.length > 0 ? Math.max(0, matter) * 0.5 : 0, like);
  });
}

/**
 * The least share that the stems of an example have in a clause. In "my chest freezer fell on my foot", "chest" is one
 * of four.
 */
const LEAST_LIKENESS = 0.5;

/** Returns 0.7 if a clause has all stems of an example, at most as many others, and the same polarity; else 0. */
function likeness(example: string, text: string): Evidence {
  const [wanted] = clausesOf(example);
  if (wanted === undefined || wanted.stems.length === 0) return 0;
  const has = clausesOf(text).some(
    ({ stems, negated }) =>
      negated === wanted.negated &&
      wanted.stems.length / stems.length >= LEAST_LIKENESS &&
      wanted.stems.every((stem) => stems.includes(stem)),
  );
  return has ? 0.7 : 0;
}
