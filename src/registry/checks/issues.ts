/** Issues of an organization's file: their places and messages. */
import type * as z from 'zod';
import { cut } from '../../text.ts';

/** An error in a file: its path in the document, and the end of a sentence that begins with the place. */
export interface Issue {
  path: PropertyKey[];
  message: string;
}

/** An issue with its place as text: `graphs[Fruit stall].states[greet].objective`. */
export interface PlacedIssue {
  path: string;
  message: string;
}

/** Maximum length of a name in the place of an issue, in UTF-16 units. Longer ones are cut. */
const MAX_LABEL_LENGTH = 60;

/** Fields that name an entry of a list; the first that the entry has counts. */
const NAMING_FIELDS = ['name', 'id', 'version', 'permission_name', 'issuer', 'org_id', 'type'] as const;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the name of an entry from its own fields, or null if it has none. */
function nameOf(entry: unknown): string | null {
  if (!isObject(entry)) return null;
  const field = NAMING_FIELDS.find((name) => typeof entry[name] === 'string' && entry[name].trim() !== '');
  if (field === undefined) return null;
  const name = cut(String(entry[field]).replaceAll(/\s+/g, ' ').trim(), MAX_LABEL_LENGTH);
  return typeof entry.version === 'number' && entry.version > 1 ? `${name} v${entry.version}` : name;
}

/** Names places of a document. It reads each list once, for any number of issues in it. */
export class Places {
  readonly #root: unknown;
  readonly #labels = new WeakMap<object, string[]>();

  constructor(root: unknown) {
    this.#root = root;
  }

  /** Returns a path as text: entries of lists by name, or by index if the name is missing or not unique. */
  name(path: readonly PropertyKey[]): string {
    let at: unknown = this.#root;
    let text = '';
    for (const step of path) {
      if (Array.isArray(at)) text += `[${this.#labelsOf(at)[Number(step)] ?? String(step)}]`;
      else if (/^[\w$-]+$/.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`;
      else text += `[${JSON.stringify(cut(String(step), MAX_LABEL_LENGTH))}]`;
      at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined;
    }
    return text === '' ? 'the file' : text;
  }

  #labelsOf(list: readonly unknown[]): string[] {
    const known = this.#labels.get(list);
    if (known !== undefined) return known;
    const names = list.map(nameOf);
    const counts = new Map<string | null, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const labels = names.map((name, index) => {
      if (name === null) return String(index);
      return (counts.get(name) ?? 0) > 1 ? `${name} #${index}` : name;
    });
    this.#labels.set(list, labels);
    return labels;
  }
}

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, 30).map((value) => JSON.stringify(value));
  return shown.length < values.length ? `${shown.join(', ')} …` : shown.join(', ');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
  tuple: 'a list',
};

type RawIssue = z.core.$ZodRawIssue;

/** Returns the message about a size: characters of a text, entries of a list, or the value of a number. */
function sizeMessage(issue: RawIssue, limit: unknown, word: 'most' | 'least'): string {
  if (issue.origin === 'string' && limit === 1) return 'must not be empty';
  if (issue.origin === 'string') return `must have at ${word} ${String(limit)} characters`;
  if (issue.origin === 'array')
    return `must have at ${word} ${String(limit)} ${limit === 1 ? 'entry' : 'entries'}`;
  if (issue.inclusive !== false) return `must be at ${word} ${String(limit)}`;
  return `must be ${word === 'most' ? 'less' : 'greater'} than ${String(limit)}`;
}

/** Returns the message of an issue of a schema. A message of the schema itself takes precedence. */
export function formMessage(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected] ?? issue.expected;
      return issue.input === undefined
        ? `is missing: must be ${kind}`
        : `must be ${kind}, not ${kindOf(issue.input)}`;
    }
    case 'unrecognized_keys':
      return `has no field ${list(issue.keys)}`;
    case 'too_big':
      return sizeMessage(issue, issue.maximum, 'most');
    case 'too_small':
      return sizeMessage(issue, issue.minimum, 'least');
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${list(issue.values)}`
        : `must be one of ${list(issue.values)}`;
    case 'invalid_union':
      return Array.isArray(issue.options) ? `must be one of ${list(issue.options)}` : undefined;
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join(', ') || undefined;
    // The other issues have a message of the schemas here, or a clear one of the library.
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'not_multiple_of':
      return undefined;
  }
}
