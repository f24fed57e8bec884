/**
 * States that a correction reopens. A state opts in with `revisit`. When the user corrects an answer that they gave in
 * such a state earlier in the conversation, the walk goes back to it, and from there on through the graph as usual.
 */
import type { ToolCallRounds } from '../contract/insights.ts';
import type { ActionState, ContextGraph } from '../registry/graph.ts';
import { versionKey } from '../registry/primitives.ts';
import { cut } from '../text.ts';
import { isSamePlace, recordPassed, reopenState, type PassedState } from './position.ts';
import type { Revisit } from './reasoner.ts';
import { act, arrive, type TurnEvent, type TurnInput, type Walk } from './walk.ts';

/** Maximum number of states that are offered for a correction, the newest ones. A model reads all of them. */
const MAX_REVISITS = 8;
/** Maximum length of the objective in the description of a revisit, in UTF-16 units. */
const MAX_OBJECTIVE_LENGTH = 200;

const canReopen = new WeakMap<ContextGraph, boolean>();

/** Returns true if a graph has a state that a correction reopens. */
function hasRevisits(graph: ContextGraph): boolean {
  const known = canReopen.get(graph);
  if (known !== undefined) return known;
  const found = graph.states.some((state) => state.type === 'action' && state.revisit === true);
  canReopen.set(graph, found);
  return found;
}

/**
 * Returns a state with its revisits behind its exits, as a reasoner that chooses by the descriptions of exits reads
 * them.
 */
export function withRevisits(state: ActionState, revisits: readonly Revisit[] = []): ActionState {
  if (revisits.length === 0) return state;
  const further = revisits.map(({ description, state: { name } }) => ({ description, next_state: name }));
  return { ...state, exit_conditions: [...state.exit_conditions, ...further] };
}

/** Returns the condition of a revisit in words, in the form of the description of an exit. */
export function revisitDescription({ name, objective }: Pick<ActionState, 'name' | 'objective'>): string {
  return `The user corrects the answer that they gave in the state "${name}" (${cut(objective, MAX_OBJECTIVE_LENGTH)})`;
}

/** A revisit with the place to which it leads. */
interface OfferedRevisit extends Revisit {
  place: PassedState;
}

function revisitAt(place: PassedState, { graphs }: TurnInput): OfferedRevisit[] {
  const graph = graphs.get(versionKey(place.graph));
  const state = graph?.states.find(({ name }) => name === place.state);
  if (graph === undefined || state?.type !== 'action' || state.revisit !== true) return [];
  return [{ state, graph, description: revisitDescription(state), place }];
}

/**
 * Returns the states that a correction can reopen now, the newest first: in the state in which the turn began, when the
 * user has said something. A turn reopens one state at most.
 */
export function revisitsOf({ input, position, moves }: Walk): OfferedRevisit[] {
  if (moves > 0 || !input.input.some(({ by }) => by === 'user')) return [];
  return (position.passed ?? [])
    .filter((place) => !isSamePlace(place, position))
    .flatMap((place) => revisitAt(place, input))
    .slice(-MAX_REVISITS)
    .reverse();
}

/** Stores that the present action state is left by the exit with the given index. */
export function leaveActionState(walk: Walk, exit: number): void {
  if (![...walk.input.graphs.values()].some(hasRevisits)) return;
  walk.position = recordPassed(walk.position, exit);
}

/** Goes back to a state that a correction reopens. Its events are those of an exit. */
export function* revisit(
  walk: Walk,
  { place, description }: OfferedRevisit,
  tool_call_logs: ToolCallRounds,
): Generator<TurnEvent, void> {
  const to = reopenState(walk.position, place, walk.input.position);
  yield act({
    type: 'navigate-state-machine-exit-condition-selected',
    exit_condition: description,
    next_state_state_machine_version_info: place.graph,
    next_state_name: place.state,
  });
  walk.reopenedAt = walk.moves + 1;
  yield* arrive(walk, to, {
    type: 'action',
    previous_state_exit_condition_description: description,
    tool_call_logs,
  });
}
