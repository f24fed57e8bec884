/** Values that states ask for, where they are of no known kind: a town, a colour, the title of a book. */
import type { ActionState, ContextGraph } from '../../../registry/graph.ts';
import { valuePhrase } from '../facts/value-phrases.ts';
import { stemOf } from '../language/stems.ts';
import { stemsOf } from '../words.ts';
import { asksFreely } from './free-answers.ts';
import { questionIn } from './questions.ts';
import { rolesOf } from './roles.ts';
import { readState } from './states.ts';

/** Stems of what a state asks for, by its list of exits, kept as long as that list is in use; null for a free text. */
const known = new WeakMap<object, ReadonlySet<string> | null>();

function readNouns(graph: ContextGraph, state: ActionState): ReadonlySet<string> | null {
  const { exits, actions } = readState(graph, state);
  const plain = actions.findIndex(({ occasion }) => occasion === null);
  const question = questionIn(state, plain, rolesOf(graph));
  const waiting = exits.flatMap(({ ways: [way] }) => (way?.awaits === true ? [way.text] : []));
  if (waiting.length === 0 || question.consent || question.closing || asksFreely(question, exits))
    return null;
  return new Set([...waiting, question.text, state.name.replaceAll('_', ' ')].flatMap(stemsOf));
}

/**
 * Returns the value in an answer to a state, without the sentence around it; null where the state waits for no value, or
 * for a description in any words.
 */
export function phraseFor(graph: ContextGraph, state: ActionState, answer: string): string | null {
  const found = known.get(state.exit_conditions);
  const nouns = found === undefined ? readNouns(graph, state) : found;
  known.set(state.exit_conditions, nouns);
  return nouns === null ? null : valuePhrase(answer, nouns, stemOf);
}
