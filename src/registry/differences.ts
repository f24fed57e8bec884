/** Describes the differences of two values in lines of text. */
import { canonicalJson, cut } from '../text.ts';

/** Maximum length of a value in UTF-16 units. Longer ones are cut. */
const MAX_VALUE_LENGTH = 80;
/** Maximum number of lines. Further ones are counted and left out. */
const MAX_LINES = 30;

/** Tells whether two values are the same JSON, in any order of members. */
export function sameJson(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : cut(JSON.stringify(value), MAX_VALUE_LENGTH);
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the name, identifier, version or description of an entry of a list, or null if it has none. */
function labelOf(entry: unknown): string | null {
  if (!isObject(entry)) return null;
  const label = entry.name ?? entry.id ?? entry.version ?? entry.description;
  return typeof label === 'string' || typeof label === 'number' ? cut(String(label), 40) : null;
}

/** Returns the entries of a list by their labels, or null if an entry has no label or two have the same. */
function labelled(list: readonly unknown[]): Map<string, unknown> | null {
  const entries = new Map<string, unknown>();
  for (const entry of list) {
    const label = labelOf(entry);
    if (label === null || entries.has(label)) return null;
    entries.set(label, entry);
  }
  return entries;
}

function listLines(from: readonly unknown[], to: readonly unknown[], path: string): string[] {
  const [before, after] = [labelled(from), labelled(to)];
  if (before !== null && after !== null) {
    const changed = [...new Set([...before.keys(), ...after.keys()])].flatMap((label) =>
      lines(before.get(label), after.get(label), `${path}[${label}]`),
    );
    return changed.length > 0 ? changed : [`${path}: in another order`];
  }
  const [old, now] = [from, to].map((list) => new Set(list.map(canonicalJson)));
  const gone = from.filter((entry) => now?.has(canonicalJson(entry)) === false);
  const come = to.filter((entry) => old?.has(canonicalJson(entry)) === false);
  if (gone.length === 0 && come.length === 0) return [`${path}: in another order`];
  if (gone.length === 1 && come.length === 1)
    return lines(gone[0], come[0], `${path}[${to.indexOf(come[0])}]`);
  return [
    ...gone.map((entry) => `${path}: without ${shown(entry)}`),
    ...come.map((entry) => `${path}: with ${shown(entry)}`),
  ];
}

function lines(from: unknown, to: unknown, path: string): string[] {
  if (sameJson(from, to)) return [];
  if (Array.isArray(from) && Array.isArray(to)) return listLines(from, to, path);
  if (isObject(from) && isObject(to)) {
    const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return fields.flatMap((field) => lines(from[field], to[field], path === '' ? field : `${path}.${field}`));
  }
  return [`${path === '' ? 'it' : path}: ${shown(from)} → ${shown(to)}`];
}

/** Returns the differences between two values as lines; an empty list if they are equal. */
export function differences(from: unknown, to: unknown): string[] {
  const all = lines(from, to, '');
  if (all.length <= MAX_LINES) return all;
  return [...all.slice(0, MAX_LINES), `… and ${all.length - MAX_LINES} more`];
}
