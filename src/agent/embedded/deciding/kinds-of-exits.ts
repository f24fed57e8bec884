/** Kinds of exits by their relation to the question of the state: answers to it, and everything else. */
import { isAside, isPolar } from '../reading/described-kinds.ts';
import type { ReadDescription, ReadExit } from '../reading/states.ts';

/**
 * Returns true if an exit describes one of the answers to the state's question, rather than an answer in any words, a
 * farewell or another wish.
 */
export function isAnswer(way: ReadDescription): boolean {
  return !way.awaits && !(way.request && !isPolar(way)) && !isAside(way);
}

/** Returns true if a wish stands beside an exit for a yes or a no: the wish is then the other answer. */
export function isWishBesideAnswer(way: ReadDescription, exits: readonly ReadExit[]): boolean {
  return (
    way.request &&
    !isAside(way) &&
    exits.some(({ ways: [other] }) => other !== undefined && other !== way && isPolar(other))
  );
}
