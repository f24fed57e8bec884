/** Answers that name an option by its place in the question: "the second one", "the latter". English. */
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { ReadExit } from '../reading/states.ts';
import { GIVEN } from './hearing.ts';

/** Words for a place; the digits are those of "1st". */
const PLACE =
  /\bthe (first|1st|former|second|2nd|third|3rd|fourth|4th|last|latter|middle)(?: (?:one|option|choice|of (?:them|these|the (?:two|three|four))))?(?=$| (?:please|then|would|will|is|suits|sounds|works|looks|for me|thanks)\b)/;

const ORDINAL = /\b(?:first|second|third|fourth|last|latter|former|middle)\b/i;

const PLACES: Readonly<Record<string, number>> = {
  first: 0,
  '1st': 0,
  former: 0,
  second: 1,
  '2nd': 1,
  third: 2,
  '3rd': 2,
  fourth: 3,
  '4th': 3,
};

/** Returns the place that a word names among `length` options; -1 for none. */
function placeOf(word: string, length: number): number {
  if (word === 'last' || word === 'latter') return length - 1;
  if (word === 'middle') return length % 2 === 1 ? (length - 1) / 2 : -1;
  return PLACES[word] ?? -1;
}

/** Returns the evidence for the exit whose option a message names by its place. `order` has the exits as they were asked. */
export function ordinalEvidence(
  exits: readonly ReadExit[],
  order: readonly number[],
  { statements }: Message,
): Evidence[] {
  // Where exits tell of a first or a last thing, the word tells which one, and no place in the question.
  if (exits.some(({ ways: [way] }) => way !== undefined && ORDINAL.test(way.text))) return exits.map(() => 0);
  const words = statements
    .filter(({ negated }) => !negated)
    .map((clause) => PLACE.exec(clause.words.join(' '))?.[1])
    .find((word) => word !== undefined);
  const exit = words === undefined || order.length < 2 ? undefined : order[placeOf(words, order.length)];
  return exits.map((_exit, index) => (index === exit ? GIVEN : 0));
}
