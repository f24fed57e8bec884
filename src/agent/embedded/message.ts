/** The whole message in which the embedded agent performs the action that it has chosen. */
import type { ActionState } from '../../registry/graph.ts';
import type { Situation } from '../reasoner.ts';
import { readAction } from './actions.ts';
import { withoutQuestion } from './deciding/elsewhere.ts';
import { asksForHelp, onlyIntroduces } from './deciding/help.ts';
import type { Chosen } from './deciding/moment.ts';
import { offerOf } from './offering.ts';
import { rolesOf } from './reading/roles.ts';
import { toldFor, toldSoFar } from './recollection.ts';
import { asks } from './language/acts.ts';
import { understandMessage } from './language/message.ts';
import { hear } from './words.ts';
import { apology, PATIENCE, pieces, quoted, spoken, type SpeechContext } from './wording.ts';

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
  const heard = input.at(-1)?.text ?? '';
  const message = understandMessage(hear(heard));
  if (missed && asksForHelp(message)) return ['Gladly.'];
  if (missed && onlyIntroduces(message)) return [message.acts.has('greeting') ? 'Hello!' : 'Thank you.'];
  if (missed) return [apology(history.length, asks(heard))];
  return input.length === 0 && position.performed.includes(index) ? [PATIENCE] : [];
}

/** Returns the last sentence of a message that asks; the whole message when none does. */
function questionIn(message: string): string {
  return message.split(/(?<=[.!?])\s+/).findLast((sentence) => sentence.endsWith('?')) ?? message;
}

/** Returns the question of a state's first plain action as it is asked again; null when it asks none. */
function questionToRepeat({ actions }: ActionState, context: SpeechContext): string | null {
  const question = questionIn(
    spoken(actions.find((action) => readAction(action).occasion === null) ?? '', context),
  );
  return question.endsWith('?') ? question : null;
}

/** Number of times in succession that the agent says the same question to a user that it does not understand. */
const MAX_REPETITIONS = 2;

/** Returns true if the last messages of the agent all hold a sentence. */
function isRepeated({ history }: Situation, sentence: string): boolean {
  const said = history.filter(({ by }) => by === 'agent').slice(-MAX_REPETITIONS);
  return said.length === MAX_REPETITIONS && said.every(({ text }) => text.includes(sentence));
}

/** The words for the chosen action, behind those that a behavior set adds, or those alone when they override. */
export function messageFor(situation: Situation, state: ActionState, index: number, chosen: Chosen): string {
  const { position, user, agent } = situation;
  const context: SpeechContext = {
    answers: position.answers,
    userName: user.name,
    agentName: agent.name,
    toolOutput: situation.toolResults.at(-1)?.output ?? null,
    remembered: firstSentence(
      situation.workingMemory.findLast(({ content }) => content !== '')?.content ?? null,
    ),
    roles: rolesOf(situation.graph),
    pending: null,
    heard: situation.input.findLast(({ by }) => by === 'user')?.text ?? null,
    told: (name: string) => toldFor(situation, name),
    toldSoFar: () => toldSoFar(situation),
  };
  const added = (situation.behavior?.instructions ?? []).map((text) => quoted(text, context)).filter(Boolean);
  if (situation.behavior?.overriding === true && added.length > 0) return added.join(' ');
  const answers = (chosen.answers ?? []).map((text) => withoutQuestion(spoken(text, context)));
  const injected = [...added, ...answers.filter(Boolean)];
  if (chosen.words !== undefined) return [...injected, chosen.words].join(' ');
  const action = state.actions[index] ?? '';
  const pending = /\bagain\b/i.test(action) ? questionToRepeat(state, context) : null;
  const said = spoken(action, { ...context, pending });
  // What was said before is not said again: a greeting, a price. What is filled in may be new.
  const wasSaid = position.performed.includes(index) && !action.includes('[');
  const isKnown = chosen.missed && chosen.whole !== true && wasSaid;
  const asksOnly = chosen.repeats === true || (chosen.lead !== undefined && chosen.whole !== true);
  const own = asksOnly || isKnown ? questionIn(said) : said;
  if (chosen.lead !== undefined) return [...injected, chosen.lead, own].join(' ');
  const again =
    chosen.missed && isRepeated(situation, questionIn(own)) ? offerOf(situation.graph, state) : own;
  return [...injected, ...preface(situation, index, chosen), again].join(' ');
}

/** Returns the message for the chosen action in the pieces in which it is streamed. */
export function messagePieces(
  situation: Situation,
  state: ActionState,
  index: number,
  chosen: Chosen,
): string[] {
  return pieces(messageFor(situation, state, index, chosen));
}
