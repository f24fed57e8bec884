/** Reads what follows a backslash, and what stands in brackets. */
import {
  characterSet,
  ESCAPED_CLASSES,
  NAMED_CLASSES,
  unicodeProperty,
  type SetItem,
} from './character-set.ts';
import type { Source } from './source.ts';
import { SyntaxFault, type CharacterSet } from './syntax.ts';

const MAX_CODE_POINT = 0x10_ff_ff;

const CONTROL_CHARACTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads a class after a backslash: `d`, `s`, `w`, `p` and their negations. Null if something else comes next. */
export function readEscapedClass(source: Source): SetItem | null {
  const [letter] = source.takeMatch(/[dswDSW]/y) ?? [];
  if (letter !== undefined) {
    const name = letter.toLowerCase();
    return { ranges: ESCAPED_CLASSES[name] ?? [], negated: name !== letter };
  }
  const [sign] = source.takeMatch(/[pP]/y) ?? [];
  if (sign === undefined) return null;
  const [, inversion, long, short = ''] = source.takeMatch(/\{(\^?)([^{}]*)\}|([^{])/uy) ?? [];
  return {
    property: unicodeProperty(long ?? short),
    negated: (sign === 'P') !== (inversion === '^'),
  };
}

/** Reads a character after a backslash. Throws `SyntaxFault` for an escape that the syntax does not have. */
export function readEscape(source: Source): string {
  const [, octal, hex, long] =
    source.takeMatch(/(0[0-7]{0,2}|[1-7][0-7]{1,2})|x(?:([\dA-Fa-f]{2})|\{([\dA-Fa-f]+)\})/y) ?? [];
  const code = octal === undefined ? Number.parseInt(hex ?? long ?? '', 16) : Number.parseInt(octal, 8);
  if (code > MAX_CODE_POINT) throw new SyntaxFault('An escape names no character.');
  if (!Number.isNaN(code)) return String.fromCodePoint(code);
  const character = source.next();
  const control = CONTROL_CHARACTERS[character];
  if (control !== undefined) return control;
  if (/[\dA-Za-z]/.test(character) || character > '\x7f') {
    throw new SyntaxFault(`There is no escape \\${character}.`);
  }
  return character;
}

function readNamedClass(source: Source): SetItem | null {
  const [text, inversion, name = ''] = source.takeMatch(/\[:(\^?)(.*?):\]/sy) ?? [];
  if (text === undefined) return null;
  if (!Object.hasOwn(NAMED_CLASSES, name)) throw new SyntaxFault(`There is no class ${text}.`);
  return { ranges: NAMED_CLASSES[name] ?? [], negated: inversion === '^' };
}

function readBound(source: Source): number {
  const character = source.next();
  return (character === '\\' ? readEscape(source) : character).codePointAt(0) ?? 0;
}

function readItem(source: Source): SetItem {
  const named = readNamedClass(source);
  if (named !== null) return named;
  if (source.takeMatch(/\\(?=[dswpDSWP])/y) !== null) {
    const escaped = readEscapedClass(source);
    if (escaped !== null) return escaped;
  }
  const first = readBound(source);
  const last = source.takeMatch(/-(?=[^\]])/sy) === null ? first : readBound(source);
  if (last < first) throw new SyntaxFault('A range ends before it begins.');
  return { ranges: [[first, last]] };
}

/** Reads a set in brackets, after its first bracket. A `]` that comes first is one of its characters. */
export function readBrackets(source: Source, ignoresCase: boolean): CharacterSet {
  const negated = source.take('^');
  const items: SetItem[] = [];
  while (items.length === 0 || !source.take(']')) items.push(readItem(source));
  return characterSet(items, { ignoresCase, negated });
}
