/** Sets of characters. The engine of the platform decides membership, one character at a time. */
import { SyntaxFault, type CharacterSet } from './syntax.ts';

/** A first and a last code point, both included. */
export type Range = readonly [first: number, last: number];

/** A part of a set: characters, or a Unicode property, which may be negated. */
export type SetItem =
  { ranges: readonly Range[]; negated?: boolean } | { property: string; negated?: boolean };

const DIGITS: readonly Range[] = [[0x30, 0x39]];
const UPPER: Range = [0x41, 0x5a];
const LOWER: Range = [0x61, 0x7a];
const WORD: readonly Range[] = [...DIGITS, UPPER, LOWER, [0x5f, 0x5f]];

/** Classes that are written with a backslash (RE2 syntax, "Perl character classes"). All are ASCII. */
export const ESCAPED_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  s: [
    [0x09, 0x0a],
    [0x0c, 0x0d],
    [0x20, 0x20],
  ],
  w: WORD,
};

/** Classes that are written as `[:name:]` inside brackets (RE2 syntax, "ASCII character classes"). */
export const NAMED_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...DIGITS, UPPER, LOWER],
  alpha: [UPPER, LOWER],
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: DIGITS,
  graph: [[0x21, 0x7e]],
  lower: [LOWER],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: [UPPER],
  word: WORD,
  xdigit: [...DIGITS, [0x41, 0x46], [0x61, 0x66]],
};

/** Returns the expression of the platform for one item, which is never negated. */
function sourceOf(item: SetItem): string {
  if ('property' in item) return item.property;
  return item.ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('');
}

function itemTest(item: SetItem, ignoresCase: boolean): CharacterSet {
  const expression = new RegExp(`^[${sourceOf(item)}]$`, ignoresCase ? 'iu' : 'u');
  return item.negated === true
    ? (character) => !expression.test(character)
    : (character) => expression.test(character);
}

/** Returns the set of the characters of any item, or of all others. */
export function characterSet(
  items: readonly SetItem[],
  { ignoresCase = false, negated = false }: { ignoresCase?: boolean; negated?: boolean } = {},
): CharacterSet {
  const tests = items.map((item) => itemTest(item, ignoresCase));
  return (character) => tests.some((test) => test(character)) !== negated;
}

/** Returns the set of one character, in either case if `ignoresCase`. */
export function oneCharacter(character: string, ignoresCase: boolean): CharacterSet {
  if (!ignoresCase) return (other) => other === character;
  const code = character.codePointAt(0) ?? 0;
  return characterSet([{ ranges: [[code, code]] }], { ignoresCase });
}

/** Returns the property that `\p{name}` names: a general category or a script. Throws `SyntaxFault` for another name. */
export function unicodeProperty(name: string): string {
  if (name === 'Any') return '\\p{Any}';
  const property = `\\p{${name.length > 2 ? 'Script' : 'General_Category'}=${name}}`;
  try {
    if (/^\w+$/.test(name) && new RegExp(property, 'u').source !== '') return property;
  } catch {
    // The platform does not know the name.
  }
  throw new SyntaxFault(`There is no Unicode class ${name}.`);
}
