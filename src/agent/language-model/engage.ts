/** An action state with a language model: choosing and speaking in one streamed call. */
import { MAX_TOOL_ROUNDS, OfferedTools, readCalls } from './tools.ts';
import { openStream, partsOf, type CallContext } from './call.ts';
import { ChoiceStream, type ChoiceRules, type StreamedStep } from './choice-stream.ts';
import type { EndReason, ModelToolCall } from './chat/port.ts';
import { problemOf, ProviderFailure } from '../../provider-failure.ts';
import type { ModelPart } from './model-stream.ts';
import { engagePrompt, isSettled, speakRequest } from './prompts.ts';
import type { ActionTools, Choice, EngageStep, Situation, ToolOutputs } from '../reasoner.ts';
import type { ActionState } from '../../registry/graph.ts';

/** A model that does not stop is stopped: about ten minutes of listening. */
const MAX_MESSAGE_LENGTH = 12_000;

/** Ends a message that the provider cut at its limit of tokens. */
const CUT_MARK = '…';

/** What an engagement has come to. */
interface Progress {
  choice: Choice | null;
  /** Characters of the message so far. */
  spoken: number;
  /** The last of them, or an empty text. */
  last: string;
}

/** One answer of the model: all of its text, and the tools that it wants. */
interface Answer {
  text: string;
  calls: ModelToolCall[];
}

/** The action of who speaks without choosing: the first not yet performed, else the last performed. */
function fallbackAction(state: ActionState, performed: readonly number[]): number {
  const next = state.actions.findIndex((_action, index) => !performed.includes(index));
  return next === -1 ? (performed.at(-1) ?? 0) : next;
}

/** An answer is of use from its first piece of the message, an exit, or a call of a tool: until then it can be retried. */
function beginsWith(rules: ChoiceRules): (part: ModelPart) => boolean {
  const trial = new ChoiceStream(rules);
  return (part) =>
    part.type === 'tool-call' ||
    trial.push(part.text).some((step) => step.type === 'piece' || step.choice.kind === 'exit');
}

/** Takes note of a step, and makes it one of the port. Messages of several answers are kept apart by a space. */
function engageStep(step: StreamedStep, progress: Progress, continued: boolean): EngageStep {
  if (step.type === 'choice') {
    progress.choice = step.choice;
    return step;
  }
  const text = continued && progress.spoken > 0 && !/\s/.test(progress.last) ? ` ${step.text}` : step.text;
  progress.spoken += text.length;
  progress.last = text.slice(-1) || progress.last;
  return { type: 'piece', text, final: false };
}

/** Streams one answer of the model and passes on what it says. Stops at an exit. */
async function* relay(
  context: CallContext,
  request: Parameters<typeof openStream>[1],
  rules: ChoiceRules,
  progress: Progress,
): AsyncGenerator<EngageStep, Answer> {
  const opened = await openStream(context, request, () => beginsWith(rules));
  const parser = new ChoiceStream(rules);
  const answer: Answer = { text: '', calls: [] };
  let continued = true;
  for await (const part of partsOf(opened)) {
    if (part.type === 'tool-call') {
      answer.calls.push(part);
      continue;
    }
    answer.text += part.text;
    for (const step of parser.push(part.text)) {
      if (step.type === 'choice' && step.choice.kind === 'exit')
        opened.stream.interaction = 'SelectNextAction';
      yield engageStep(step, progress, continued);
      if (step.type === 'piece') continued = false;
    }
    if (progress.choice?.kind === 'exit' || progress.spoken > MAX_MESSAGE_LENGTH) return answer;
  }
  for (const step of parser.end()) yield engageStep(step, progress, continued);
  yield* ending(opened.stream.reason, progress);
  return answer;
}

/**
 * Ends an answer that did not come to its own end. What the provider's filter cut off is no answer; what was cut at its
 * limit of tokens is shown to be cut.
 */
function* ending(reason: EndReason | null, progress: Progress): Generator<EngageStep> {
  if (reason === 'filtered') throw problemOf('model', new ProviderFailure('filtered'));
  const isCut = reason === 'length' && progress.spoken > 0 && !/[.!?…。！？]/.test(progress.last);
  if (isCut) yield engageStep({ type: 'piece', text: CUT_MARK }, progress, false);
}

/** The tools that may be called now. A choice that was made is not made again. */
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

export async function* engage(
  context: CallContext,
  situation: Situation,
  state: ActionState,
  tools: ActionTools,
): AsyncGenerator<EngageStep, void, ToolOutputs> {
  const fallback = fallbackAction(state, situation.position.performed);
  const prompt = [...engagePrompt(situation, state)];
  const offered = new OfferedTools([...(isSettled(state) ? [] : tools.choosing), ...tools.engaging]);
  const progress: Progress = { choice: null, spoken: 0, last: '' };
  const settle = (): EngageStep => {
    progress.choice = { kind: 'action', index: fallback };
    return { type: 'choice', choice: progress.choice };
  };
  if (isSettled(state)) yield settle();
  for (let round = 0; round <= MAX_TOOL_ROUNDS + 1; round += 1) {
    const mayCall = round < MAX_TOOL_ROUNDS;
    const rules = {
      actions: state.actions.length,
      exits: state.exit_conditions.length,
      fallback,
      chosen: progress.choice !== null,
    };
    const request = { prompt, tools: offered.definitions, mayCall, mayBeEmpty: progress.spoken > 0 };
    const { text, calls } = yield* relay(context, request, rules, progress);
    if (progress.choice?.kind === 'exit') return;
    if (mayCall && calls.length > 0) {
      const among = callable(tools, progress, calls, offered);
      const read = readCalls(text, calls, (name) => offered.find(name, among));
      // Who acts without having chosen has chosen to act.
      if (read.round !== null && progress.choice === null && among === tools.engaging) yield settle();
      prompt.push(...read.messages(read.round === null ? [] : yield read.round));
      continue;
    }
    if (progress.choice !== null && progress.spoken > 0) {
      yield { type: 'piece', text: '', final: true };
      return;
    }
    if (progress.choice === null) yield settle();
    prompt.push(...speakRequest(text, state.actions[progress.choice?.index ?? fallback] ?? ''));
  }
  throw problemOf('model', new ProviderFailure('empty'));
}
