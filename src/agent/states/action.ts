import { untilAborted } from '../../deadline.ts';
import { problem } from '../../problems.ts';
import type { ActionState, ContextGraph } from '../../registry/graph.ts';
import { overrides, withBehaviorTools } from '../behavior.ts';
import { FragmentSplitter } from '../fragments.ts';
import { performAction } from '../position.ts';
import type { Choice, EngageStep, Piece, ToolOutputs } from '../reasoner.ts';
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

/** A step that is no tool round: the choice, or a piece of the message. */
type Said = Exclude<EngageStep, { type: 'tool-round' }>;

/**
 * Carries out the tool rounds from `step` on. Returns the next step that is none, or null at the end. Only a step that is
 * a tool round is worth a generator: a message has a step for each token.
 */
async function* afterTools(
  walk: Walk,
  steps: Steps,
  toolbox: Toolbox,
  rounds: ToolCallRounds,
  step: IteratorResult<EngageStep, void>,
): AsyncGenerator<TurnEvent, Said | null> {
  let next = step;
  while (next.done !== true && next.value.type === 'tool-round') {
    const called = yield* callTools(walk, toolbox, next.value, rounds.length);
    rounds.push(called.map(({ log }) => log));
    next = await untilAborted(steps.next(called.map(({ output }) => output)), walk.stop);
  }
  // The loop leaves only when the step is the end or no tool round.
  return next.done === true ? null : (next.value as Said);
}

/** A message as the user received it. `stopped` is true when a stop cut it short. */
interface SpokenMessage {
  message: string;
  stopped: boolean;
}

/** The end of a message that was stopped. */
const STOPPED: Piece = { type: 'piece', text: '', final: true };

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
    let step: Said | null;
    try {
      const next = await untilAborted(steps.next([]), stop);
      const isPiece = next.done !== true && next.value.type === 'piece';
      step = isPiece ? (next.value as Piece) : yield* afterTools(walk, steps, toolbox, rounds, next);
    } catch (error) {
      if (!stop.aborted || !hasSpoken) throw error;
      // The stream may be waiting for a model that does not answer, so its end is not awaited.
      steps.return().catch(() => undefined);
      step = STOPPED;
    }
    if (step?.type !== 'piece') {
      throw problem('turn_failed', 'The agent stopped in the middle of its message.');
    }
    message += step.text;
    for (const fragment of fragments.push(step.text, step.final)) {
      yield act({ type: 'engage-user-message-fragment-generated', ...fragment });
    }
    yield step;
    if (step.final) return { message, stopped: step === STOPPED };
  }
}

async function* choose(
  walk: Walk,
  steps: Steps,
  toolbox: Toolbox,
  rounds: ToolCallRounds,
): AsyncGenerator<TurnEvent, Choice> {
  const first = await untilAborted(steps.next([]), walk.stop);
  const step = yield* afterTools(walk, steps, toolbox, rounds, first);
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
