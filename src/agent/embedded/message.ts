/** The whole message in which the embedded agent performs the action that it has chosen. */
import type { ActionState } from '../../registry/graph.ts';
import type { Situation } from '../reasoner.ts';
import { quotesIn, readAction } from './actions.ts';
import type { Chosen } from './deciding/moment.ts';
import { questionOf } from './reading/questions.ts';
import { rolesOf } from './reading/roles.ts';
import { toldFor } from './recollection.ts';
import { asks } from './language/acts.ts';
import { apology, PATIENCE, quoted, spoken } from './wording.ts';

/** Returns the first sentence of a memory: only one fits into a sentence of the agent. */
function firstSentence(text: string | null): string | null {
  return text?.split(/(?<=[.!?])\s+|\n/)[0] ?? null;
}

/**
 * Returns the sentence before the words of an action, if any: an apology for a message that was not understood, or
 * words of patience for a user who is silent or asks for time.
 */
function preface(
  { position, history, input }: Situation,
  index: number,
  { missed, waits }: Chosen,
): string[] {
  if (waits === true) return [PATIENCE];
  if (missed) return [apology(history.length, asks(input.at(-1)?.text ?? ''))];
  return input.length === 0 && position.performed.includes(index) ? [PATIENCE] : [];
}

/** The question of an action in its quoted words; null when it quotes none. */
function questionOfAction(action: string): string | null {
  return quotesIn(action).length === 0 ? null : questionOf(action).text;
}

/** The question of a state's first plain action, as it is asked again. */
function questionToRepeat({ actions }: ActionState): string | null {
  return questionOfAction(actions.find((action) => readAction(action).occasion === null) ?? '');
}

/** The words for the chosen action, behind those that a behavior set adds, or those alone when they override. */
export function messageFor(situation: Situation, state: ActionState, index: number, chosen: Chosen): string {
  const { position, user, agent } = situation;
  const context = {
    answers: position.answers,
    userName: user.name,
    agentName: agent.name,
    toolOutput: situation.toolResults.at(-1)?.output ?? null,
    remembered: firstSentence(
      situation.workingMemory.findLast(({ content }) => content !== '')?.content ?? null,
    ),
    roles: rolesOf(situation.graph),
    pending: questionToRepeat(state),
    heard: situation.input.findLast(({ by }) => by === 'user')?.text ?? null,
    told: (name: string) => toldFor(situation, name),
  };
  const injected = (situation.behavior?.instructions ?? [])
    .map((text) => quoted(text, context))
    .filter(Boolean);
  if (situation.behavior?.overriding === true && injected.length > 0) return injected.join(' ');
  if (chosen.words !== undefined) return [...injected, chosen.words].join(' ');
  const question = chosen.repeats === true ? questionOfAction(state.actions[index] ?? '') : null;
  const own = spoken(question === null ? (state.actions[index] ?? '') : `Ask: "${question}"`, context);
  return [...injected, ...preface(situation, index, chosen), own].join(' ');
}
