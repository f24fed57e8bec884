/**
 * Rules by which a message sets off a trigger of a dynamic behavior set. One clause must have the words of one of the
 * trigger's phrases, or words of the same meaning, in the same polarity: all words of a short phrase, two thirds of
 * one with three words or more; or words near in meaning to all of them. A slip is not forgiven. English.
 */
import type { BehaviorCandidate, Utterance } from '../reasoner.ts';
import { hasMatter } from './language/function-words.ts';
import { clausesOf, sentencesOf, type Clause } from './language/clauses.ts';
import { withoutIdioms } from './language/idioms.ts';
import { isAlike } from './language/body.ts';
import { stemOf } from './language/stems.ts';
import { relevantLists } from './relevance.ts';
import { RELEVANT, SaidMeaning, SETS_OFF } from './meaning/trigger-nearness.ts';
import type { WordVectors } from './meaning/vectors.ts';
import { hear } from './words.ts';

/** The share of the words of a longer phrase that a clause must have. A phrase of one or two words needs all. */
const LEAST_SHARE = 2 / 3;

/** Words that introduce a trigger and belong to no phrase: "The user mentions …". */
const INTRODUCTION =
  /^(?:(?:if |when )?(?:the |a )?\w+ (?:mentions?|says?|speaks? of|talks? about|asks? (?:for|about)|is|are|feels?|sounds?|seems?|has|wants?(?: to)?) )/i;

/** A phrase of a trigger. */
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
    !phrase.some((each) => isAlike(each, stemOf(next))) &&
    NOUN_BEFORE.has(words[at - 1] ?? '')
  );
}

/** Articles and possessives. Behind them, two words of matter in a row name one thing. */
const NOUN_BEFORE = new Set('a an the my our your his her their this that'.split(' '));

function setsOff(clause: Clause, { stems, negated }: Phrase): boolean {
  if (clause.negated !== negated) return false;
  const said = stems.filter(
    (stem) => clause.stems.some((word) => isAlike(word, stem)) && !describesAnother(clause, stem, stems),
  );
  return stems.length < 3 ? said.length === stems.length : said.length / stems.length >= LEAST_SHARE;
}

/** The phrases of triggers, kept as long as their list is in use, for example by a behavior set. */
const known = new WeakMap<readonly string[], readonly Phrase[]>();

function phrasesIn(triggers: readonly string[]): readonly Phrase[] {
  const found = known.get(triggers) ?? triggers.flatMap(phrasesOf);
  known.set(triggers, found);
  return found;
}

/** The most clauses of a message that are compared. The first ones tell its matter. */
const MAX_CLAUSES = 40;

/** Clauses of what was said, and their meaning; null when there are no word vectors. */
interface Said {
  clauses: readonly Clause[];
  meaning: SaidMeaning | null;
}

function saidBy(input: readonly Utterance[], vectors: WordVectors | null): Said {
  const text = withoutIdioms(hear(input.map((utterance) => utterance.text).join('\n')));
  const clauses = sentencesOf(text)
    .flatMap((sentence) => sentence.clauses)
    .slice(0, MAX_CLAUSES);
  return { clauses, meaning: vectors === null ? null : new SaidMeaning(clauses, vectors) };
}

/** Returns the strength by which triggers are set off: 2 by their words, up to 1 by words near in meaning, 0 not at all. */
function strengthOf(triggers: readonly string[], { clauses, meaning }: Said, least: number): number {
  const phrases = phrasesIn(triggers);
  if (clauses.some((clause) => phrases.some((phrase) => setsOff(clause, phrase)))) return BY_WORDS;
  const near = meaning?.nearness(phrases) ?? 0;
  return near >= least ? Math.min(near, 1) : 0;
}

const BY_WORDS = 2;

/** Returns true if what was said sets off one of the triggers. */
export function isSetOff(
  triggers: readonly string[],
  text: string,
  vectors: WordVectors | null = null,
): boolean {
  return strengthOf(triggers, saidBy([{ by: 'user', text }], vectors), SETS_OFF) > 0;
}

/** The indexes of lists by their strengths, the strongest first; those without strength are left out. */
function inOrder(strengths: readonly number[]): number[] {
  return strengths
    .map((strength, index) => ({ strength, index }))
    .filter(({ strength }) => strength > 0)
    .sort((a, b) => b.strength - a.strength)
    .map(({ index }) => index);
}

/**
 * The indexes of the sets with a trigger that shares something with what was said or happened, the most relevant first:
 * those that are set off, then those near in meaning, then those that share a word.
 */
export function relevantBehaviors(
  input: readonly Utterance[],
  behaviors: readonly BehaviorCandidate[],
  vectors: WordVectors | null = null,
): number[] {
  const said = saidBy(input, vectors);
  const lists = behaviors.map(({ triggers }) => triggers);
  const near = inOrder(lists.map((triggers) => strengthOf(triggers, said, RELEVANT)));
  const sharing = relevantLists(input.map(({ text }) => text).join('\n'), lists);
  return [...new Set([...near, ...sharing])];
}

/**
 * The index of the set that is set off: the first one by its words, else the one nearest in meaning; null when none
 * is.
 */
export function behaviorSetOff(
  input: readonly Utterance[],
  candidates: readonly BehaviorCandidate[],
  vectors: WordVectors | null = null,
): number | null {
  const said = saidBy(input, vectors);
  return inOrder(candidates.map(({ triggers }) => strengthOf(triggers, said, SETS_OFF)))[0] ?? null;
}
