/** Kinds of exits by their relation to the question of the state: answers to it, and everything else. */
import type { ReadDescription, ReadExit } from '../reading/states.ts';

const ASIDE: readonly string[] = ['farewell', 'withdrawal', 'correction', 'human', 'greeting', 'thanks'];

/** Returns true if a description names an act that answers no question, such as a farewell or a correction. */
export function isAside({ acts }: ReadDescription): boolean {
  return [...acts].some((act) => ASIDE.includes(act));
}

/** Returns true if a description names a yes or a no. */
export function isPolar({ acts }: ReadDescription): boolean {
  return acts.has('yes') || acts.has('no');
}

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
