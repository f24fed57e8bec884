/** A situation in which the short forms of the user's messages are written in full. */
import type { Situation, Utterance } from '../reasoner.ts';
import { inFull } from './language/short-forms.ts';

/** The user's utterances in full: a conversation's history is read in each of its turns. */
const full = new WeakMap<Utterance, Utterance>();

function utteranceInFull(utterance: Utterance): Utterance {
  if (utterance.by !== 'user') return utterance;
  const known = full.get(utterance);
  if (known !== undefined) return known;
  const written = { ...utterance, text: inFull(utterance.text) };
  full.set(utterance, written);
  return written;
}

/** Returns utterances in which the short forms of the user are written in full. */
export function utterancesInFull(utterances: readonly Utterance[]): Utterance[] {
  return utterances.map(utteranceInFull);
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
