/**
 * Checks the expectations of dialogues against their graphs, so that a mistyped name is found before the play. Pure.
 */
import type { ContextGraph, NextState, State } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import type { Dialogue, Expectation, LoadedDialogues } from './dialogue-file.ts';
import { graphsOf } from './graphs.ts';

function nextStatesOf(state: State): NextState[] {
  return 'exit_conditions' in state
    ? state.exit_conditions.map(({ next_state }) => next_state)
    : [state.next_state];
}

/** Returns the moves by which a correction reopens a state. */
function revisitsIn(graphs: readonly ContextGraph[]): string[] {
  const states = graphs.flatMap((graph) => graph.states).filter((state) => state.type === 'action');
  return states
    .filter(({ revisit }) => revisit === true)
    .flatMap(({ name: to }) => states.map(({ name: from }) => `${from} > ${to}`));
}

/**
 * Returns every move that the graphs allow, as `from > to`. A referenced graph is entered in the named state, and its
 * terminal state leads to each state to which a conversation returns from it.
 */
function movesOf(graphs: readonly ContextGraph[]): Set<string> {
  const moves = new Set<string>(revisitsIn(graphs));
  for (const graph of graphs) {
    for (const state of graph.states) {
      for (const next of nextStatesOf(state)) {
        if (typeof next === 'string') {
          moves.add(`${state.name} > ${next}`);
          continue;
        }
        const [reference = '', entered = ''] = next[0].split('.');
        moves.add(`${state.name} > ${entered}`);
        const called = graphs.find(({ id }) => id === graph.references[reference]?.[0]);
        if (called !== undefined) moves.add(`${called.terminal_state} > ${next[1]}`);
      }
    }
  }
  return moves;
}

/** States, moves and tools of a service, which expectations can name. */
interface Known {
  states: Set<string>;
  moves: Set<string>;
  tools: Set<string>;
}

/** Returns the state in which a turn must end, or undefined when an expectation names none or several. */
function soleState({ state, path = [] }: Expectation): string | undefined {
  const states = state === undefined ? path.slice(-1) : [state].flat();
  return states.length === 1 ? states[0] : undefined;
}

/** Returns the errors of an expectation. `from` is the state in which its turn begins, if that is known. */
function errorsOf(expect: Expectation, from: string | undefined, { states, moves, tools }: Known): string[] {
  const { state = [], path = [], tools: calls = [] } = expect;
  const walked = from === undefined ? path : [from, ...path];
  const last = path.at(-1);
  return [
    ...[state, path]
      .flat(2)
      .filter((name) => !states.has(name))
      .map((name) => `there is no state "${name}"`),
    ...walked
      .slice(1)
      .map((name, index) => `${walked[index]} > ${name}`)
      .filter((move) => !moves.has(move))
      .map((move) => `no state leads on like this: ${move}`),
    ...(last === undefined || state.length === 0 || [state].flat().includes(last)
      ? []
      : [`the path ends in "${last}", which is not the expected state`]),
    ...calls.filter(({ name }) => !tools.has(name)).map(({ name }) => `there is no tool "${name}"`),
  ];
}

function errorsIn(dialogue: Dialogue & { service: string }, organization: OrganizationFile): string[] {
  const graphs = graphsOf(organization, dialogue.service);
  if (graphs.length === 0) return [`there is no service "${dialogue.service}"`];
  const known = {
    states: new Set(graphs.flatMap(({ states }) => states.map(({ name }) => name))),
    moves: movesOf(graphs),
    tools: new Set(organization.tools.map(({ name }) => name)),
  };
  const errors =
    dialogue.start === undefined || known.states.has(dialogue.start)
      ? []
      : [`it starts in the state "${dialogue.start}", which is not there`];
  let from: string | undefined;
  [dialogue.opening, ...dialogue.turns.map(({ expect }) => expect)].forEach((expect, turn) => {
    errors.push(...errorsOf(expect, from, known).map((error) => `turn ${turn}: ${error}`));
    from = soleState(expect);
  });
  return errors;
}

/**
 * Returns the expectations that no turn can meet, one sentence each: unknown states and tools, and paths with a move
 * that no graph allows.
 */
export function expectationErrors({ organization, dialogues }: LoadedDialogues): string[] {
  return dialogues.flatMap((dialogue) =>
    errorsIn(dialogue, organization).map((error) => `${dialogue.name}: ${error}`),
  );
}
