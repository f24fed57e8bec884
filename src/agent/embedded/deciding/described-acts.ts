/** Evidence that the acts of a message give for a description that names an act. */
import type { Evidence } from '../evidence.ts';
import { relation, worthOf } from '../language/scales.ts';
import { valenceOf } from '../meaning/valence.ts';
import { isInquiry } from '../signals.ts';
import type { ReadDescription } from '../reading/states.ts';
import { CLEAR, EXACT, GIVEN, type Hearing } from './hearing.ts';
import { isAside } from '../reading/described-kinds.ts';

/**
 * Returns true if a description names something further that the user wants: "would like another table", "wants to
 * cancel a reservation".
 */
function isMore(way: ReadDescription): boolean {
  return way.acts.has('more') || (way.request && !isAside(way));
}

/** The evidence of a wish for something further. What is wished for counts more. */
const NAMED_MORE = 0.45;
const UNSURE =
  /\b(?:hard to (?:say|tell)|might (?:have|be)|not (?:really )?(?:sure|certain)|no (?:idea|clue))\b/i;
/** Words by which a user asks for something further. */
const NAMES_MORE =
  /\b(?:another|one more|(?:there is|there's|need|have|want) (?:something|more)|one (?:other )?thing|something else|also|as well|too|in addition|furthermore|and (?:a|an|one|can|could|where|i)|while (?:i|we)(?:'m| am|'re| are) at it)\b|^\W*(?:actually,? )?yes\b.{8}/i;

/** Returns true if the statements only tell that all is well: "no, I'm fine", "thanks, you've been very helpful". */
export function saysOnlyThatAllIsWell({ message, vectors }: Hearing): boolean {
  return message.statements.every(
    ({ stems, negated }) =>
      stems.length === 0 || (!negated && (worthOf(stems) > 0 || valenceOf(stems, vectors) > 0)),
  );
}

/** A no that is not the last word: "not yet", "maybe not". It ends nothing. */
const OPEN_NO = /\bnot yet\b|\b(?:maybe|perhaps) not\b/i;

/** Returns true if the no of a message leaves the matter open. */
export function leavesOpen(text: string): boolean {
  return OPEN_NO.test(text);
}

/** Words by which a user does not tell what is asked for. */
const KEEPS_BACK =
  /\b(?:(?:rather|prefer) not (?:to )?(?:say|tell|answer|give)|keep (?:that|it|this) (?:to myself|private)|none of your business)\b/i;

/** Stems of verbs that take something back. To "Shall it be cancelled?", "cancel it" is a yes. */
const TAKES_BACK = new Set('cancel stop quit abort end drop'.split(' '));

/** Returns true if a message takes back what the user wanted, and does not agree to the end that the question offers. */
function takesBack({ message, question }: Hearing): boolean {
  if (!message.acts.has('withdrawal')) return false;
  return !message.statements.some(
    ({ stems, negated }) =>
      !negated &&
      stems.some(
        (stem) => TAKES_BACK.has(stem) && question.stems.some((asked) => relation(stem, asked) === 1),
      ),
  );
}

/** Returns the evidence of a message for the acts that a description names: a farewell for an exit by farewell. */
export function actEvidence(way: ReadDescription, hearing: Hearing): Evidence {
  const { message, question, polarity } = hearing;
  const described = way.acts;
  const { acts, explicit, bare, questions, acknowledges } = message;
  const found: Evidence[] = [];
  if (described.has('farewell')) {
    if (acts.has('farewell'))
      found.push(question.consent && !question.closing && explicit === 1 ? 0.6 : 0.95);
    if (acts.has('finished') && question.closing) found.push(CLEAR);
    const isContent =
      (bare || saysOnlyThatAllIsWell(hearing)) &&
      questions.length === 0 &&
      !acts.has('hesitation') &&
      !acts.has('correction');
    if (question.closing && explicit === -1 && isContent && !leavesOpen(message.text)) found.push(EXACT);
    if (question.closing && isContent && acts.has('thanks') && (explicit !== 1 || acknowledges))
      found.push(GIVEN);
  }
  if (described.has('withdrawal') && takesBack(hearing)) found.push(CLEAR);
  if (described.has('withdrawal') && question.proposition === null && KEEPS_BACK.test(message.text))
    found.push(GIVEN);
  if (described.has('human') && acts.has('human')) found.push(CLEAR);
  if (described.has('thanks') && acts.has('thanks') && bare) found.push(GIVEN);
  if (isMore(way) && question.closing && explicit === 1 && bare && !acknowledges) found.push(GIVEN);
  if (
    described.has('more') &&
    !described.has('farewell') &&
    question.closing &&
    explicit !== -1 &&
    NAMES_MORE.test(message.text) &&
    !(bare && questions.length > 0 && isInquiry(message.text))
  )
    found.push(bare && questions.length === 0 ? GIVEN : NAMED_MORE);
  if (described.has('greeting') && acts.has('greeting') && bare) found.push(GIVEN);
  const isUnsure = (acts.has('unknown') && !acts.has('repeat')) || UNSURE.test(message.text);
  if (described.has('unknown') && isUnsure) found.push(CLEAR);
  if (described.has('yes')) found.push(polarity);
  if (described.has('no')) {
    found.push(-polarity);
    if (takesBack(hearing)) found.push(GIVEN);
  }
  return found.length === 0 ? 0 : Math.max(...found);
}
