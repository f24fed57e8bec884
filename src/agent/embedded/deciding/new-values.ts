/** New values in a message for the question of a state that was passed earlier. English. */
import type { Revisit } from '../../reasoner.ts';
import type { Message } from '../language/message.ts';
import { asksConsent, questionOf } from '../reading/questions.ts';
import { vocabularyOf } from '../reading/vocabulary.ts';
import { valueFor, wantedBy } from '../recollection.ts';
import { lastOption } from './options.ts';

/** The words before a new value: "the name should be …", "change it to …". */
const BEFORE_VALUE =
  /\b(?:should be|should have been|must be|change[ds]? (?:it|that) to|is|was|to|it's|be)\s+/gi;

/** Returns the new value in a message for the question of a state; null without one. `named` if it names the matter. */
export function newValue(
  { state, graph }: Pick<Revisit, 'state' | 'graph'>,
  message: Message,
  named: boolean,
) {
  const found = valueFor(graph, state, message);
  if (found !== null) return found;
  const question = questionOf(state.actions[0] ?? state.objective);
  if (!asksConsent(question) && question.options.length > 1) {
    const option = lastOption(question.options, { message, vocabulary: vocabularyOf(graph) });
    if (option !== null) return option;
  }
  const before = named ? [...message.text.matchAll(BEFORE_VALUE)].at(-1) : undefined;
  if (before === undefined) return null;
  const tail = message.text.slice(before.index + before[0].length);
  for (const kind of wantedBy(graph, state).kinds) {
    const value = kind.findInAnswer(tail);
    if (value !== null) return value;
  }
  return null;
}
