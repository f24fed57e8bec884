/** What an exit is to the question of its state: an answer, or something aside. */
import type { ReadDescription, ReadExit } from '../reading/states.ts';

const ASIDE: readonly string[] = ['farewell', 'withdrawal', 'correction', 'human', 'greeting', 'thanks'];

/** Whether a description names an act that answers no question: a farewell, a correction. */
export function isAside({ acts }: ReadDescription): boolean {
  return [...acts].some((act) => ASIDE.includes(act));
}

/** Whether a description names a yes or a no. */
export function isPolar({ acts }: ReadDescription): boolean {
  return acts.has('yes') || acts.has('no');
}

/** Whether an exit is one of the answers to the state's question, rather than a farewell or another wish. */
export function isAnswer(way: ReadDescription): boolean {
  return !way.awaits && !(way.request && !isPolar(way)) && !isAside(way);
}

/** Beside one exit for a yes, a wish is what a no means. */
export function isWishBesideAnswer(way: ReadDescription, exits: readonly ReadExit[]): boolean {
  return (
    way.request &&
    !isAside(way) &&
    exits.some(({ ways: [other] }) => other !== undefined && other !== way && isPolar(other))
  );
}
