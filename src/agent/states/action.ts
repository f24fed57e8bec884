import { untilAborted } from '../../deadline.ts';
import { problem } from '../../problems.ts';
import type { ActionState, ContextGraph } from '../../registry/graph.ts';
import { overrides, withBehaviorTools } from '../behavior.ts';
import { FragmentSplitter } from '../fragments.ts';
import { performAction } from '../position.ts';
import type { Choice, EngageStep, ToolOutputs } from '../reasoner.ts';
import { callTools, Toolbox } from '../tool-calls.ts';
import type { ToolCallRounds } from '../../contract/insights.ts';
import { act, currentGraph, situationOf, type TurnEvent, type Walk } from '../walk.ts';
import { revisit, revisitsOf } from '../revisits.ts';
import { takeExit } from './exit.ts';

/** Message of an action state, with its action and the tool calls before it. */
export interface Spoken {
  action: string;
  message: string;
  choosingCalls: ToolCallRounds;
  engagingCalls: ToolCallRounds;
  /** True when the message was ended by `TurnInput.stop`. */
  stopped: boolean;
}

type Steps = AsyncGenerator<EngageStep, void, ToolOutputs>;

/** Returns an action state with the global guidelines and constraints of its graph put before its own. */
function withGlobalGuidelines(state: ActionState, graph: ContextGraph): ActionState {
  return {
    ...state,
    intra_state_navigation_guidelines: [
      ...graph.global_intra_state_navigation_guidelines,
      ...state.intra_state_navigation_guidelines,
    ],
    action_guidelines: [...graph.global_action_guidelines, ...state.action_guidelines],
    boundary_constraints: [...graph.global_boundary_constraints, ...state.boundary_constraints],
  };
}

/** Returns the next step that is no tool round, or null at the end. Carries out the tool rounds before it. */
async function* nextStep(
  walk: Walk,
  steps: Steps,
  toolbox: Toolbox,
  rounds: ToolCallRounds,
): AsyncGenerator<TurnEvent, Exclude<EngageStep, { type: 'tool-round' }> | null> {
  let step = await untilAborted(steps.next([]), walk.stop);
  while (step.done !== true && step.value.type === 'tool-round') {
    const called = yield* callTools(walk, toolbox, step.value, rounds.length);
    rounds.push(called.map(({ log }) => log));
    step = await untilAborted(steps.next(called.map(({ output }) => output)), walk.stop);
  }
  // The loop leaves only when the step is the end or no tool round.
  return step.done === true ? null : (step.value as Exclude<EngageStep, { type: 'tool-round' }>);
}

/** A message as the user received it. `stopped` is true when a stop cut it short. */
interface SpokenMessage {
  message: string;
  stopped: boolean;
}

/**
 * Yields the pieces of the message, and an event for each complete sentence. A stop ends the message after any piece.
 */
async function* speak(
  walk: Walk,
  steps: Steps,
  toolbox: Toolbox,
  rounds: ToolCallRounds,
): AsyncGenerator<TurnEvent, SpokenMessage> {
  const fragments = new FragmentSplitter();
  const { stop } = walk;
  let message = '';
  for (let hasSpoken = false; ; hasSpoken = true) {
    const step = yield* nextPiece(walk, steps, toolbox, rounds, hasSpoken);
    const { text, final } = step ?? { text: '', final: true };
    message += text;
    for (const fragment of fragments.push(text, final)) {
      yield act({ type: 'engage-user-message-fragment-generated', ...fragment });
    }
    yield { type: 'piece', text, final };
    if (final) return { message, stopped: step === null && stop.aborted };
  }
}

/** Returns the next piece of the message; null when the turn is stopped after a piece. */
async function* nextPiece(
  walk: Walk,
  steps: Steps,
  toolbox: Toolbox,
  rounds: ToolCallRounds,
  hasSpoken: boolean,
): AsyncGenerator<TurnEvent, Extract<EngageStep, { type: 'piece' }> | null> {
  const { stop } = walk;
  try {
    stop.throwIfAborted();
    const step = yield* nextStep(walk, steps, toolbox, rounds);
    if (step?.type === 'piece') return step;
  } catch (error) {
    if (!stop.aborted || !hasSpoken) throw error;
    // The stream may be waiting for a model that does not answer, so its end is not awaited.
    steps.return().catch(() => undefined);
    return null;
  }
  throw problem('turn_failed', 'The agent stopped in the middle of its message.');
}

async function* choose(
  walk: Walk,
  steps: Steps,
  toolbox: Toolbox,
  rounds: ToolCallRounds,
): AsyncGenerator<TurnEvent, Choice> {
  const step = yield* nextStep(walk, steps, toolbox, rounds);
  if (step?.type !== 'choice') throw problem('turn_failed', 'The agent spoke without choosing what to do.');
  return step.choice;
}

/** Runs the turn in an action state. Returns its message, or null when it took an exit. */
export async function* actOrLeave(walk: Walk, state: ActionState): AsyncGenerator<TurnEvent, Spoken | null> {
  const override = overrides(walk);
  if (override !== null) yield act({ type: 'navigate-state-machine-dynamic-behavior-override', ...override });
  const choosing = new Toolbox(walk, withBehaviorTools(walk, state.exit_condition_tool_call_specs));
  const engaging = new Toolbox(walk, withBehaviorTools(walk, state.action_tool_call_specs));
  const revisits = revisitsOf(walk);
  const situation = { ...situationOf(walk), revisits };
  const steps = walk.reasoner.engage(situation, withGlobalGuidelines(state, currentGraph(walk)), {
    choosing: choosing.candidates,
    engaging: engaging.candidates,
  });
  const choosingCalls: ToolCallRounds = [];
  const choice = yield* choose(walk, steps, choosing, choosingCalls);
  if (choice.kind === 'exit') {
    await steps.return();
    const revisited = revisits[choice.index - state.exit_conditions.length];
    if (revisited !== undefined) yield* revisit(walk, revisited, choosingCalls);
    else yield* takeExit(walk, 'action', state.exit_conditions, choice.index, choosingCalls);
    return null;
  }
  const action = state.actions[choice.index];
  if (action === undefined)
    throw problem('turn_failed', 'The agent chose an action that the state does not have.');
  yield act({ type: 'navigate-state-machine-action-state-action-selected', action });
  if (override !== null) yield act({ type: 'engage-user-dynamic-behavior-override', ...override });
  const engagingCalls: ToolCallRounds = [];
  const { message, stopped } = yield* speak(walk, steps, engaging, engagingCalls);
  walk.position = performAction(walk.position, choice.index);
  return { action, message, choosingCalls, engagingCalls, stopped };
}
