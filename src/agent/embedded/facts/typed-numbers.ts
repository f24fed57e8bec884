/** Numbers for a property of a tool, from a value in the user's words: "one and a half kilos" is 1.5. English. */
import { amountsIn } from './amounts.ts';
import { valueOfNumber } from './number-words.ts';
import { countOfPeople } from './people.ts';

/** Digits in groups of three: "1,500", "12 000". */
const GROUPED = /(?<![\d.,])\d{1,3}(?:[, ’']\d{3}){1,3}(?![\d])/g;
const NEGATIVE = /(?<![\w.])(?:-|−|minus )(?=\d)/i;

/** Units of one dimension, each with its size. */
const SIZES: readonly Readonly<Record<string, number>>[] = [
  {
    g: 1,
    gram: 1,
    gramme: 1,
    kg: 1_000,
    kilogram: 1_000,
    kilogramme: 1_000,
    t: 1_000_000,
    ton: 1_000_000,
    tonne: 1_000_000,
  },
  { mm: 1, cm: 10, centimetre: 10, centimeter: 10, m: 1_000, metre: 1_000, meter: 1_000, km: 1_000_000 },
  { ml: 1, cl: 10, l: 1_000, litre: 1_000, liter: 1_000 },
  { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000, year: 31_536_000 },
];
const WORD = /[a-z]{1,12}/gi;

function single(word: string): string {
  const plain = word.toLowerCase();
  return plain.length > 2 ? plain.replace(/s$/, '') : plain;
}

/** Returns the size of the unit that a description names, among the units of one dimension; undefined without one. */
function wantedSize(about: string, sizes: Readonly<Record<string, number>>): number | undefined {
  const words = [...about.matchAll(WORD)].map(([word]) => single(word));
  const named = words.find((word) => word in sizes);
  return named === undefined ? undefined : sizes[named];
}

function timeUnit(per: number): string {
  return Object.entries(SIZES.at(-1) ?? {}).find(([, size]) => size === per)?.[0] ?? '';
}

/**
 * Returns the number that a value in the user's words stands for, in the unit that `about` names, where both have a unit
 * of the same dimension; null without a number.
 */
export function numberFrom(value: string, about: string): number | null {
  const people = countOfPeople(value);
  if (people !== null) return people;
  const plain = value.replaceAll(GROUPED, (digits) => digits.replaceAll(/\D/g, ''));
  const amount = amountsIn(plain).at(-1);
  if (amount === undefined) {
    const whole = valueOfNumber(plain);
    return whole === null || Number.isNaN(whole) ? null : whole;
  }
  const number = (amount.value / amount.per) * (NEGATIVE.test(plain) ? -1 : 1);
  const unit = amount.unit === 'time' ? timeUnit(amount.per) : amount.unit;
  const sizes = SIZES.find((each) => unit in each);
  const wanted = sizes === undefined ? undefined : wantedSize(about, sizes);
  return wanted === undefined ? number : Math.round(((number * (sizes?.[unit] ?? 1)) / wanted) * 1e6) / 1e6;
}
