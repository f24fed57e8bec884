/** Kinds of descriptions by the acts that they name. */
import type { Description } from './descriptions.ts';

const ASIDE: readonly string[] = ['farewell', 'withdrawal', 'correction', 'human', 'greeting', 'thanks'];

/** Returns true if a description names an act that answers no question, such as a farewell or a correction. */
export function isAside({ acts }: Pick<Description, 'acts'>): boolean {
  return [...acts].some((act) => ASIDE.includes(act));
}

/** Returns true if a description names a yes or a no. */
export function isPolar({ acts }: Pick<Description, 'acts'>): boolean {
  return acts.has('yes') || acts.has('no');
}
