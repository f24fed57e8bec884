/** The form of an answer in an action state: the choice and the message, in words or as JSON. Pure. */
import type { ActionState } from '../../../registry/graph.ts';
import type { AnswerForm } from '../request.ts';

/** Tells whether a state leaves nothing to choose: it has one action and no exit. */
export function isSettled(state: ActionState): boolean {
  return state.actions.length === 1 && state.exit_conditions.length === 0;
}

/** Tells which words of an action are said as they stand. */
const WORDING =
  'Say the words that the action has in quotation marks exactly. Put all else in your own words.';

/** Asks for the message alone. */
export const SPEAK_ONLY = `Write the message to the user that the action asks for. ${WORDING} Write the message alone: no title, no name, no notes, no JSON.`;

const MESSAGE_ALONE = 'The message has no title, no name, no number and no notes.';

function choiceInWords(state: ActionState): string {
  const hasExits = state.exit_conditions.length > 0;
  return [
    'Write your answer in this form:',
    hasExits
      ? 'Line 1: your choice as JSON. Write {"exit": N} if what exit N says has happened. If not, write {"action": N} with the action that fits best.'
      : 'Line 1: your choice as JSON. Write {"action": N} with the action that fits best.',
    `Line 2: the message to the user that performs the action. ${WORDING} ${MESSAGE_ALONE}`,
    ...(hasExits ? ['After an exit, write nothing more.'] : []),
    'Example:',
    '{"action": 0}',
    'Hello! How are you today?',
    ...(hasExits ? ['Example of an exit:', '{"exit": 0}'] : []),
  ].join('\n');
}

/** The names of all options: "action 0", "exit 1". */
export function optionNames(state: ActionState): string[] {
  return [
    ...state.actions.map((_action, index) => `action ${index}`),
    ...state.exit_conditions.map((_exit, index) => `exit ${index}`),
  ];
}

function choiceInJson(state: ActionState): AnswerForm['json'] {
  const hasExits = state.exit_conditions.length > 0;
  const text = [
    'Answer with a JSON object.',
    hasExits
      ? '"choice": "exit N" if what exit N says has happened. If not, "action N" with the action that fits best.'
      : '"choice": "action N" with the action that fits best.',
    `"message": the message to the user that performs the action. ${WORDING} ${MESSAGE_ALONE}`,
    ...(hasExits ? ['After an exit, the message is empty.'] : []),
    'Example: {"choice": "action 0", "message": "Hello! How are you today?"}',
  ].join('\n');
  const schema = {
    type: 'object',
    properties: { choice: { type: 'string', enum: optionNames(state) }, message: { type: 'string' } },
    required: ['choice', 'message'],
    additionalProperties: false,
  };
  return { text, schema };
}

/** Returns the form of an answer in an action state. */
export function choiceForm(state: ActionState): AnswerForm {
  if (!isSettled(state)) return { words: choiceInWords(state), json: choiceInJson(state) };
  const schema = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };
  const text = `${SPEAK_ONLY.replace('no notes, no JSON', 'no notes')}\nAnswer with a JSON object: {"message": "..."}`;
  return {
    words: SPEAK_ONLY,
    json: { text, schema: { ...schema, additionalProperties: false } },
  };
}
