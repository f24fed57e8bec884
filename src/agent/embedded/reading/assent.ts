/** Descriptions and questions of agreement: what a plain yes or no is said to. English. */
import { wordsOf } from '../language/clauses.ts';
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { stemOf } from '../language/stems.ts';
import type { Description } from './descriptions.ts';

const wordsIn = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Words by which a description says that the user agrees, or that all is right. */
const AGREES = wordsIn(
  'agree agrees agreed accept accepts accepted approve approves approved approval consent consents confirm confirms confirmed affirm affirms ' +
    'yes affirmative ok okay acceptable approving order comfortable fine alright right correct accurate true good happy satisfied content pleased willing ready',
);
/** Words by which it says that the user does not agree, or that something is not right. */
const DISAGREES = wordsIn(
  'decline declines declined refuse refuses refused refusal reject rejects disapprove disapproves disapproved unwilling dissatisfied turn turns turned down rejected disagree disagrees disagreed deny denies denied object objects ' +
    'against negative wrong incorrect false mistaken mistake mistakes error errors off unhappy inaccurate untrue hate hates ' +
    'change changes changed changing correction corrections corrects corrected correcting fix fixed amend amends amended',
);
/** Words by which it says that the user takes what is proposed. They count where no word above stands. */
const TAKES = wordsIn(
  'want wants wanted like likes love loves take takes suit suits work works go goes proceed proceeds continue continues interested keen try',
);
const NEGATES = wordsIn(
  "no not never nothing none without cannot don't doesn't didn't isn't aren't won't wouldn't n't",
);
/** Words that say what is agreed to, or how: the whole of what the agent has said. */
const GENERAL = wordsIn(
  'i we me us my our you your they them their he she him her it its itself that this these those all everything anything something one of part ' +
    'detail details data information number order summary entry entries record offer offered proposal proposed suggestion suggested idea plan answer reply ' +
    'say says said saying ask asks asked tell tells reply replies respond responds ' +
    'read back repeated stand stands stay stays as like so far ahead forward through with to for on at in and or the a an ' +
    'do does did is are was were be been being has have had can could will would should may must need needs rather decide decides decided ' +
    'wish wishes find finds found see sees spot spots there now still fully clearly explicitly quite really completely',
);
/** The subject of a sentence about what was read back: "The delivery address is wrong". */
const SUBJECT_OF_JUDGEMENT =
  /^(?:the|all the|one of the|their|his|her|any of the) (?:[a-z-]{2,20} ){1,3}(?=(?:is|are|was|were|looks?|sounds?|seems?) )/;
const QUOTED = /"[^"]*"|“[^“”]*”/g;
/** A wish to correct: "to correct", "please correct it". "Correct" alone says that all is right. */
const TO_CORRECT = /\b(?:to|please) correct\b|^correct(?= (?:it|that|this|the|my|them)\b)/g;

function signOf(words: readonly string[], asked: readonly string[]): -1 | 0 | 1 {
  const denials = words.filter((word) => NEGATES.has(word)).length;
  const turn = denials % 2 === 1 ? -1 : 1;
  // "Change it" agrees to "Shall I change it?"
  const disagrees = words.some((word) => DISAGREES.has(word) && !asked.includes(stemOf(word)));
  if (disagrees) return turn === 1 ? -1 : 1;
  if (words.some((word) => AGREES.has(word) || TAKES.has(word))) return turn;
  // "They say no", "they would rather not".
  return denials === 1 && (words.includes('no') || words.includes('rather')) ? -1 : 0;
}

/**
 * Returns whether a description says that the user agrees to the question or that what it reads back is right (+1), or
 * the opposite (-1); 0 for a description that says anything else. `asked` has the stems of the question.
 */
export function assentOf(
  { text, subject }: Pick<Description, 'text' | 'subject'>,
  asked: readonly string[],
): -1 | 0 | 1 {
  const plain = text.toLowerCase().replaceAll(QUOTED, ' ').replace(subject, '');
  return signOfWords(plain.trim(), asked);
}

/** Returns whether the statements of a message say that something is right or wanted (+1), or the opposite (-1). */
export function assentSaid(stated: string, asked: readonly string[]): -1 | 0 | 1 {
  const said = stated.toLowerCase();
  if (REPORTED.test(said)) return 0;
  const [answer = ''] = FIRST_ANSWER.exec(said) ?? [];
  const sign = signOfWords(said.slice(answer.length), asked);
  // "No, that's fine" can mean both.
  return sign === 1 && NO.test(answer) ? 0 : sign;
}

/** A yes or a no of another person, or one that is only named: "he says yes to everything". */
const REPORTED = /\b(?:say|says|said|saying|answers?|answered|means?|meant) ["'“]?(?:yes|yeah|no|nope)\b/;

/** Returns true if a message agrees in the form of a question: "Why not?" */
export function saysWhyNot(text: string): boolean {
  return WHY_NOT.test(text);
}

const WHY_NOT = /^\W*(?:(?:sure|yes|yeah|ok|okay|well|oh|hm+)[\s,.!]+)?why not\W*$/i;

/** A yes or a no in front of what is said. "No mistakes" has none. */
const FIRST_ANSWER =
  /^(?:\W*(?:yes|yeah|yep|ok|okay|oh|hm+|well|sorry|wait|please|thanks|thank you|(?:no|nope|nah)(?=[^\w]*(?:$|[,.!;]| (?:that|it|this|i|we|please|thanks|thank|not)\b)))\b)*\W*/;
const NO = /\bn(?:o|ope|ah)\b/;

function signOfWords(text: string, asked: readonly string[]): -1 | 0 | 1 {
  const plain = text.replaceAll(TO_CORRECT, 'to change').replace(SUBJECT_OF_JUDGEMENT, '');
  const words = wordsOf(plain).filter((word) => /[a-z]/.test(word));
  const isKnown = (word: string) =>
    AGREES.has(word) ||
    DISAGREES.has(word) ||
    TAKES.has(word) ||
    NEGATES.has(word) ||
    GENERAL.has(word) ||
    FUNCTION_WORDS.has(word) ||
    asked.includes(stemOf(word));
  return words.length > 0 && words.every(isKnown) ? signOf(words, asked) : 0;
}

/** Questions and instructions by which the agent asks whether something is right, or proposes something. */
const ASKS_FOR_ASSENT =
  /\b(?:(?:have|did) i\b.{0,40}\b(?:right|correctly)|in order|acceptable|(?:right|correct|okay|ok|agreed)\?$|(?:is|are|was|does|do|did|sounds?|looks?) (?:that|this|it|everything|all|these|those|i|we)\b.{0,40}\b(?:right|correct|correctly|okay|ok|fine|good|accurate|like that|work|suit|fit)|confirm(?:ed|ation)?|(?:whether|if) (?:that|this|it|everything|all|these|the [a-z ]{2,30}) (?:is|are|was) (?:all )?(?:right|correct|ok|okay|fine)|is it like (?:that|this)|do you (?:agree|accept|approve|want (?:it|that|this|me to|us to))|would you like (?:it|that|this|me to|us to)|(?:shall|should|may|can) (?:i|we)|would (?:that|this|it) (?:be|suit|work)|(?:wants?|would like) to (?:go ahead|proceed)|agrees?)\b|^(?:offer|propose|suggest)\b/i;

/** Returns true if a question, or the instruction to ask it, asks for agreement rather than for a fact. */
export function asksForAssent(text: string): boolean {
  return ASKS_FOR_ASSENT.test(text);
}
