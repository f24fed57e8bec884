/** An action state with a language model: choosing and speaking in one streamed call. */
import { problemOf, ProviderFailure } from '../../provider-failure.ts';
import type { ActionState } from '../../registry/graph.ts';
import type { ActionTools, EngageStep, Situation, ToolOutputs } from '../reasoner.ts';
import { withRevisits } from '../revisits.ts';
import type { CallContext } from './call.ts';
import { relay, type Progress, type RelayRules } from './relay.ts';
import { choiceForm, isSettled } from './prompts/choice-form.ts';
import { choiceRepair, engagePrompt, speakRequest } from './prompts.ts';
import { MAX_TOOL_ROUNDS, OfferedTools, readCalls } from './tools.ts';
import type { ModelToolCall } from './chat/port.ts';

/** Returns the action for an answer that chooses none: the first not yet performed, else the last performed. */
function fallbackAction(state: ActionState, performed: readonly number[]): number {
  const next = state.actions.findIndex((_action, index) => !performed.includes(index));
  return next === -1 ? (performed.at(-1) ?? 0) : next;
}

/** Returns the rules by which the next answer is read. */
function rulesOf(
  { agent, position, input }: Situation,
  state: ActionState,
  { choice }: Progress,
): RelayRules {
  return {
    actions: state.actions,
    exits: state.exit_conditions.map(({ description }) => description),
    fallback: fallbackAction(state, position.performed),
    chosen: choice !== null,
    speaker: agent.name,
    heard: input.flatMap(({ by, text }) => (by === 'user' ? [text] : [])),
  };
}

/** Returns the tools that may be called now. After the choice, those for choosing are no longer among them. */
function callable(
  tools: ActionTools,
  progress: Progress,
  calls: readonly ModelToolCall[],
  offered: OfferedTools,
) {
  if (progress.choice !== null) return tools.engaging;
  const serveChoice = calls.some(({ name }) => offered.find(name, tools.choosing) !== undefined);
  return serveChoice ? tools.choosing : tools.engaging;
}

/**
 * Chooses and speaks. A wrong choice is repaired once and never spoken over: after a second one the fallback action is
 * performed, with a message that is asked for anew.
 */
export async function* engage(
  context: CallContext,
  situation: Situation,
  own: ActionState,
  tools: ActionTools,
): AsyncGenerator<EngageStep, void, ToolOutputs> {
  const state = withRevisits(own, situation.revisits);
  const fallback = fallbackAction(state, situation.position.performed);
  const prompt = [...engagePrompt(situation, state, context.models)];
  const offered = new OfferedTools([...(isSettled(state) ? [] : tools.choosing), ...tools.engaging]);
  const progress: Progress = { choice: null, wrong: null, spoken: 0, last: '' };
  const settle = (): EngageStep => {
    progress.choice = { kind: 'action', index: fallback };
    return { type: 'choice', choice: progress.choice };
  };
  if (isSettled(state)) yield settle();
  const form = choiceForm(state);
  let repaired = false;
  let isAsked = false;
  for (let round = 0; round <= MAX_TOOL_ROUNDS + 2; round += 1) {
    const mayCall = round < MAX_TOOL_ROUNDS;
    const rules = rulesOf(situation, state, progress);
    const mayBeEmpty = progress.spoken > 0;
    const request = { prompt, tools: offered.definitions, mayCall, mayBeEmpty, form };
    progress.wrong = null;
    const { text, calls } = yield* relay(context, request, rules, progress, offered);
    if (progress.choice?.kind === 'exit') return;
    if (mayCall && calls.length > 0) {
      const among = callable(tools, progress, calls, offered);
      const read = readCalls(text, calls, (name) => offered.find(name, among));
      // A tool that serves acting is called by a model that has chosen to act.
      if (read.round !== null && progress.choice === null && among === tools.engaging) yield settle();
      prompt.push(...read.messages(read.round === null ? [] : yield read.round));
      continue;
    }
    if (progress.choice !== null && progress.spoken > 0) {
      yield { type: 'piece', text: '', final: true };
      return;
    }
    if (progress.wrong !== null && !repaired) {
      repaired = true;
      prompt.push(...choiceRepair(text, progress.wrong, state));
      continue;
    }
    if (progress.choice === null) yield settle();
    // The message is asked for once: a model that has none will not have one in the end.
    if (isAsked) break;
    isAsked = true;
    prompt.push(...speakRequest(text, state.actions[progress.choice?.index ?? fallback] ?? ''));
  }
  throw problemOf('model', new ProviderFailure('empty'));
}
