/** A situation in which the short forms of the user's messages are written in full. */
import type { Situation, Utterance } from '../reasoner.ts';
import { inFull } from './language/short-forms.ts';

/** Returns utterances in which the short forms of the user are written in full. */
export function utterancesInFull(utterances: readonly Utterance[]): Utterance[] {
  return utterances.map((each) => (each.by === 'user' ? { ...each, text: inFull(each.text) } : each));
}

/** Returns a situation in which the short forms of the user are written in full. */
export function situationInFull(situation: Situation): Situation {
  const { input, history, position } = situation;
  const answers = Object.entries(position.answers).map(([state, text]) => [state, inFull(text)] as const);
  return {
    ...situation,
    input: utterancesInFull(input),
    history: utterancesInFull(history),
    position: { ...position, answers: Object.fromEntries(answers) },
  };
}
