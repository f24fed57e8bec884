/** Variables that hold a number or one of a few words. */
import { misconfigured, set, type Fault } from './faults.ts';

/** Variables by their names. */
export type Variables<Name extends string> = Partial<Readonly<Record<Name, string>>>;

/** The numbers from `min` to `max`, both included. */
export interface Range {
  min: number;
  max: number;
}

function isWithin(text: string, { min, max }: Range): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** Returns the fault of a variable that must hold a whole number within a range; null when it is valid or not set. */
export function numberFault<Name extends string>(
  variables: Variables<Name>,
  variable: Name,
  range: Range,
): Fault | null {
  const text = set(variables[variable]);
  if (text === undefined || isWithin(text, range)) return null;
  return { variable, reason: `must be a whole number from ${range.min} to ${range.max}` };
}

/**
 * Returns the whole number in a variable; null when it is not set. Throws 503 when it is no whole number within the
 * range.
 */
export function numberIn<Name extends string>(
  variables: Variables<Name>,
  variable: Name,
  range: Range,
): number | null {
  const fault = numberFault(variables, variable, range);
  if (fault !== null) throw misconfigured(fault, variables[variable]);
  const text = set(variables[variable]);
  return text === undefined ? null : Number(text);
}

/** Returns the fault of a variable that must hold one of a few words; null when it is valid or not set. */
export function wordFault<Name extends string>(
  variables: Variables<Name>,
  variable: Name,
  words: readonly string[],
): Fault | null {
  const text = set(variables[variable]);
  if (text === undefined || words.includes(text)) return null;
  return { variable, reason: `must be ${words.join(' or ')}, or not set` };
}

/** Returns the word in a variable; null when it is not set. Throws 503 when it is none of the words. */
export function wordIn<Name extends string, Word extends string>(
  variables: Variables<Name>,
  variable: Name,
  words: readonly Word[],
): Word | null {
  const fault = wordFault(variables, variable, words);
  if (fault !== null) throw misconfigured(fault, variables[variable]);
  const text = set(variables[variable]);
  return words.find((word) => word === text) ?? null;
}
