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
  const parts = plain
    .replace(/^an? /, '')
    .split(/[- ]/)
    .map((word) => VALUES[word]);
  if (parts.length === 0 || parts.some((part) => part === undefined)) return null;
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}
