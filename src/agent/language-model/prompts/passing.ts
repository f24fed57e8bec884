/** The prompts of states that are passed through, and of what is looked up before acting. Pure. */
import type { DecisionState, ReflectionState, ToolCallState } from '../../../registry/graph.ts';
import type { BehaviorCandidate, Situation, ToolCandidate } from '../../reasoner.ts';
import type { ChatMessage } from '../chat/port.ts';
import { list, numbered, part, situationData, titled } from './data.ts';
import { moment } from './moment.ts';
import { DATA_NOTICE, guided, identity, occasion, prompt } from './parts.ts';

/** A question about a situation: what stays the same, then the data, then the form of the answer. */
function question(
  situation: Situation,
  system: readonly string[],
  form: string,
  about = [occasion(situation, false)],
): ChatMessage[] {
  const { text, stable } = situationData(situation);
  return prompt(system, [text, ...moment(situation.clock), ...about, form], stable);
}

export function decidePrompt(situation: Situation, state: DecisionState): ChatMessage[] {
  return question(
    situation,
    [
      ...identity(situation.agent),
      `Say nothing to the user now. Decide how to go on. The objective: ${part(state.objective, 'sentence')}`,
      ...numbered(
        'The exits. Take one when this has happened:',
        state.exit_conditions.map((exit) => exit.description),
      ),
      ...guided(situation, [list('How to decide:', state.decision_guidelines)]),
    ],
    'Answer with JSON alone: {"exit": N} with the number of the exit that fits best.\nExample: {"exit": 0}',
  );
}

export function reflectPrompt(situation: Situation, state: ReflectionState): ChatMessage[] {
  return question(
    situation,
    [
      ...identity(situation.agent),
      'Say nothing to the user now. Think for yourself. The user never reads it.',
      ...guided(situation, []),
      `Think about this: ${part(state.problem, 'text')}`,
    ],
    `Answer with the thought alone, in at most ${state.word_limit} words.`,
  );
}

export function toolInputPrompt(
  situation: Situation,
  state: ToolCallState,
  tool: ToolCandidate,
): ChatMessage[] {
  return question(
    situation,
    [
      ...identity(situation.agent),
      `Say nothing to the user now. Make the input of the tool "${part(tool.name, 'name')}": ${part(tool.description, 'text')}`,
      ...titled('About this use of the tool:', tool.instruction),
      `The objective: ${part(state.designated_tool_call_objective, 'sentence')}\nThe context: ${part(state.designated_tool_call_context, 'text')}`,
      ...guided(situation, [list('How to make the input:', state.designated_tool_call_guidances)]),
      ...list('What must be true of the input:', state.designated_tool_call_validations),
    ],
    `Answer with the input alone: a JSON object of this JSON Schema: ${part(JSON.stringify(tool.input_schema), 'text')}`,
  );
}

export function recallQueriesPrompt(situation: Situation, information: string): ChatMessage[] {
  return question(
    situation,
    [
      ...identity(situation.agent),
      `Say nothing to the user now. Look this up in your memory of earlier conversations: ${part(information, 'sentence')}`,
    ],
    'Answer with JSON alone: {"queries": ["..."]} with one to four short queries. Each query is about one thing, in the words that the user would use.\nExample: {"queries": ["name of the cat", "favourite food"]}',
    [],
  );
}

export function selectBehaviorPrompt(
  situation: Situation,
  candidates: readonly BehaviorCandidate[],
): ChatMessage[] {
  const items = candidates.map(({ name, triggers }) => `${part(name, 'name')}: ${triggers.join(' / ')}`);
  return question(
    situation,
    [
      'You watch a conversation between an agent and a user. Tell which occasion has come, if any.',
      DATA_NOTICE,
      ...numbered('The occasions. Each has examples of what is said on it:', items),
    ],
    'Answer with JSON alone: {"occasion": N} when the text in <now> fits occasion N. Answer {"occasion": null} when it fits none.',
    [],
  );
}
