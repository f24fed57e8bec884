/**
 * Evidence by meaning: how near the words of a message are to what each exit and each action is about. It decides where
 * the words themselves do not meet: "my invoice" for an exit about the bill.
 */
import type { Evidence } from '../evidence.ts';
import { relation } from '../language/scales.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import { stemOf } from '../language/stems.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import type { Profile } from '../reading/profiles.ts';
import type { ReadExit, ReadState } from '../reading/states.ts';
import { isInquiry, onlyAgrees } from '../signals.ts';
import type { Hearing } from './hearing.ts';
import { isAside, isPolar } from '../reading/described-kinds.ts';
import { WEIGHTS } from '../weights.ts';

/** Returns the nearness of two stems. Everyday synonyms and opposites count before vectors. */
function wordNearness(a: string, b: string, vectors: WordVectors): number {
  if (a === b) return 1;
  const related = relation(a, b);
  return related === 0 ? vectors.similarity(a, b) : related === 1 ? WEIGHTS.synonym : 0;
}

function nearnessOfWord(stem: string, profile: Profile, vectors: WordVectors): number {
  let nearest = 0;
  for (const [other, weight] of profile)
    nearest = Math.max(nearest, wordNearness(stem, other, vectors) * weight);
  return nearest;
}

/** Returns the mean nearness of the stems to a profile. Rare stems count more. */
export function nearnessOf(said: readonly string[], profile: Profile, vectors: WordVectors): number {
  let sum = 0;
  let all = 0;
  for (const stem of said) {
    const weight = vectors.weight(stem) || WEIGHTS.unknownWord;
    sum += weight * nearnessOfWord(stem, profile, vectors);
    all += weight;
  }
  return all === 0 ? 0 : sum / all;
}

/** The most stems of a message that are compared by meaning. */
const MAX_STEMS = 40;

/** Words that tell neither what is wanted nor what is the case. */
const GENERIC = new Set(
  'help assist assistance someone anyone hello please thing problem'.split(' ').map(stemOf),
);

/** The stem of a pronoun for any person. */
const PERSON = /^(?:some|any)bod/;

/** Returns the stems of clauses that are compared by their meaning. */
export function contentOf(clauses: readonly Clause[]): string[] {
  const stems = clauses
    .flatMap((clause) => clause.stems)
    .filter((stem) => !GENERIC.has(stem) && !PERSON.test(stem));
  return [...new Set(stems)].slice(0, MAX_STEMS);
}

/** Returns the clauses that are compared: where exits describe wishes also those of questions and of denials. */
function clausesToCompare({ exits }: ReadState, { message }: Hearing): readonly Clause[] {
  const wishes = exits.some(({ ways: [way] }) => way?.request === true);
  return wishes
    ? [...message.statements, ...message.questions.flatMap((question) => question.clauses)]
    : message.statements.filter(({ negated }) => !negated);
}

/**
 * Returns the stems of denials if a message only denies, and one exit denies something too: "it doesn't keep them" for
 * "the settings are not stored".
 */
function deniedStems({ exits }: ReadState, { message: { statements, questions } }: Hearing): string[] {
  const isDenial = questions.length === 0 && statements.every(({ negated }) => negated);
  return isDenial && exits.filter(isDenied).length === 1 ? contentOf(statements) : [];
}

function isDenied({ ways: [way] }: ReadExit): boolean {
  return way?.weighted.some(({ negated }) => negated) === true;
}

function canBeMeant({ ways: [way] }: ReadExit): boolean {
  return way !== undefined && !way.awaits && !isAside(way) && !isPolar(way);
}

function verbWeight({ ways: [way] }: ReadExit, said: readonly string[], vectors: WordVectors): number {
  const verbs = way?.propositions.flatMap(({ verb }) => (verb === undefined ? [] : [verb])) ?? [];
  const isMeant = said.some((stem) =>
    verbs.some(
      (verb) => relation(stem, verb) === 1 || vectors.similarity(stem, verb) >= WEIGHTS.leastNearnessOfVerb,
    ),
  );
  return verbs.length === 0 || isMeant ? 1 : WEIGHTS.meantWithoutVerb;
}

/** Returns true if no word of a message is an English word or a word of the graph. A name is none either. */
export function isForeign({ message, vocabulary, vectors }: Hearing): boolean {
  const stems = message.statements.flatMap((clause) => clause.stems);
  return (
    vectors !== null &&
    stems.length > 0 &&
    stems.every((stem) => vectors.weight(stem) === 0 && !vocabulary.has(stem))
  );
}

/** Evidence by meaning, for each exit and each action. */
export interface MeaningEvidence {
  exits: Evidence[];
  actions: Evidence[];
}

/**
 * Returns true if a message asks for information while the agent waits for an answer or proposes something. It then
 * takes no exit by its meaning.
 */
function asksMeanwhile({ exits }: ReadState, { message, question }: Hearing): boolean {
  const isOffer = question.proposition !== null && !question.closing && question.options.length < 2;
  const waits = isOffer || exits.some(({ ways: [way] }) => way?.awaits === true);
  return waits && message.questions.length > 0 && message.statements.length === 0 && isInquiry(message.text);
}

/** Returns the evidence of the candidate that is nearest in meaning; no evidence for all others. */
export function meaningEvidence(read: ReadState, hearing: Hearing): MeaningEvidence {
  const { vectors, message } = hearing;
  const none = { exits: read.exits.map(() => 0), actions: read.actions.map(() => 0) };
  // "No problem" is near to many things.
  if (vectors === null || asksMeanwhile(read, hearing) || onlyAgrees(message.text)) return none;
  const denied = deniedStems(read, hearing);
  const said = denied.length > 0 ? denied : contentOf(clausesToCompare(read, hearing));
  if (said.length === 0) return none;
  // An exit before a decision means one of the things that are decided: each is a candidate of its own.
  const ofExits = read.exits.map((exit) =>
    canBeMeant(exit) && (denied.length === 0 || isDenied(exit))
      ? exit.profiles.map((profile) => nearnessOf(said, profile, vectors) * verbWeight(exit, said, vectors))
      : [0],
  );
  const ofActions = read.actions.map(({ profile, read: { clarifies } }) =>
    profile === null || clarifies || message.questions.length === 0 ? 0 : nearnessOf(said, profile, vectors),
  );
  const isWish = read.exits.some(({ ways: [way] }) => way?.request === true);
  const least = isWish && isLoneWord(message) ? WEIGHTS.leastNearnessOfLoneWord : leastNearness(said);
  const evidence = evidenceOfNearest([...ofExits.flat(), ...ofActions], least);
  let at = 0;
  const exits = ofExits.map(({ length }) => {
    at += length;
    return Math.max(...evidence.slice(at - length, at));
  });
  return { exits, actions: evidence.slice(at) };
}

/** Returns the evidence of the nearest candidate, if it is near and clearly the nearest; no evidence for all others. */
function evidenceOfNearest(nearness: readonly number[], least: number): Evidence[] {
  const best = nearness.indexOf(Math.max(...nearness));
  const next = Math.max(0, ...nearness.filter((_each, index) => index !== best));
  const [own = 0, margin] = [nearness[best], (nearness[best] ?? 0) - next];
  const isNear = own >= least && margin >= WEIGHTS.leastNearnessMargin;
  const evidence = Math.min(WEIGHTS.mostByMeaning, 0.25 + own / 2 + Math.min(margin, 0.4) / 2);
  return nearness.map((_each, index) => (isNear && index === best ? evidence : 0));
}

/** Returns true if a message is one word, said once or more: "grumble grumble". */
export function isLoneWord({ text }: Message): boolean {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu)).size === 1;
}

function leastNearness(said: readonly string[]): number {
  return said.length === 1 ? WEIGHTS.leastNearnessOfOneWord : WEIGHTS.leastNearness;
}

/** Returns the evidence by meaning of clauses for descriptions with their profiles. */
export function meaningOf(
  clauses: readonly Clause[],
  profiles: readonly Profile[],
  vectors: WordVectors | null,
  isLone: boolean,
): Evidence[] {
  const said = vectors === null ? [] : contentOf(clauses);
  if (vectors === null || said.length === 0) return profiles.map(() => 0);
  return evidenceOfNearest(
    profiles.map((profile) => nearnessOf(said, profile, vectors)),
    isLone ? WEIGHTS.leastNearnessOfLoneWord : leastNearness(said),
  );
}
