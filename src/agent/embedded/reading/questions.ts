/** The question that the user has been asked, as their answer is compared with it. English. */
import type { ActionState } from '../../../registry/graph.ts';
import { clausesOf, sentencesOf, wordsOf } from '../language/clauses.ts';
import { isAuxiliary } from '../language/grammar.ts';
import { trimEndOf } from '../../../text.ts';
import { readAction } from '../actions.ts';
import { stemOf } from '../language/stems.ts';
import { asksForAssent } from './assent.ts';
import type { Proposition } from './descriptions.ts';

export interface Question {
  text: string;
  /** The statement that a yes would confirm; null if the question cannot be answered by a yes. */
  proposition: Proposition | null;
  /** The stems of its words. */
  stems: readonly string[];
  /** The possible answers that it lists: "small, medium or large". */
  options: readonly string[];
  /** True if it asks for permission or agreement, rather than for a fact: "Shall I book it?" */
  consent: boolean;
  /** True if it asks for consent, or whether what was read back is right, or proposes something. */
  assent: boolean;
  /** True if it asks for anything further: "Is there anything else?" */
  closing: boolean;
}

const QUOTED = /"([^"]+)"|“([^“”]+)”/g;
/** Words by which the agent asks whether there is anything else. */
export const CLOSING =
  /\b(?:anything|something) (?:else|more)|(?:is|are) there (?:another|any other|any more)|(?:another|other) (?:message|question|request|matter)|what else|(?:can|may|could) i (?:do|find|help you with) (?:anything|something)/i;
const CONSENT =
  /\b(?:shall|should|may|can|could) (?:i|we)\b|\b(?:would you like|do you want|do you agree|would you prefer)\b|\b(?:is|are) (?:that|this|it|everything|the order|these) (?:all )?(?:right|correct|okay|ok|fine)\b|\blike (?:that|this)\?|\bhow can i\b|^is it that (?:(?:to|(?:i|we) should) |(?:everything|it|that|this|all of it) (?:is|are) (?:all )?(?:right|correct|okay|ok|fine)\b)/i;
const WH =
  /^(?:(?:and|so|now|then|well|but|ok|okay|of course|gladly|thank you)[\s,.:]+)*(?:who|whom|whose|what|when|where|why|how|which|for (?:how|what|which|whom)|on which|at what|in what|to what|from where|under which)\b/i;
/** Words of courtesy before what is asked for: "May I ask why …?" */
const POLITE =
  /^(?:(?:may|can|could|might) (?:i|we) (?:please )?(?:ask|know)|(?:could|can|would) you (?:please )?tell (?:me|us)) (?:you )?/i;
const WHETHER =
  /\b(?:ask|find out|check|clarify|learn)(?: the \w+| them| again)?(?: whether| if) (.{3,300})/i;
/** Matches a wish that a user is asked about: "whether the guest would like another room". */
const WISH =
  /^(?:(?:the|a|an) [a-z]+|they|he or she|you) (?:(?:really|still|actually|also) )?(?:would like|wants?|would want|needs?|wishes)(?: to (?:have|get))? (.+)$/i;
const YES_OR_NO = /,? ?\b(?:yes or no|or not)\b/i;

/** The last question of a text; the whole text when it asks none. */
function lastQuestion(text: string): string {
  const sentences = sentencesOf(text).map((sentence) => sentence.text);
  return sentences.findLast((sentence) => sentence.endsWith('?')) ?? sentences.at(-1) ?? text;
}

/** The words of an action that ask: its quoted words, or what it is to find out. */
function askedBy(action: string): { text: string; whether: boolean } {
  const { deed } = readAction(action);
  const quotes = [...deed.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? '');
  if (quotes.length > 0) return { text: lastQuestion(quotes.join(' ')), whether: true };
  const whether = WHETHER.exec(deed)?.[1];
  const wish = whether === undefined ? null : WISH.exec(whether);
  if (wish !== null)
    return { text: `Would you like ${wish[1] ?? ''}?`.replace(/[.]\?$/, '?'), whether: true };
  return whether === undefined
    ? { text: /\bask\b.*/is.exec(deed)?.[0] ?? deed, whether: false }
    : { text: `Is it that ${whether}?`, whether: true };
}

/** The options that a question lists: at least two, the last one behind "or". */
function optionsIn(text: string): string[] {
  const plain = trimEndOf(text.replace(YES_OR_NO, ''), '?.!');
  const or = plain.search(/,? or /i);
  if (or === -1) return [];
  const lead = plain.slice(0, or).split(/[:;,]/);
  const last =
    plain
      .slice(or)
      .replace(/^,? or /i, '')
      .split(/[,:;]/)[0] ?? '';
  const listed = lead.length > 1 ? lead.slice(text.includes(':') ? 1 : 0) : lead;
  return [...listed, last].map((option) => option.trim().toLowerCase()).filter((option) => option !== '');
}

/** Stems of verbs that only tell that something takes place. */
const OCCURS = new Set('happen occur problem trouble issue appear only'.split(' ').map(stemOf));

function readQuestionText(
  { text, whether }: { text: string; whether: boolean },
  roles: ReadonlySet<string>,
): Question {
  const options = optionsIn(text);
  const isWh = WH.test(text.replace(POLITE, '')) || !whether;
  const hasYes = !isWh && (options.length === 0 || wordsOf(text).some(isAuxiliary));
  const clauses = clausesOf(text.replace(YES_OR_NO, ''));
  const foreground = clauses.filter(({ background, words }) => !background || words[0] === 'while');
  // "Does it happen when it rains?" asks for the rain.
  const isOccasion = foreground.every(({ stems }) => stems.every((stem) => OCCURS.has(stem)));
  // The word for the user tells nothing about what is asked.
  const user = new Set([...roles].map(stemOf));
  const asked = (isOccasion ? clauses : foreground)
    .flatMap((clause) => clause.stems)
    .filter((stem) => !user.has(stem));
  const proposition = { stems: [...new Set(asked)], negated: false };
  const consent = !isWh && CONSENT.test(text);
  return {
    text,
    proposition: hasYes ? proposition : null,
    stems: proposition.stems,
    options,
    consent,
    closing: CLOSING.test(text),
    assent: consent || asksForAssent(text),
  };
}

const known = new WeakMap<ReadonlySet<string>, Map<string, Question>>();
/** Questions that are kept for a set of roles; a graph has fewer. */
const MAX_KNOWN = 500;

/** Reads the question that an action asks. `roles` are the words for the user, which belong to no question. */
export function questionOf(action: string, roles: ReadonlySet<string> = NO_ROLES): Question {
  const questions = known.get(roles) ?? new Map<string, Question>();
  known.set(roles, questions);
  const found = questions.get(action);
  if (found !== undefined) return found;
  if (questions.size >= MAX_KNOWN) questions.clear();
  const question = readQuestionText(askedBy(action), roles);
  questions.set(action, question);
  return question;
}

/**
 * Returns a question that a yes answers, because exits of its state name a yes or a no: "Cracked or broken cover?" lists
 * no options then.
 */
export function withYes(question: Question): Question {
  if (question.proposition !== null || WH.test(question.text)) return question;
  return { ...question, proposition: { stems: question.stems, negated: false }, options: [] };
}

/**
 * Reads the question that an action of a state asks. Where it lists no answers, those count that another question of the
 * state lists: "How big should it be?", and again "Small, medium or large?"
 */
export function questionIn(
  { actions, objective }: Pick<ActionState, 'actions' | 'objective'>,
  index: number,
  roles: ReadonlySet<string> = NO_ROLES,
): Question {
  const question = questionOf(actions[index] ?? objective, roles);
  if (question.options.length > 0 || question.proposition !== null) return question;
  const listed = actions
    .map((action) => questionOf(action, roles))
    .find(
      ({ options, consent, closing }) => options.length > 2 && !consent && !closing && !isOpenList(options),
    );
  return listed === undefined ? question : { ...question, options: listed.options };
}

/** Returns true if a list names anything else as well: "a dog, a cat, or another animal". */
function isOpenList(options: readonly string[]): boolean {
  return options.some((option) => /\b(?:an)?other|else|different|some\w+|any\w+\b/.test(option));
}

const NO_ROLES: ReadonlySet<string> = new Set();

/** A question for one of several things, in the form of an offer: "Would you like to pay by card or in cash?" */
const CHOICE = /\b(?:would you (?:like|prefer|rather)|do you (?:want|prefer))\b/i;

/** Returns true if a question waits for consent, and not for a fact or for one of several things. */
export function asksConsent({ consent, closing, options, text }: Question): boolean {
  return closing || (consent && !(options.length > 1 && CHOICE.test(text)));
}
