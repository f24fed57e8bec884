/** The parts of a parsed regular expression. */

/** Tells whether a set has a character, given as a text of one code point. */
export type CharacterSet = (character: string) => boolean;

/** A condition on a position in the text. It takes no character. */
export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

/** A part of a regular expression. `max` is null where the number of repetitions has no maximum. */
export type Node =
  | { type: 'set'; set: CharacterSet }
  | { type: 'assertion'; assertion: Assertion }
  | { type: 'sequence'; parts: readonly Node[] }
  | { type: 'choice'; parts: readonly Node[] }
  | { type: 'repeat'; part: Node; min: number; max: number | null };

/** Reports a text that is not a regular expression of the supported syntax. */
export class SyntaxFault extends Error {}
