/** The state of one turn on its way through the graphs. */
import type { AgentAction } from '../contract/agent-actions.ts';
import { problem } from '../problems.ts';
import type { BehaviorSet } from '../registry/capabilities.ts';
import type { ContextGraph, NextState, State, ToolCallSpec } from '../registry/graph.ts';
import type { LanguageModelConfig } from '../registry/organization.ts';
import type { VersionInfo } from '../contract/versions.ts';
import { versionKey } from '../registry/primitives.ts';
import type { KeepThought, MemoryPort, ToolPort } from './ports.ts';
import {
  callGraph,
  enterState,
  knownExit,
  returnFromGraph,
  type Position,
  type ToolResult,
} from './position.ts';
import type { WorkingMemory, StateTransitionLog, TransitionCause } from '../contract/insights.ts';
import type { ActiveBehavior, Correction, Piece, Reasoner, Situation } from './reasoner.ts';
import type { UsageMeter } from './usage.ts';

/** Maximum number of moves in one turn: more than a sensible graph needs. It turns a circle of states into an error. */
export const MAX_MOVES_PER_TURN = 32;

/** Event of a turn: an action of the agent, or a piece of its message. */
export type TurnEvent = { type: 'action'; action: AgentAction } | Piece;

/** Input of a turn. */
export interface TurnInput {
  /** The root graph and all that it refers to, by `versionKey`. */
  graphs: ReadonlyMap<string, ContextGraph>;
  agent: Situation['agent'];
  user: Situation['user'];
  position: Position;
  history: Situation['history'];
  historyStart?: Situation['historyStart'];
  clock?: Situation['clock'];
  input: Situation['input'];
  /** The dynamic behavior sets that a turn of the conversation can follow. */
  behaviors: readonly BehaviorSet[];
  models: Readonly<Record<string, LanguageModelConfig>>;
  memory: MemoryPort;
  tools: ToolPort;
  keepThought: KeepThought;
  meter: UsageMeter;
  /** Aborts the operation that the turn waits for, when the turn is given up or stopped. */
  signal: AbortSignal;
  /**
   * Ends the message after the pieces that were already sent. Before the first piece, `signal` gives up the turn
   * instead.
   */
  stop?: AbortSignal;
}

/** The dynamic behavior set that a turn follows. */
export interface SelectedBehavior {
  version: VersionInfo;
  active: ActiveBehavior;
  tools: readonly ToolCallSpec[];
  overridingTools: boolean;
}

/** State of one turn: its input, its present position and its results so far. */
export interface Walk {
  readonly input: TurnInput;
  readonly reasoner: Reasoner;
  /** `TurnInput.stop`; a signal that never aborts when the input has none. */
  readonly stop: AbortSignal;
  position: Position;
  moves: number;
  fillersSent: number;
  behavior: SelectedBehavior | null;
  /** Number of moves of this turn after which the agent was in the state that a correction reopened; null without one. */
  reopenedAt: number | null;
  readonly transitions: StateTransitionLog[];
  readonly workingMemory: WorkingMemory[];
  readonly thoughts: string[];
  readonly reflections: { message_id: string; text: string }[];
  /** Results of this turn's tool calls, including those that are not stored for later turns. */
  readonly toolResults: ToolResult[];
}

export function beginWalk(input: TurnInput, position: Position, reasoner: Reasoner): Walk {
  return {
    input,
    reasoner,
    stop: input.stop ?? new AbortController().signal,
    position,
    moves: 0,
    fillersSent: 0,
    behavior: null,
    reopenedAt: null,
    transitions: [],
    workingMemory: [],
    thoughts: [],
    reflections: [],
    toolResults: [],
  };
}

export function currentGraph({ input, position }: Walk): ContextGraph {
  const graph = input.graphs.get(versionKey(position.graph));
  if (graph === undefined) throw problem('turn_failed', 'A context graph of this conversation is missing.');
  return graph;
}

export function stateNamed(graph: ContextGraph, name: string): State {
  const state = graph.states.find((candidate) => candidate.name === name);
  if (state === undefined) throw problem('turn_failed', `The context graph has no state "${name}".`);
  return state;
}

/**
 * Returns the graphs of the conversation: the present one, those that called it, the innermost first, and all that they
 * refer to.
 */
function graphsOf({ input, position }: Walk): ContextGraph[] {
  const keys = new Set(
    [position.graph, ...position.returns.map(({ graph }) => graph).reverse()].map(versionKey),
  );
  const found: ContextGraph[] = [];
  // Keys that are added on the way are visited too.
  for (const key of keys) {
    const graph = input.graphs.get(key);
    if (graph === undefined) continue;
    found.push(graph);
    for (const reference of Object.values(graph.references)) keys.add(versionKey(reference));
  }
  return found;
}

/** Returns the newest part of the history, as long as the reasoner reads. */
function historyFor({ input, reasoner }: Walk): Required<Pick<Situation, 'history' | 'historyStart'>> {
  const { history, historyStart = 0 } = input;
  const { historyLimit = history.length } = reasoner;
  const left = Math.max(history.length - historyLimit, 0);
  return left === 0
    ? { history, historyStart }
    : { history: history.slice(left), historyStart: historyStart + left };
}

/** The moves of a turn after which the known exits of states are no longer named, so that the agent speaks in time. */
const MAX_KNOWN_MOVES = MAX_MOVES_PER_TURN / 2;

/** Returns the place of the present state on the way from a state that a correction reopened. */
function correctionOf({ position, moves, reopenedAt }: Walk): Correction | undefined {
  if (position.reopening === undefined || moves === 0) return undefined;
  const reopens = reopenedAt === moves;
  return { reopens, exit: reopens || moves > MAX_KNOWN_MOVES ? null : knownExit(position) };
}

export function situationOf(walk: Walk): Situation {
  const { input, position } = walk;
  return {
    graph: currentGraph(walk),
    graphs: graphsOf(walk),
    agent: input.agent,
    user: input.user,
    position,
    ...historyFor(walk),
    clock: input.clock,
    input: input.input,
    arrived: walk.moves > 0,
    workingMemory: walk.workingMemory,
    thoughts: walk.thoughts,
    toolResults: [...input.position.tool_results, ...walk.toolResults],
    behavior: walk.behavior?.active ?? null,
    correction: correctionOf(walk),
    models: input.models,
    meter: input.meter,
    signal: input.signal,
  };
}

export function act(action: AgentAction): TurnEvent {
  return { type: 'action', action };
}

/** Returns the position of a next state, in this graph or in a referenced one. */
function positionAt(walk: Walk, next: NextState): Position {
  if (typeof next === 'string') return enterState(walk.position, next);
  const [external, back] = next;
  const [reference = '', state = ''] = external.split('.');
  const graph = currentGraph(walk).references[reference];
  if (graph === undefined) throw problem('turn_failed', `The context graph has no reference "${reference}".`);
  return callGraph(walk.position, graph, state, back);
}

/** Moves to a position, adds the transition to the log and yields its event. */
export function* arrive(walk: Walk, to: Position, cause: TransitionCause): Generator<TurnEvent, void> {
  if (walk.moves >= MAX_MOVES_PER_TURN) {
    throw problem('too_many_steps', `The agent moved ${MAX_MOVES_PER_TURN} times without answering.`);
  }
  walk.moves += 1;
  const from = walk.position;
  walk.position = to;
  walk.transitions.push({
    previous_state: from.state,
    previous_service_hierarchical_state_machine_version_info: from.graph,
    next_state: to.state,
    next_service_hierarchical_state_machine_version_info: to.graph,
    ...cause,
  });
  yield act({
    type: 'navigate-state-machine-state-transitioned',
    prev_state: from.state,
    prev_state_state_machine_version_info: from.graph,
    next_state: to.state,
    next_state_state_machine_version_info: to.graph,
  });
}

/** Returns the graph and the name of a next state, for the event before the move. */
export function targetOf(walk: Walk, next: NextState): { graph: VersionInfo; state: string } {
  return positionAt(walk, next);
}

/** Moves to a next state. From the terminal state of a referenced graph, moves back to the graph that called it. */
export function* moveTo(walk: Walk, next: NextState, cause: TransitionCause): Generator<TurnEvent, void> {
  yield* arrive(walk, positionAt(walk, next), cause);
  while (walk.position.state === currentGraph(walk).terminal_state) {
    const back = returnFromGraph(walk.position);
    if (back === null) return;
    yield* arrive(walk, back, { type: 'jumpback' });
  }
}
