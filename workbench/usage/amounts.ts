/** Numbers, money and times of usage as text. Pure. */
import type { UsageAnswer } from '../../src/contract/usage.ts';

type Unit = UsageAnswer['budgets'][number]['unit'];

const WHOLE = new Intl.NumberFormat('en');
const DOLLARS = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** Returns a whole number with commas between thousands. */
export function number(value: number): string {
  return WHOLE.format(value);
}

/** Returns an amount of US dollars with at most six digits after the point, as far as prices are counted. */
export function dollars(value: number): string {
  return DOLLARS.format(value);
}

/** Returns an amount of a budget with its unit. */
export function amount(value: number, unit: Unit): string {
  if (unit === 'usd') return dollars(value);
  return `${number(value)} ${value === 1 ? unit.slice(0, -1) : unit}`;
}

/** Returns a time to the minute, such as `2026-12-01 00:00 UTC`. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
