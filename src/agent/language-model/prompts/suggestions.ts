/** The prompts for what a user could say. Pure. */
import type { ActionState } from '../../../registry/graph.ts';
import type { Situation, StarterRequest } from '../../reasoner.ts';
import type { ChatMessage } from '../chat/port.ts';
import { aboutUser, list, part, situationData, titled } from './data.ts';
import { moment } from './moment.ts';
import { DATA_NOTICE, prompt } from './parts.ts';

export function recommendPrompt(situation: Situation, state: ActionState, context: string): ChatMessage[] {
  const data = situationData(situation);
  return prompt(
    [
      'You suggest what a user can say next in a conversation with an agent. Use the language of the conversation.',
      DATA_NOTICE,
      `The agent is ${part(situation.agent.name, 'name')}, ${part(situation.agent.role, 'name')}. Its objective now: ${part(state.objective, 'sentence')}`,
      ...list(
        'What it waits for:',
        state.exit_conditions.map((exit) => exit.description),
      ),
    ],
    [
      data.text,
      ...titled('What the suggestions are for:', context),
      ...moment(situation.clock),
      'Answer with JSON alone: {"responses": ["...", "...", "..."]} with three short sentences that the user can say, the best one first. Each is of a different kind. None was said before.',
    ],
    data.stable,
  );
}

export function startersPrompt(request: StarterRequest): ChatMessage[] {
  const { minCount, maxCount } = request;
  const count = minCount === maxCount ? String(minCount) : `${minCount} to ${maxCount}`;
  const initial = request.graph.states.find(({ name }) => name === request.initialState);
  const exits = initial?.type === 'action' ? initial.exit_conditions : [];
  return prompt(
    [
      'You suggest how a user can begin a conversation with an agent.',
      DATA_NOTICE,
      `The agent serves "${part(request.graph.name, 'name')}": ${part(request.graph.description, 'sentence')}`,
      ...list(
        'What a conversation can begin with:',
        exits.map(({ description }) => description),
      ),
    ],
    [
      ...aboutUser({ name: 'the user', model: request.userModel }),
      ...list('Facets that the suggestions are about:', request.facets),
      ...titled('What the suggestions should be like:', request.instructions),
      ...moment(request.clock),
      `Answer with JSON alone: {"starters": [{"prompt": "...", "facets": ["..."]}]} with ${count} of them. A prompt is what the user says. Its facets are those of the list that it is about, word for word.`,
    ],
  );
}
