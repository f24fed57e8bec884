/** What holds everywhere in a file, whatever its form: how deep it is, what its texts are made of, what stands in it twice. */
import { cut } from '../../text.ts';
import type { Issue } from './issues.ts';

/** The deepest that objects and lists may lie in each other. The reference's own definitions need twelve. */
export const MAX_DEPTH = 64;

/** Inside these fields lists may hold something twice: JSON Schemas have rules of their own. */
const WITH_OWN_RULES = new Set(['input_schema']);

type Path = PropertyKey[];

/** Returns an issue for each text of a list that stands in it before. */
function repeatedTexts(list: readonly unknown[], path: Path): Issue[] {
  if (!list.every((entry) => typeof entry === 'string')) return [];
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const text = entry.trim();
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [{ path: [...path, index], message: `stands in this list twice: "${cut(text, 60)}"` }];
  });
}

/** Returns the depth of a value, or `MAX_DEPTH + 1` for everything deeper. */
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

/** Returns whether a file lies in itself too deep for anything to walk through it. */
export function isTooDeep(file: unknown): boolean {
  return depthOf(file) > MAX_DEPTH;
}

/**
 * Finds texts with half a character, which no store keeps, members that no object can have, and texts that stand in a
 * list twice. The file must not be too deep. Linear in its size.
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
