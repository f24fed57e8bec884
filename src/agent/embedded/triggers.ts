/**
 * Rules by which a message sets off a trigger of a dynamic behavior set. One clause must have the words of one of the
 * trigger's phrases, or words of the same meaning, in the same polarity: all words of a short phrase, two thirds of
 * one with three words or more. A slip is not forgiven. English.
 */
import type { BehaviorCandidate, Utterance } from '../reasoner.ts';
import { hasMatter } from './language/function-words.ts';
import { clausesOf, sentencesOf, type Clause } from './language/clauses.ts';
import { relation } from './language/scales.ts';
import { stemOf } from './language/stems.ts';
import { relevantLists } from './relevance.ts';
import { hear } from './words.ts';

/** The share of the words of a longer phrase that a clause must have. A phrase of one or two words needs all. */
const LEAST_SHARE = 2 / 3;

/** Words that introduce a trigger and belong to no phrase: "The user mentions …". */
const INTRODUCTION =
  /^(?:(?:if |when )?(?:the |a )?\w+ (?:mentions?|says?|speaks? of|talks? about|asks? (?:for|about)|is|are|feels?|sounds?|seems?|has|wants?(?: to)?) )/i;

interface Phrase {
  stems: readonly string[];
  negated: boolean;
}

function phrasesOf(trigger: string): Phrase[] {
  return trigger
    .split(/[,;:]|\bor\b/i)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const clauses = clausesOf(part.replace(INTRODUCTION, ''));
      return {
        stems: [...new Set(clauses.flatMap(({ stems }) => stems))],
        negated: clauses.some(({ negated }) => negated),
      };
    })
    .filter(({ stems }) => stems.length > 0);
}

/** Returns true if a word only describes another thing: "chest" in "chest freezer". */
function describesAnother({ words }: Clause, stem: string, phrase: readonly string[]): boolean {
  const at = words.findIndex((word) => stemOf(word) === stem);
  const next = words[at + 1];
  return (
    at !== -1 &&
    next !== undefined &&
    hasMatter(words, at + 1) &&
    /^\p{L}+$/u.test(next) &&
    !phrase.includes(stemOf(next)) &&
    NOUN_BEFORE.has(words[at - 1] ?? '')
  );
}

/** Articles and possessives. Behind them, two words of matter in a row name one thing. */
const NOUN_BEFORE = new Set('a an the my our your his her their this that'.split(' '));

function setsOff(clause: Clause, { stems, negated }: Phrase): boolean {
  if (clause.negated !== negated) return false;
  const said = stems.filter(
    (stem) =>
      clause.stems.some((word) => relation(word, stem) === 1) && !describesAnother(clause, stem, stems),
  );
  return stems.length < 3 ? said.length === stems.length : said.length / stems.length >= LEAST_SHARE;
}

/** Returns true if what was said sets off one of the triggers. */
export function isSetOff(triggers: readonly string[], said: string): boolean {
  const clauses = sentencesOf(hear(said)).flatMap((sentence) => sentence.clauses);
  const phrases = triggers.flatMap(phrasesOf);
  return clauses.some((clause) => phrases.some((phrase) => setsOff(clause, phrase)));
}

function textOf(input: readonly Utterance[]): string {
  return input.map(({ text }) => text).join('\n');
}

/** The indexes of the sets with a trigger that shares something with what was said or happened, the most relevant first. */
export function relevantBehaviors(
  input: readonly Utterance[],
  behaviors: readonly BehaviorCandidate[],
): number[] {
  return relevantLists(
    textOf(input),
    behaviors.map(({ triggers }) => triggers),
  );
}

/** The index of the first set with a trigger that is set off; null when none is. */
export function behaviorSetOff(
  input: readonly Utterance[],
  candidates: readonly BehaviorCandidate[],
): number | null {
  const index = candidates.findIndex(({ triggers }) => isSetOff(triggers, textOf(input)));
  return index === -1 ? null : index;
}
