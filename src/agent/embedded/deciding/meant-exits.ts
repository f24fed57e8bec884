/** The exits that a message can mean, and the question between several of them. */
import { askBetween } from '../asking.ts';
import type { Evidence } from '../evidence.ts';
import { again, greatest, perform, type Chosen, type Moment } from './moment.ts';

/** The least evidence for which an exit or an action is chosen. */
export const LEAST = 0.28;
/** The least evidence for an exit that ends the conversation: a farewell, a clear no, a whole example. */
const LEAST_TO_END = 0.6;
/** The least distance between two exits. When the distance is smaller, the agent asks which one is meant. */
const LEAST_MARGIN = 0.08;

/**
 * Returns the indexes of the exits that a message can mean: the strongest one, and those less than `LEAST_MARGIN`
 * behind it that lead to another state.
 */
export function meantExits({ read, state }: Moment, evidence: readonly Evidence[], least: number): number[] {
  const enough = evidence.map((each, index) =>
    each >= Math.max(least, read.exits[index]?.ends === true ? LEAST_TO_END : 0) ? each : 0,
  );
  const best = greatest(enough);
  if (best === -1) return [];
  const target = (index: number) => JSON.stringify(state.exit_conditions[index]?.next_state);
  return [
    best,
    ...enough.flatMap((each, index) =>
      index !== best &&
      each > (enough[best] ?? 0) - LEAST_MARGIN &&
      each > 0 &&
      target(index) !== target(best)
        ? [index]
        : [],
    ),
  ];
}

/** Asks which of several exits is meant. */
export function askWhich({ situation, state, actions }: Moment, exits: readonly number[]): Chosen {
  const index = again(actions, situation.position.performed);
  const words = askBetween(
    situation.graph,
    exits.map((exit) => state.exit_conditions[exit]?.description ?? ''),
  );
  return words === null ? perform(index, true) : { ...perform(index), words };
}
