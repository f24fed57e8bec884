import type { ActionState, DecisionState, ExitCondition } from '../../registry/graph.ts';
import type { Choice, Situation } from '../reasoner.ts';
import { best, relevance } from './relevance.ts';
import { isQuestion, isRefusal } from './signals.ts';

/** An exit that waits for an answer, whatever its words: "The user has given their name". */
const ANSWERED =
  /\b(?:has|have) (?:given|told|named|said|answered|provided|described|shared|chosen|picked|mentioned|explained|stated)\b/i;

/** An exit beats an action of equal words: the graph's author meant it to lead on. */
const EXIT_WEIGHT = 1.5;
/** An action that was performed already is the less likely choice. */
const PERFORMED_WEIGHT = 0.4;

/** What is compared in a state: its exits and then its actions. One list per state, so that its index is kept. */
const candidates = new WeakMap<readonly ExitCondition[], string[]>();

function candidatesOf(state: ActionState | DecisionState): string[] {
  const known = candidates.get(state.exit_conditions);
  if (known !== undefined) return known;
  const exits = state.exit_conditions.map(({ description }) => description);
  const texts = state.type === 'action' ? [...exits, ...state.actions] : exits;
  candidates.set(state.exit_conditions, texts);
  return texts;
}

function said({ input }: Situation): string {
  return input.map(({ text }) => text).join('\n');
}

function nextUnperformed(situation: Situation, state: ActionState): number {
  const performed = new Set(situation.position.performed);
  const next = state.actions.findIndex((_action, index) => !performed.has(index));
  return next === -1 ? state.actions.length - 1 : next;
}

/** Chooses in an action state: what is relevant to what was said, else the exit that waited for an answer, else on. */
export function chooseInActionState(situation: Situation, state: ActionState): Choice {
  const heard = said(situation);
  const exits = situation.arrived ? 0 : state.exit_conditions.length;
  if (heard !== '') {
    const performed = new Set(situation.position.performed);
    const scores = relevance(heard, candidatesOf(state)).map((score, index) => {
      if (index < state.exit_conditions.length) return index < exits ? score * EXIT_WEIGHT : 0;
      return performed.has(index - state.exit_conditions.length) ? score * PERFORMED_WEIGHT : score;
    });
    const winner = best(scores);
    if (winner !== null) {
      return winner < state.exit_conditions.length
        ? { kind: 'exit', index: winner }
        : { kind: 'action', index: winner - state.exit_conditions.length };
    }
    const asked = situation.position.performed.length > 0;
    const answered = state.exit_conditions.findIndex(({ description }) => ANSWERED.test(description));
    if (exits > 0 && asked && answered !== -1 && !isQuestion(heard) && !isRefusal(heard)) {
      return { kind: 'exit', index: answered };
    }
  }
  return { kind: 'action', index: nextUnperformed(situation, state) };
}

/** Chooses in a decision state, which must choose: the most relevant exit, else the last, which is the "otherwise". */
export function chooseInDecisionState(situation: Situation, state: DecisionState): number {
  const heard = said(situation) || situation.history.map(({ text }) => text).join('\n');
  return best(relevance(heard, candidatesOf(state))) ?? state.exit_conditions.length - 1;
}
