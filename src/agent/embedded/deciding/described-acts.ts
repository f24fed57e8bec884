/** Evidence that the acts of a message give for a description that names an act. */
import type { Evidence } from '../evidence.ts';
import { worthOf } from '../language/scales.ts';
import { valenceOf } from '../meaning/valence.ts';
import type { ReadDescription } from '../reading/states.ts';
import { CLEAR, EXACT, GIVEN, type Hearing } from './hearing.ts';
import { isAside } from './kinds-of-exits.ts';

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
  /\b(?:another|one more|one (?:other )?thing|something else|also|as well|too|in addition|furthermore|and (?:a|an|one|can|could|where|i)|while (?:i|we)(?:'m| am|'re| are) at it)\b|^\W*(?:actually,? )?yes\b.{8}/i;

/** Returns true if the statements only tell that all is well: "no, I'm fine", "thanks, you've been very helpful". */
function saysOnlyThatAllIsWell({ message, vectors }: Hearing): boolean {
  return message.statements.every(
    ({ stems, negated }) =>
      stems.length === 0 || (!negated && (worthOf(stems) > 0 || valenceOf(stems, vectors) > 0)),
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
    const isContent = (bare || saysOnlyThatAllIsWell(hearing)) && questions.length === 0;
    if (question.closing && explicit === -1 && isContent) found.push(EXACT);
    if (question.closing && isContent && acts.has('thanks') && (explicit !== 1 || acknowledges))
      found.push(GIVEN);
  }
  if (described.has('withdrawal') && acts.has('withdrawal')) found.push(CLEAR);
  if (described.has('human') && acts.has('human')) found.push(CLEAR);
  if (described.has('thanks') && acts.has('thanks') && bare) found.push(GIVEN);
  if (isMore(way) && question.closing && explicit === 1 && bare && !acknowledges) found.push(GIVEN);
  if (
    described.has('more') &&
    !described.has('farewell') &&
    question.closing &&
    explicit !== -1 &&
    NAMES_MORE.test(message.text)
  )
    found.push(bare ? GIVEN : NAMED_MORE);
  if (described.has('greeting') && acts.has('greeting') && bare) found.push(GIVEN);
  if (described.has('unknown') && (acts.has('unknown') || UNSURE.test(message.text))) found.push(CLEAR);
  if (described.has('yes')) found.push(polarity);
  if (described.has('no')) {
    found.push(-polarity);
    if (acts.has('withdrawal')) found.push(GIVEN);
  }
  return found.length === 0 ? 0 : Math.max(...found);
}
