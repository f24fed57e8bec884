/** The prompt of an action state: to choose and to speak in one answer. Pure. */
import type { ActionState } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import type { WrittenChoice } from '../answer/options.ts';
import type { ChatMessage } from '../chat/port.ts';
import { smallestWindow, type ModelChoice } from '../models.ts';
import { optionNames, SPEAK_ONLY } from './choice-form.ts';
import { list, numbered, part, situationData } from './data.ts';
import { moment } from './moment.ts';
import { assistantTurn, guided, identity, occasion, prompt, userTurn } from './parts.ts';

/** Asks for the exact words that an action of the graph has in quotes, also where the user speaks another language. */
const VERBATIM =
  'Where an action has words in quotation marks to be said, say exactly these words. Do not translate them.';

/**
 * Returns the prompt of an action state, without the form of its answer (`choiceForm`). What is the same in every turn
 * of a state comes first, and what changes most comes last: providers keep the begin of a prompt.
 */
export function engagePrompt(
  situation: Situation,
  state: ActionState,
  models: readonly Pick<ModelChoice, 'contextTokens'>[] = [],
): ChatMessage[] {
  const { performed } = situation.position;
  const { behavior } = situation;
  const isReplaced = behavior?.overriding === true && behavior.instructions.length > 0;
  const guidelines = isReplaced
    ? []
    : [
        ...list('How to choose:', state.intra_state_navigation_guidelines),
        ...list('How to act:', state.action_guidelines),
      ];
  const data = situationData(situation, smallestWindow(models));
  return prompt(
    [
      ...identity(situation.agent),
      VERBATIM,
      `You are in the state "${part(state.name, 'name')}" of "${part(situation.graph.name, 'name')}" (${part(situation.graph.description, 'sentence')}). Its objective: ${part(state.objective, 'sentence')}`,
      ...numbered('Actions:', state.actions),
      ...numbered(
        'Exits. Take one when this has happened:',
        state.exit_conditions.map((exit) => exit.description),
      ),
      ...guidelines,
      ...list('Limits, always:', state.boundary_constraints),
    ],
    [
      data.text,
      performed.length === 0
        ? ''
        : part(
            `Actions that you have performed since you came to this state: ${performed.join(', ')}.`,
            'sentence',
          ),
      ...guided(situation, []),
      ...moment(situation.clock),
      occasion(situation),
    ],
    data.stable,
  );
}

/** Returns the request for the message of an action, after an answer that had no message. */
export function speakRequest(said: string, action: string): ChatMessage[] {
  return [
    assistantTurn(said),
    userTurn(`Perform this action now: ${part(action, 'sentence')}\n${SPEAK_ONLY}`),
  ];
}

/** Returns the question that follows a choice that does not exist. */
export function choiceRepair(said: string, wrong: WrittenChoice, state: ActionState): ChatMessage[] {
  const named = part(`${wrong.kind ?? 'option'} ${wrong.value}`, 'name');
  return [
    assistantTurn(said),
    userTurn(
      [
        `There is no ${named}. These are all the options: ${part(optionNames(state).join(', '), 'text')}.`,
        'Answer once more, in the form that was asked for and nothing else.',
      ].join('\n'),
    ),
  ];
}
