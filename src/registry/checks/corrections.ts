/** Finds states whose answer a user cannot correct. This is advice to the author of a graph, and no error. */
import type { ActionState, ContextGraph, State } from '../graph.ts';
import { continuation, nextStates } from '../graph-ways.ts';

/** An action that asks the user for something. */
const ASKS = /\?|\b(?:ask|find out|collect|gather)\b/i;

function asks(state: State): state is ActionState {
  return (
    state.type === 'action' &&
    state.exit_conditions.length > 0 &&
    state.actions.some((text) => ASKS.test(text))
  );
}

/** A search for circles, by Tarjan's algorithm without recursion. */
class Circles {
  readonly inCircle = new Set<string>();
  readonly #ways: ReadonlyMap<string, readonly string[]>;
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(ways: ReadonlyMap<string, readonly string[]>) {
    this.#ways = ways;
    for (const start of ways.keys()) if (!this.#index.has(start)) this.#search(start);
  }

  #enter(name: string): { name: string; next: number } {
    this.#index.set(name, this.#index.size);
    this.#low.set(name, this.#index.size - 1);
    this.#open.push(name);
    this.#isOpen.add(name);
    return { name, next: 0 };
  }

  #lower(name: string, value: number | undefined): void {
    this.#low.set(name, Math.min(this.#low.get(name) ?? 0, value ?? Infinity));
  }

  #search(start: string): void {
    const path = [this.#enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = this.#ways.get(top.name)?.[top.next];
      top.next += 1;
      if (target === undefined) {
        path.pop();
        const below = path.at(-1);
        if (below !== undefined) this.#lower(below.name, this.#low.get(top.name));
        if (this.#low.get(top.name) === this.#index.get(top.name)) this.#close(top.name);
      } else if (!this.#index.has(target)) {
        if (this.#ways.has(target)) path.push(this.#enter(target));
      } else if (this.#isOpen.has(target)) this.#lower(top.name, this.#index.get(target));
    }
  }

  /** Takes the names of one component from the open ones. More than one name makes a circle. */
  #close(first: string): void {
    const component = this.#open.splice(this.#open.lastIndexOf(first));
    for (const name of component) this.#isOpen.delete(name);
    if (component.length > 1) for (const name of component) this.inCircle.add(name);
  }
}

/**
 * Returns the names of the states that ask the user for something and to which no way leads back: no state behind them
 * leads to them again, and they have no `revisit`. A state behind which the conversation ends at once is left out,
 * because nothing is left to correct. Takes linear time in states and exits.
 */
export function statesWithoutCorrection(graph: Pick<ContextGraph, 'states' | 'terminal_state'>): string[] {
  const ways = new Map(
    graph.states.map((state) => [state.name, nextStates(state).map(({ next }) => continuation(next))]),
  );
  const { inCircle } = new Circles(ways);
  return graph.states
    .filter(asks)
    .filter(({ name, revisit }) => revisit !== true && !inCircle.has(name))
    .filter(({ name }) => ways.get(name)?.some((next) => next !== graph.terminal_state) === true)
    .map(({ name }) => name);
}

/** Returns one sentence for each graph that has states without a way to correct. */
export function correctionHints(graphs: readonly ContextGraph[]): string[] {
  return graphs.flatMap((graph) => {
    const names = statesWithoutCorrection(graph);
    if (names.length === 0) return [];
    return [
      `Graph "${graph.name}", version ${graph.version}: no way leads back to ${names.map((name) => `"${name}"`).join(', ')}. ` +
        'Set "revisit" where the user may correct the answer.',
    ];
  });
}
