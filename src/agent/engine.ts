/**
 * A turn through the context graph. Pure: it is given the graphs, the position, what was said, a reasoner and ports,
 * and yields what happens. It stores nothing and knows no platform.
 */
import { inTime } from '../deadline.ts';
import type { State } from '../registry/graph.ts';
import { selectBehavior } from './behavior.ts';
import { checkMemory } from './memory-check.ts';
import { recordAnswer, type Position, type Summary } from './position.ts';
import type { Reasoner } from './reasoner.ts';
import { actOrLeave, type Spoken } from './states/action.ts';
import { passAnnotation } from './states/annotation.ts';
import { passDecision } from './states/decision.ts';
import { passRecall } from './states/recall.ts';
import { passReflection } from './states/reflection.ts';
import { passToolCall } from './states/tool-call.ts';
import type { TurnLog } from './turn-log.ts';
import {
  beginWalk,
  currentGraph,
  situationOf,
  stateNamed,
  type TurnEvent,
  type TurnInput,
  type Walk,
} from './walk.ts';

/** What is to be stored when the turn is over. */
export interface TurnResult {
  message: string;
  position: Position;
  log: TurnLog;
  /** Whether the root graph's terminal state spoke, so that the conversation is at its end. */
  completed: boolean;
  /** True when the message was stopped. A stopped message never completes the conversation. */
  stopped: boolean;
}

/** One state's part of the turn: what it said, or `null` when the walk has moved on. */
async function* visit(walk: Walk, state: State): AsyncGenerator<TurnEvent, Spoken | null> {
  switch (state.type) {
    case 'action':
      return yield* actOrLeave(walk, state);
    case 'decision':
      yield* passDecision(walk, state);
      return null;
    case 'recall':
      yield* passRecall(walk, state);
      return null;
    case 'annotation':
      yield* passAnnotation(walk, state);
      return null;
    case 'reflection':
      yield* passReflection(walk, state);
      return null;
    case 'tool-call':
      yield* passToolCall(walk, state);
      return null;
  }
}

/** The longest that a turn waits for a summary behind its message, in milliseconds: the next turn tries again. */
const SUMMARY_WAIT_MS = 5_000;

/** Begins to sum up what no longer fits into a prompt. A summary that fails is made in a later turn. */
function beginSummary(walk: Walk): Promise<Summary | null> {
  const making = walk.reasoner.summarize?.(situationOf(walk)) ?? Promise.resolve(null);
  return making.catch(() => null);
}

/** Keeps a summary, when it comes soon behind the message. */
async function keepSummary(walk: Walk, making: Promise<Summary | null>): Promise<void> {
  const summary = await inTime(SUMMARY_WAIT_MS, making).catch(() => null);
  if (summary !== null) walk.position = { ...walk.position, summary };
}

function resultOf(
  walk: Walk,
  { action, message, choosingCalls, engagingCalls, stopped }: Spoken,
): TurnResult {
  const graph = currentGraph(walk);
  const state = stateNamed(graph, walk.position.state);
  return {
    message,
    position: walk.position,
    log: {
      state: state.name,
      action,
      objective: state.type === 'action' ? state.objective : '',
      transitions: walk.transitions,
      working_memory: walk.workingMemory,
      reflections: walk.reflections,
      behavior: walk.behavior?.version ?? null,
      select_next_action_tool_calls: choosingCalls,
      engage_user_tool_calls: engagingCalls,
      model_calls: walk.input.meter.calls,
    },
    completed: !stopped && walk.position.returns.length === 0 && state.name === graph.terminal_state,
    stopped,
  };
}

/**
 * Walks from the position to the next message: memory is checked and behavior selected, then an action state chooses
 * an action or an exit; an exit moves on, through passed-through states, until an action is chosen and spoken. Throws
 * `ProblemError` when the graph or the reasoner cannot go on.
 */
export async function* takeTurn(input: TurnInput, reasoner: Reasoner): AsyncGenerator<TurnEvent, TurnResult> {
  const heard = input.input.findLast(({ by }) => by === 'user');
  const position = heard === undefined ? input.position : recordAnswer(input.position, heard.text);
  const walk = beginWalk(input, position, reasoner);
  const summary = beginSummary(walk);
  const first = stateNamed(currentGraph(walk), position.state);
  if (first.type === 'action') yield* checkMemory(walk, first);
  yield* selectBehavior(walk);
  for (;;) {
    const spoken = yield* visit(walk, stateNamed(currentGraph(walk), walk.position.state));
    if (spoken === null) continue;
    await keepSummary(walk, summary);
    return resultOf(walk, spoken);
  }
}
