/** Evidence that the acts of a message give for a description that names an act. */
import type { Evidence } from '../evidence.ts';
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

/** Returns the evidence of a message for the acts that a description names: a farewell for an exit by farewell. */
export function actEvidence(way: ReadDescription, { message, question, polarity }: Hearing): Evidence {
  const described = way.acts;
  const { acts, explicit, bare, questions } = message;
  const found: Evidence[] = [];
  if (described.has('farewell')) {
    if (acts.has('farewell'))
      found.push(question.consent && !question.closing && explicit === 1 ? 0.6 : 0.95);
    if (question.closing && explicit === -1 && bare && questions.length === 0) found.push(EXACT);
    if (question.closing && bare && acts.has('thanks') && explicit !== 1 && questions.length === 0)
      found.push(GIVEN);
  }
  if (described.has('withdrawal') && acts.has('withdrawal')) found.push(CLEAR);
  if (described.has('human') && acts.has('human')) found.push(CLEAR);
  if (described.has('thanks') && acts.has('thanks') && bare) found.push(GIVEN);
  if (isMore(way) && question.closing && explicit === 1 && bare) found.push(GIVEN);
  if (described.has('greeting') && acts.has('greeting') && bare) found.push(GIVEN);
  if (described.has('unknown') && (acts.has('unknown') || acts.has('hesitation'))) found.push(CLEAR);
  if (described.has('yes')) found.push(polarity);
  if (described.has('no')) {
    found.push(-polarity);
    if (acts.has('withdrawal')) found.push(GIVEN);
  }
  return found.length === 0 ? 0 : Math.max(...found);
}
