/** Numbers in words. English. */

const UNITS = 'one|two|three|four|five|six|seven|eight|nine';
const TEENS = 'ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen';
const TENS = 'twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';
export const NUMBER_WORD = `(?:(?:${TENS})(?:[- ](?:${UNITS}))?|${TEENS}|${UNITS})`;

const VALUES: Readonly<Record<string, number>> = Object.fromEntries([
  ...UNITS.split('|').map((word, index) => [word, index + 1] as const),
  ...TEENS.split('|').map((word, index) => [word, index + 10] as const),
  ...TENS.split('|').map((word, index) => [word, (index + 2) * 10] as const),
  ['none', 0],
  ['zero', 0],
  ['dozen', 12],
]);

/** The value of a number in digits or words; null of "a few" and the like. */
export function valueOfNumber(text: string): number | null {
  const plain = text.toLowerCase().trim();
  if (/^\d/.test(plain)) return Number.parseFloat(plain.replace(',', '.'));
  if (plain === 'half a dozen') return 6;
  if (plain === 'a couple' || plain === 'both') return 2;
  if (plain === 'half') return 0.5;
  if (/\b(?:hundred|thousand)\b/.test(plain)) return largeNumber(plain);
  const parts = plain
    .replace(/^an? /, '')
    .split(/[- ]/)
    .map((word) => VALUES[word]);
  if (parts.length === 0 || parts.some((part) => part === undefined)) return null;
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** Returns the value of a number in words with hundreds and thousands: "two hundred and fifty"; null of other words. */
function largeNumber(text: string): number | null {
  let total = 0;
  let part = 0;
  for (const word of text.split(/[ -]+/)) {
    const value = VALUES[word] ?? (/^an?$/.test(word) ? 1 : undefined);
    if (word === 'hundred') part = (part || 1) * 100;
    else if (word === 'thousand') {
      total += (part || 1) * 1_000;
      part = 0;
    } else if (value !== undefined) part += value;
    else if (word !== 'and') return null;
  }
  return total + part;
}

/** A number of hundreds or thousands in words: "a hundred", "two hundred and fifty". */
export const LARGE_NUMBER_WORD = `(?:(?:an?|${NUMBER_WORD}) (?:hundred|thousand)(?:(?: and)? ${NUMBER_WORD}(?: hundred)?)?)`;
