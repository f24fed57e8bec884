import type { FieldError } from '../contract/problem.ts';

/** Returns the error of a text that is not well-formed Unicode. Its type is that of the published API. */
export function notUnicode(loc: FieldError['loc']): FieldError {
  return {
    loc,
    msg: 'must be well-formed Unicode: it has half a character (a surrogate without its partner)',
    type: 'string_unicode',
  };
}

/** A value inside a JSON value, with its parent. */
interface Part {
  value: unknown;
  key: string | number | null;
  parent: Part | null;
}

function pathOf(part: Part): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: Part | null = part; at !== null; at = at.parent) if (at.key !== null) path.push(at.key);
  return path.reverse();
}

/** Matches the escape of a surrogate. UTF-8 has no surrogates, so only an escape brings one into JSON. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * Returns the paths of strings and keys in `value` that are not well-formed, at most `max`. `value` is the parsed text
 * `json`. It may be nested as deep as the text is long, so this function does not recurse.
 */
export function illFormedPaths(json: string, value: unknown, max: number): (string | number)[][] {
  if (!SURROGATE_ESCAPE.test(json)) return [];
  const found: (string | number)[][] = [];
  const open: Part[] = [{ value, key: null, parent: null }];
  for (let part = open.pop(); part !== undefined && found.length < max; part = open.pop()) {
    const { value } = part;
    const isBroken = [part.key, value].some((text) => typeof text === 'string' && !text.isWellFormed());
    if (isBroken) found.push(pathOf(part));
    if (typeof value !== 'object' || value === null) continue;
    const entries: [string | number, unknown][] = Array.isArray(value)
      ? Array.from(value, (entry: unknown, index) => [index, entry])
      : Object.entries(value);
    for (const [key, entry] of entries.reverse()) open.push({ value: entry, key, parent: part });
  }
  return found;
}
