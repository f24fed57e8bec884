/**
 * A turn through the context graph. Pure: it is given the graphs, the position, the input, a reasoner and ports, and
 * yields the events of the turn. It stores nothing and depends on no platform.
 */
import { inTime } from '../deadline.ts';
import type { State } from '../registry/graph.ts';
import { selectBehavior } from './behavior.ts';
import { checkMemory } from './memory-check.ts';
import { recordAnswer, settled, type Position, type Summary } from './position.ts';
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

/** Result of a turn, which the caller stores. */
export interface TurnResult {
  message: string;
  position: Position;
  log: TurnLog;
  /** True when the message came from the root graph's terminal state: the conversation is complete. */
  completed: boolean;
  /** True when the message was stopped. A stopped message never completes the conversation. */
  stopped: boolean;
}

/** Runs the turn in one state. Returns its message; nothing when the walk moved on to another state. */
function visit(
  walk: Walk,
  state: State,
): AsyncGenerator<TurnEvent, Spoken | null | void> | Generator<TurnEvent, void> {
  switch (state.type) {
    case 'action':
      return actOrLeave(walk, state);
    case 'decision':
      return passDecision(walk, state);
    case 'recall':
      return passRecall(walk, state);
    case 'annotation':
      return passAnnotation(walk, state);
    case 'reflection':
      return passReflection(walk, state);
    case 'tool-call':
      return passToolCall(walk, state);
  }
}

/** Maximum time that a turn waits for a summary after its message, in milliseconds. The next turn tries again. */
const SUMMARY_WAIT_MS = 5_000;

/** A summary that is being made. Its value is null once it has failed, or where none is needed. */
interface Making {
  promise: Promise<Summary | null>;
  /** The summary once it is made; undefined before. */
  value?: Summary | null;
}

/** Begins a summary of the messages that no longer fit into a prompt. When it fails, a later turn tries again. */
function beginSummary(walk: Walk): Making {
  const made = walk.reasoner.summarize?.(situationOf(walk)) ?? Promise.resolve(null);
  const making: Making = {
    promise: made
      .catch(() => null)
      .then((summary) => {
        making.value = summary;
        return summary;
      }),
  };
  return making;
}

/** Stores the summary in the position when it is ready within `SUMMARY_WAIT_MS`. In most turns it is: none is needed. */
async function keepSummary(walk: Walk, { promise, value }: Making): Promise<void> {
  const summary = value === undefined ? await inTime(SUMMARY_WAIT_MS, promise).catch(() => null) : value;
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
    position: settled(walk.position),
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
 * Walks from the position to the next message of the agent. It first checks memory, when the turn begins in an action
 * state, and selects the behavior. Then it visits states until an action state chooses an action and speaks; an exit
 * leads on to the next state. Throws `ProblemError` when the graph or the reasoner cannot go on.
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
    if (!spoken) continue;
    await keepSummary(walk, summary);
    return resultOf(walk, spoken);
  }
}
