/**
 * A turn through the context graph. Pure: it is given the graph, the position, what was said and a reasoner, and
 * yields what happens. It stores nothing and knows no platform.
 */
import type { AgentAction } from '../events/agent-actions.ts';
import { problem } from '../problems.ts';
import type { ActionState, ContextGraph, ExitCondition, State } from '../registry/graph.ts';
import { FragmentSplitter } from './fragments.ts';
import { enterState, performAction, recordAnswer, type Position } from './position.ts';
import type { Choice, EngageStep, Reasoner, Situation } from './reasoner.ts';
import type { StateTransitionLog, TurnLog } from './turn-log.ts';

/** More moves than a sensible graph needs for one answer; it turns a circle of states into an error. */
export const MAX_MOVES_PER_TURN = 32;

export type TurnEvent =
  { type: 'action'; action: AgentAction } | { type: 'piece'; text: string; final: boolean };

/** What is to be stored when the turn is over. */
export interface TurnResult {
  message: string;
  position: Position;
  log: TurnLog;
  /** Whether the terminal state spoke, so that the conversation is at its end. */
  completed: boolean;
}

export type TurnInput = Omit<Situation, 'arrived'>;

export function stateNamed(graph: ContextGraph, name: string): State {
  const state = graph.states.find((candidate) => candidate.name === name);
  if (state === undefined) throw problem('turn_failed', `The context graph has no state "${name}".`);
  return state;
}

/** An action state as the agent is to act in it: the graph's global guidelines joined to its own. */
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

interface Walk {
  position: Position;
  transitions: StateTransitionLog[];
}

/** Takes an exit: the events of choosing it and of arriving, and the walk's new position. */
function* leave(walk: Walk, from: 'action' | 'decision', exit: ExitCondition): Generator<TurnEvent, void> {
  const { graph, state } = walk.position;
  const next = typeof exit.next_state === 'string' ? exit.next_state : exit.next_state[1];
  yield {
    type: 'action',
    action: {
      type: 'navigate-state-machine-exit-condition-selected',
      exit_condition: exit.description,
      next_state_state_machine_version_info: graph,
      next_state_name: next,
    },
  };
  walk.transitions.push({
    type: from,
    previous_state: state,
    previous_service_hierarchical_state_machine_version_info: graph,
    next_state: next,
    next_service_hierarchical_state_machine_version_info: graph,
    previous_state_exit_condition_description: exit.description,
    tool_call_logs: [],
  });
  walk.position = enterState(walk.position, next);
  yield {
    type: 'action',
    action: {
      type: 'navigate-state-machine-state-transitioned',
      prev_state: state,
      prev_state_state_machine_version_info: graph,
      next_state: next,
      next_state_state_machine_version_info: graph,
    },
  };
}

function exitAt(exits: readonly ExitCondition[], index: number): ExitCondition {
  const exit = exits[index];
  if (exit === undefined)
    throw problem('turn_failed', 'The agent chose an exit that the state does not have.');
  return exit;
}

/** Speaks: passes the pieces on, and tells of every sentence that is complete. Returns the whole message. */
async function* speak(steps: AsyncIterator<EngageStep>): AsyncGenerator<TurnEvent, string> {
  const fragments = new FragmentSplitter();
  let message = '';
  for (let step = await steps.next(); step.done !== true; step = await steps.next()) {
    if (step.value.type !== 'piece') continue;
    const { text, final } = step.value;
    message += text;
    for (const fragment of fragments.push(text, final)) {
      yield { type: 'action', action: { type: 'engage-user-message-fragment-generated', ...fragment } };
    }
    yield { type: 'piece', text, final };
    if (final) return message;
  }
  throw problem('turn_failed', 'The agent stopped in the middle of its message.');
}

async function firstChoice(steps: AsyncIterator<EngageStep>): Promise<Choice> {
  const step = await steps.next();
  if (step.done === true || step.value.type !== 'choice') {
    throw problem('turn_failed', 'The agent spoke without choosing what to do.');
  }
  return step.value.choice;
}

/**
 * Walks from the position to the next message: an action state chooses an action or an exit, an exit moves on, and
 * the first action chosen is spoken. Throws `ProblemError` when the graph or the reasoner cannot go on.
 */
export async function* takeTurn(input: TurnInput, reasoner: Reasoner): AsyncGenerator<TurnEvent, TurnResult> {
  const heard = input.input.findLast(({ by }) => by === 'user');
  const walk: Walk = {
    position: heard === undefined ? input.position : recordAnswer(input.position, heard.text),
    transitions: [],
  };
  for (let moves = 0; moves < MAX_MOVES_PER_TURN; moves += 1) {
    const state = stateNamed(input.graph, walk.position.state);
    const situation = { ...input, position: walk.position, arrived: moves > 0 };
    switch (state.type) {
      case 'action': {
        const result = yield* act(walk, withGlobalGuidelines(state, input.graph), situation, reasoner);
        if (result !== null) return result;
        break;
      }
      case 'decision': {
        yield {
          type: 'action',
          action: { type: 'navigate-state-machine-decision-state-decision-started' },
        };
        const index = await reasoner.decide(situation, state);
        yield* leave(walk, 'decision', exitAt(state.exit_conditions, index));
        break;
      }
      case 'recall':
      case 'annotation':
      case 'reflection':
      case 'tool-call':
        // The registry refuses such graphs, so this is a graph that was not written by it.
        throw problem('turn_failed', `States of kind "${state.type}" are not supported.`);
    }
  }
  throw problem('too_many_steps', `The agent moved ${MAX_MOVES_PER_TURN} times without answering.`);
}

/** An action state's part of a turn: the whole result when it spoke, `null` when it took an exit. */
async function* act(
  walk: Walk,
  state: ActionState,
  situation: Situation,
  reasoner: Reasoner,
): AsyncGenerator<TurnEvent, TurnResult | null> {
  const steps = reasoner.engage(situation, state)[Symbol.asyncIterator]();
  const choice = await firstChoice(steps);
  if (choice.kind === 'exit') {
    await steps.return?.();
    yield* leave(walk, 'action', exitAt(state.exit_conditions, choice.index));
    return null;
  }
  const action = state.actions[choice.index];
  if (action === undefined)
    throw problem('turn_failed', 'The agent chose an action that the state does not have.');
  yield { type: 'action', action: { type: 'navigate-state-machine-action-state-action-selected', action } };
  const message = yield* speak(steps);
  return {
    message,
    position: performAction(walk.position, choice.index),
    log: { state: state.name, action, objective: state.objective, transitions: walk.transitions },
    completed: state.name === situation.graph.terminal_state,
  };
}
