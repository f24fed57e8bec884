/** Polarity of an answer: evidence for a yes or a no to a question, with or without the words "yes" and "no". */
import { comparisonOf } from './facts/quantities.ts';
import { evidenceOf, strongest, type Evidence, type WeightedProposition } from './evidence.ts';
import { NEUTRAL, valenceOf } from './meaning/valence.ts';
import type { WordVectors } from './meaning/vectors.ts';
import { isAuxiliary, isPointer, isSubject } from './language/grammar.ts';
import { isScaled, namesTrouble, relation, worthOf } from './language/scales.ts';
import { stemOf } from './language/stems.ts';
import type { Clause } from './language/clauses.ts';
import type { Message } from './language/message.ts';
import type { Proposition } from './reading/descriptions.ts';
import type { Question } from './reading/questions.ts';

const EXPLICIT = 0.9;
const CORRECTING = 0.5;
const COMPARED = 0.85;
const ELLIPTIC = 0.75;
/** The weight of a clause that leaves the matter out, in a message with another clause that names it. */
const BESIDE = 0.35;
/** A negation that does not meet the question's words: "I haven't tried that yet". */
const ASIDE_NEGATED = 0.45;
/** A statement about what was asked, in other words. */
const ASIDE = 0.3;

/** Returns the evidence of an answer that leaves the matter out: "It does", "I haven't". */
function ellipticEvidence(clause: Clause): Evidence {
  const { words, negated } = clause;
  if (cannotCheck(clause)) return 0;
  if (negated) return -ELLIPTIC;
  return words.some(isAuxiliary) && words.some(isSubject) ? ELLIPTIC : 0;
}

function ofEllipsis(clause: Clause): Evidence {
  return clause.stems.length === 0 ? ellipticEvidence(clause) : 0;
}

const MAX_FRAGMENT = 7;
/** The least nearness of a word to a word of the question at which a fragment is about it. */
const RELATED = 0.15;
/** Words for a task before the answer, which tell no answer: "I would have to open the lid first". */
const INTENDS =
  /^(?:(?:then|well|but|so|oh) )*(?:i|we) (?:(?:will|would|might|may|should) (?:first )?(?:have to|need to|must)|(?:have|need) to) (?:\w+ ){0,3}/;
const UNABLE =
  /^(?:\w+ ){0,2}(?:can|could) not (?:\w+ )?(?:reach|check|look|get (?:to|at|into|behind|under|near|there)|open)\b/;

/** Returns true if the user cannot look: "I can't reach behind it yet". */
function cannotCheck({ words, negated }: Clause): boolean {
  return negated && UNABLE.test(words.join(' '));
}

/** A statement that names only a part or something less: "just a trickle". */
const LIMITED = /^(?:only|just|merely|nothing but|no more than) (?!the same|like|as )/;

/**
 * Returns the evidence of a statement in other words than those of the question. A statement that denies nothing is
 * more often a yes.
 */
function asideEvidence(clause: Clause, asked: readonly string[], vectors: WordVectors | null): Evidence {
  const { words, stems, negated, background } = clause;
  if (background) return 0;
  if (LIMITED.test(words.join(' '))) return -ASIDE_NEGATED;
  if (INTENDS.test(words.join(' ')) || cannotCheck(clause)) return 0;
  const wanted = wantedBy(asked);
  const trouble = wanted > 0 && namesTrouble(stems) ? -1 : 0;
  const worth = (worthOf(stems) || trouble) * (negated ? -1 : 1);
  const meant = vectors === null ? 0 : meantEvidence(clause, asked, vectors);
  const isJudged =
    worth !== 0 && meant * worth * (wanted || 1) < 0 && stems.every((stem) => worthOf([stem]) <= 0);
  if (meant !== 0 && !isJudged) return meant;
  // A question for trouble is denied by what is well.
  if (worth !== 0) return worth > 0 === wanted >= 0 ? ASIDE : -ASIDE_NEGATED;
  if (negated) return -ASIDE_NEGATED;
  const isAbout = words.some(isPointer) || (words.includes('i') && words.some(isAuxiliary));
  // A few words without a verb of their own name what is there: "some red streaks".
  const isFragment =
    words.length <= MAX_FRAGMENT &&
    stems.length > 0 &&
    !words.some((word) => isSubject(word) || isAuxiliary(word) || word === 'i');
  const isNear =
    vectors !== null && stems.some((stem) => asked.some((word) => vectors.similarity(stem, word) >= RELATED));
  return isAbout || (isFragment && isNear) ? ASIDE : 0;
}

/** The least nearness of a word to a word of the question, and the greatest of its opposite. */
const NEAR = 0.34;
const OPPOSITE = -0.24;
/** The least valence of a question's words at which the question asks for what is well, or for trouble. */
const CLEAR_VALENCE = 0.38;

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
  const wanted = wantedBy(asked) || Math.sign(valenceOf(asked, vectors, CLEAR_VALENCE));
  if (nearest >= NEAR && valence * (wanted || 1) >= 0) return turn * Math.min(0.7, nearest);
  if (valence !== 0) return turn * Math.sign(valence) * (wanted || 1) * (0.3 + Math.abs(valence) / 2);
  if (farthest <= OPPOSITE) return turn * -(0.3 - farthest / 2);
  return 0;
}

const ONLY = stemOf('only');
const NOT_ONLY = /\b(?:not (?:only|just|exclusively)|always|any ?time|either way|no matter)\b/;
/** A look at the thing that is asked about, which does not tell what was found: "I checked the belt". */
const LOOKS =
  /^(?:(?:and|so|ok|well|yes|no) )*(?:i|we) (?:(?:have|just|already|now|also|did) )*(?:checked|check|looked|look|inspected|inspect|examined|examine|felt|had a (?:\w+ )?look|took a (?:\w+ )?look)\b/;

/** Returns true if a clause only tells that the user looked, and another one can tell what they found. */
function inspects({ words }: Clause, { statements }: Message, { text }: Question): boolean {
  return (
    statements.length > 1 && LOOKS.test(words.join(' ')) && !/\b(?:check|look|inspect|examin)/i.test(text)
  );
}

/** A deed that is still to be done: "I have to wash it", "it needs cleaning". */
const TO_DO =
  /\b(?:(?:has|have|need|needs|ought|going|about|got) to|must|needs|(?:i|we) will) (?:(?:first|still|just|be|get|go|and|have|it|them|a|some) )*(\w+)/;

/** Returns true if a clause tells that what is asked is still to be done. */
function isStillToDo({ words }: Clause, asked: readonly string[]): boolean {
  const deed = TO_DO.exec(words.join(' '))?.[1];
  return deed !== undefined && asked.some((word) => relation(word, stemOf(deed)) === 1);
}

/** Words of a question that ask whether a deed is a trouble: "Is it hard to turn?", "trouble opening it". */
const TROUBLE_TO =
  /\b(?:(?:hard|difficult|tough|tricky|stiff|impossible|a (?:pain|struggle|fight)) to|(?:trouble|difficult(?:y|ies)|problems?|issues?) (?:to \w|(?:in |with )?\w{2,15}ing\b))/i;
const TROUBLES_TO = 'hard difficult tough tricky stiff impossible trouble problem issue easy'
  .split(' ')
  .map(stemOf);

/**
 * Returns true if a question asks whether a deed is a trouble and the clause only tells of the deed: to "Is it hard to
 * turn?", "I can turn it" is a no and "I can barely turn it" a yes.
 */
function isDeedOfTrouble({ stems }: Clause, { text }: Question): boolean {
  return (
    TROUBLE_TO.test(text) && !stems.some((stem) => TROUBLES_TO.some((word) => relation(word, stem) !== 0))
  );
}

/** Verbs that say something of a subject: "the belt is fine", "the hose looks dry". */
const LINKING = /^(?:is|are|was|were|be|looks?|seems?|appears?|feels?|sounds?|stays?|remains?|s)$/;

/**
 * Returns the evidence of what a clause says of the thing that is asked about, where it has no other word of the
 * question: to "Is the belt slipping?", "the belt is fine" is a no. 0 for any other clause.
 */
function judgedPredicate(clause: Clause, asked: readonly string[], vectors: WordVectors | null): Evidence {
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

/** The stem of “full of”. */
const FULL_OF = stemOf('fullof');
const PARTICLES = new Set(['in', 'on', 'up']);

/**
 * Reverses evidence if the other words of a clause tell that something is well and the question asks for trouble, or
 * the reverse: "the tray is empty" says that no paper is in it.
 */
function withWorth(evidence: Evidence, { stems, negated }: Clause, asked: readonly string[]): Evidence {
  if (evidence <= 0) return evidence;
  const isAsked = (stem: string | undefined) =>
    stem !== undefined && asked.some((word) => relation(word, stem) !== 0);
  // To "Is there water in the tank?", "it is full of water" is a yes.
  const others = stems.filter(
    (stem, index) =>
      !PARTICLES.has(stem) && !isAsked(stem) && !(stem === FULL_OF && isAsked(stems[index + 1])),
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
  return namesTrouble(asked) ? -1 : worthOf(asked);
}

/** Returns how an answer in words is related to a question: above 0 if a yes would mean it, below 0 if a no would. */
export function relatednessOf(
  answer: Pick<Proposition, 'stems' | 'negated'>,
  asked: readonly string[],
): Evidence {
  const clause = { words: [], stems: [...answer.stems], negated: answer.negated, background: false };
  // What the answer says besides is not what a yes or a no says.
  const own = answer.stems.filter((stem) => asked.some((word) => relation(word, stem) !== 0));
  const covered = answer.stems.length === 0 ? 1 : own.length / answer.stems.length;
  return (
    withWorth(evidenceOf(clause, weightedBy(asked)), clause, asked) *
    (LEAST_COVERED + (1 - LEAST_COVERED) * covered)
  );
}

const LEAST_COVERED = 0.6;

function weightedBy(stems: readonly string[]): WeightedProposition {
  return { words: stems.map((stem) => [stem, QUESTION_WEIGHT] as const), negated: false };
}

/** The weight of each word of a question. Several words together name what it asks. */
const QUESTION_WEIGHT = 0.6;

/** Hints of explanations for a yes and for a no. */
export interface YesAndNoHints {
  yesHints: readonly WeightedProposition[];
  noHints: readonly WeightedProposition[];
}

/** Knowledge with which an answer is understood. */
interface Known extends YesAndNoHints {
  vectors: WordVectors | null;
  /** Time of the turn, in milliseconds since 1970; null when years have no age. */
  now: number | null;
}

const NOTHING_KNOWN: Known = { yesHints: [], noHints: [], vectors: null, now: null };

function hintedEvidence(clause: Clause, { yesHints, noHints }: YesAndNoHints): Evidence {
  return strongest([
    ...yesHints.map((hint) => evidenceOf(clause, hint)),
    ...noHints.map((hint) => -evidenceOf(clause, hint)),
  ]);
}

/** The evidence for a yes (+) or a no (-) to a question. */
export function answerPolarity(message: Message, question: Question, known: Partial<Known> = {}): Evidence {
  const { vectors, now, ...hints }: Known = { ...NOTHING_KNOWN, ...known };
  const { proposition, consent } = question;
  const stated = message.statements.map(({ words }) => words.join(' ')).join(', ');
  const compared = consent ? null : comparisonOf(question.text, stated, now);
  // "No, it is below 30" says no, whatever its number is compared with.
  if (compared !== null && message.explicit * compared >= 0) return compared * COMPARED;
  // "No, I meant the blue one" goes on to say what is right.
  const corrects = message.acts.has('correction') && !message.bare;
  // "That is wrong" refuses nothing where no yes or no is asked for.
  if (corrects && proposition === null) return 0;
  const said = statedPolarity(message, question, hints, vectors);
  if (message.explicit !== 0 && !(message.acknowledges && said < 0))
    return message.explicit * (corrects ? CORRECTING : EXPLICIT);
  if (said === 0 && consent) return consentEvidence(message, vectors);
  if (said !== 0 || consent || proposition === null || message.acts.has('thanks')) return said;
  if (WAITS_FIRST.test(message.text)) return 0;
  const aside = message.statements.map((clause) =>
    inspects(clause, message, question) ? 0 : asideEvidence(clause, proposition.stems, vectors),
  );
  return strongest(aside);
}

/** Words by which the user asks for time before they tell where they are: "hang on, I am upstairs". */
const WAITS_FIRST =
  /^\W*(?:hang on|hold on|(?:one|a|just a) (?:second|sec|moment|minute)|wait(?: a \w+)?)\b(?:,? please)?\W+i\b/i;

/** A judgement by which a proposal is refused: "too far for me". */
const TOO = /\b(?:too|not) (?!bad\b|(?:good|nice|kind)\b|sure\b)\w+|\b(?:not|n't) enough\b/i;

/** The evidence of a judgement for a yes or a no to a proposal: "that would be wonderful", "too much hassle". */
function consentEvidence({ statements, acts }: Message, vectors: WordVectors | null): Evidence {
  if (acts.has('thanks') || acts.has('hesitation')) return 0;
  return strongest(
    statements.map((clause) => {
      const { words, stems, negated } = clause;
      const said = words.join(' ');
      if (RATHER.test(said)) return -CORRECTING;
      const asWell = said.search(/\bas well\b/);
      const asksAsWell = asWell !== -1 && said.includes('?', asWell);
      if (TOO.test(said) && !asksAsWell) return -ELLIPTIC;
      const valence = Math.sign(worthOf(stems) || valenceOf(stems, vectors)) * (negated ? -1 : 1);
      return valence * JUDGED;
    }),
  );
}

/** Words by which something else is preferred: "Wednesday would be better". */
const RATHER = /\b(?:better (?!than nothing)|better$|rather|instead|prefer\w*)/;
const JUDGED = 0.62;

/** Returns true if a clause denies that there is the first thing that is asked about: "there's no light at all". */
export function deniesThing({ words, stems, negated }: Clause, asked: readonly string[]): boolean {
  return (
    negated &&
    stems[0] === asked[0] &&
    stems.length > 0 &&
    NO_THING.test(words.join(' ')) &&
    worthOf(asked) >= 0 &&
    stems.every((stem) => asked.includes(stem))
  );
}

const NO_THING = /^(?:(?:there (?:is|are|was|were)|i (?:have|see|hear|feel|get)|it has) )?no \w/;

/** The evidence of what is stated in the words of the question, or in none. */
function statedPolarity(
  message: Message,
  question: Question,
  hints: YesAndNoHints,
  vectors: WordVectors | null,
): Evidence {
  const { proposition } = question;
  if (proposition === null) return Math.min(0, ...message.statements.map(ofEllipsis));
  const weighted = weightedBy(proposition.stems);
  const says = message.statements.some(({ stems }) => stems.length > 0);
  const isOnly = proposition.stems.includes(ONLY);
  const met = message.statements.map((clause) => {
    if (inspects(clause, message, question)) return 0;
    if (isOnly && NOT_ONLY.test(clause.words.join(' '))) return -ELLIPTIC;
    if (clause.stems.length === 0) return ellipticEvidence(clause) * (says ? BESIDE : 1);
    if (deniesThing(clause, proposition.stems)) return -ELLIPTIC;
    const judged = judgedPredicate(clause, proposition.stems, vectors);
    if (judged !== 0) return judged;
    const evidence = evidenceOf(foreground(clause, question), weighted);
    if (isStillToDo(clause, proposition.stems) || isDeedOfTrouble(clause, question)) return -evidence;
    return withWorth(evidence, clause, proposition.stems);
  });
  return strongest([...message.statements.map((clause) => hintedEvidence(clause, hints)), ...met]);
}

/**
 * Returns a clause that tells a time or a condition as a statement, if the question asks with such a word ("when",
 * "while").
 */
function foreground(clause: Clause, { text }: Question): Clause {
  return clause.background && ASKS_WHEN.test(text) ? { ...clause, background: false } : clause;
}

const ASKS_WHEN = /\b(?:while|when|during|after|before|once)\b/i;
