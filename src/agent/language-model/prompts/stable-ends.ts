/** The places in a prompt up to which the next prompts of a conversation begin alike. Pure. */

/** Messages between two places: their numbers in the conversation are the same wherever the window begins. */
const STEP = 8;
const BEGIN = '<conversation>\n';
const END = '</conversation>';

/**
 * Returns the places behind each eighth message of the history, in ascending order. `first` is the number of the first
 * message that the data shows.
 */
export function stableEnds(data: string, first: number): number[] {
  const begin = data.indexOf(BEGIN);
  if (begin === -1) return [];
  const ends: number[] = [];
  let number = first;
  for (let at = begin + BEGIN.length; !data.startsWith(END, at);) {
    const next = data.indexOf('\n', at) + 1;
    if (next === 0) break;
    // The line that tells how much is left out is no message.
    if (!data.startsWith('{"omitted":', at)) number += 1;
    if (number % STEP === 0 && number > first) ends.push(next);
    at = next;
  }
  return ends;
}
