/**
 * The bounds of a row of the database. The platform refuses a row of more than 2 MB when it is deployed, and takes it
 * locally, so that the bound is held here.
 */
import { cut, utf8Length } from '../text.ts';

/** In bytes. `actions` and `log` of an interaction share a row. */
export const MAX_ACTIONS_BYTES = 1_000_000;
export const MAX_LOG_BYTES = 750_000;
/** The shape of an event stream: some 30,000 events. The keys and the place of an interaction are shorter by far. */
export const MAX_TOLD_BYTES = 100_000;
export const MAX_PLACE_BYTES = 16_000;
/** The times of the characters of a spoken message, which share a row with its text: ten minutes of speech are 30 kB. */
export const MAX_ALIGNMENT_BYTES = 500_000;
/** The text of a message, and the result of an analysis: each has a row of its own. */
export const MAX_TEXT_BYTES = 1_000_000;
export const MAX_RESULT_BYTES = 1_000_000;

/** The part of a value that is kept: the characters of each text in it, and the entries of each list or record. */
interface Measure {
  characters: number;
  entries: number;
}

/**
 * From mild to strict. The names of actions and the identifiers are shorter than the last measure of a text, and the
 * members of every action and log are fewer than the last measure of entries.
 */
const MEASURES: readonly Measure[] = [
  { characters: 16_384, entries: Infinity },
  { characters: 4_096, entries: Infinity },
  { characters: 1_024, entries: 1_000 },
  { characters: 256, entries: 200 },
  { characters: 100, entries: 50 },
  { characters: 100, entries: 12 },
];

function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${cut(text, characters - 1)}…`;
}

/** The first and the last entries of a list. */
function ends<Entry>(list: readonly Entry[], entries: number): readonly Entry[] {
  if (list.length <= entries) return list;
  const first = Math.ceil(entries / 2);
  return [...list.slice(0, first), ...list.slice(list.length - (entries - first))];
}

/** A replacer for `JSON.stringify` that keeps a value within a measure. */
function within({ characters, entries }: Measure) {
  return (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return shortened(value, characters);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return ends(value as unknown[], entries);
    const members = Object.entries(value);
    if (members.length <= entries && members.every(([name]) => name.length <= characters)) return value;
    return Object.fromEntries(
      ends(members, entries).map(([name, member]) => [shortened(name, characters), member]),
    );
  };
}

/**
 * Returns `value` as JSON of at most `maxBytes` bytes of UTF-8. What is larger loses as little as needed: first the ends
 * of its longest texts, such as the results of tools, then the middle of its longest lists. `nothing` takes the place of
 * what cannot be made to fit.
 */
export function boundedJson(value: unknown, maxBytes: number, nothing: unknown): string {
  const whole = JSON.stringify(value);
  if (utf8Length(whole) <= maxBytes) return whole;
  for (const measure of MEASURES) {
    const json = JSON.stringify(value, within(measure));
    if (utf8Length(json) <= maxBytes) return json;
  }
  return JSON.stringify(nothing);
}

/** Returns `value` as JSON of at most `maxBytes` bytes of UTF-8, or null when it is larger: for what is of use only whole. */
export function boundedWhole(value: unknown, maxBytes: number): string | null {
  const whole = JSON.stringify(value);
  return utf8Length(whole) <= maxBytes ? whole : null;
}
