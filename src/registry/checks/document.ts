/** Checks rules that hold everywhere in a file: depth, characters, repeated texts. */
import { cut } from '../../text.ts';
import type { Issue } from './issues.ts';

/** Maximum depth of nested objects and lists. The reference's own definitions need twelve. */
export const MAX_DEPTH = 64;

/** Fields in which lists may repeat a text: JSON Schemas have their own rules. */
const WITH_OWN_RULES = new Set(['input_schema']);

type Path = PropertyKey[];

/** Returns an issue for each text of a list that an earlier entry has too. */
function repeatedTexts(list: readonly unknown[], path: Path): Issue[] {
  if (!list.every((entry) => typeof entry === 'string')) return [];
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const text = entry.trim();
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [{ path: [...path, index], message: `appears twice in this list: "${cut(text, 60)}"` }];
  });
}

/** Returns the depth of a value, at most `MAX_DEPTH + 1`. */
function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const inner = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    );
    if (inner.length === 0) return depth;
    level = inner;
  }
  return MAX_DEPTH + 1;
}

/** Tells whether a file is nested too deep to be checked by recursion. */
export function isTooDeep(file: unknown): boolean {
  return depthOf(file) > MAX_DEPTH;
}

/**
 * Returns the issues of texts with a lone surrogate, which no storage keeps, of the member `__proto__`, and of texts
 * that a list repeats. The file must not be too deep. Takes linear time.
 */
export function documentIssues(value: unknown, path: Path = [], hasOwnRules = false): Issue[] {
  if (typeof value === 'string') {
    return value.isWellFormed() ? [] : [{ path, message: 'contains half a character (a lone surrogate)' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return [
      ...(hasOwnRules ? [] : repeatedTexts(value, path)),
      ...value.flatMap((entry, index) => documentIssues(entry, [...path, index], hasOwnRules)),
    ];
  }
  return Object.entries(value).flatMap(([field, entry]) => {
    if (field === '__proto__') return [{ path, message: 'has no field "__proto__"' }];
    return documentIssues(entry, [...path, field], hasOwnRules || WITH_OWN_RULES.has(field));
  });
}
