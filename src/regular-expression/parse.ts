/**
 * Parses regular expressions of the RE2 syntax (https://github.com/google/re2/wiki/Syntax). What decides only where a
 * match ends or what a group captures is read and has no effect: lazy repetition, the flag `U`, names of groups.
 */
import { characterSet, oneCharacter } from './character-set.ts';
import { readBrackets, readEscape, readEscapedClass } from './escapes.ts';
import { Source } from './source.ts';
import { SyntaxFault, type Assertion, type Node } from './syntax.ts';

/** Maximum number of repetitions, also of nested ones together (RE2 syntax). */
const MAX_REPETITIONS = 1000;

/** Flags that change what a part matches. */
interface Flags {
  ignoresCase: boolean;
  multiline: boolean;
  dotAll: boolean;
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags | null>> = {
  i: 'ignoresCase',
  m: 'multiline',
  s: 'dotAll',
  U: null,
};

const ESCAPED_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  b: 'word-edge',
  B: 'no-word-edge',
};

/** Tells whether nested repetitions of a part stay within `most` repetitions of its smallest parts. */
function isWithin(node: Node, most: number): boolean {
  switch (node.type) {
    case 'sequence':
    case 'choice':
      return node.parts.every((part) => isWithin(part, most));
    case 'repeat': {
      if (node.max === 0) return true;
      const times = node.max ?? node.min;
      return times <= most && isWithin(node.part, times > 0 ? Math.floor(most / times) : most);
    }
    case 'set':
    case 'assertion':
      return true;
  }
}

class Parser {
  readonly #source: Source;
  readonly #names = new Set<string>();
  #flags: Flags = { ignoresCase: false, multiline: false, dotAll: false };

  constructor(pattern: string) {
    this.#source = new Source(pattern);
  }

  parse(): Node {
    const node = this.#choice();
    if (!this.#source.isAtEnd) throw new SyntaxFault('A parenthesis is closed and was not opened.');
    return node;
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#source.take('|')) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    let follows = false;
    while (!this.#source.isAtEnd && !this.#source.isAt('|') && !this.#source.isAt(')')) {
      const times = this.#repetition();
      if (times === null) {
        parts.push(...this.#parts());
        follows = false;
        continue;
      }
      const part = parts.pop();
      if (part === undefined || follows) throw new SyntaxFault('There is nothing to repeat.');
      const repeat: Node = { type: 'repeat', part, ...times };
      if (!isWithin(repeat, MAX_REPETITIONS)) throw new SyntaxFault('There are too many repetitions.');
      parts.push(repeat);
      follows = true;
    }
    return { type: 'sequence', parts };
  }

  /** Reads how often the part before is repeated. Null if no repetition begins here. */
  #repetition(): { min: number; max: number | null } | null {
    const [text, operator = '', min, comma, max] =
      this.#source.takeMatch(/([*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})\??/y) ?? [];
    if (text === undefined) return null;
    if (min === undefined) {
      return { min: operator === '+' ? 1 : 0, max: operator === '?' ? 1 : null };
    }
    const least = Number(min);
    const most = comma === undefined ? least : max === undefined ? null : Number(max);
    if (Math.max(least, most ?? 0) > MAX_REPETITIONS || (most !== null && most < least)) {
      throw new SyntaxFault('The number of repetitions is not valid.');
    }
    return { min: least, max: most };
  }

  /** Reads one part; several for a quotation, none for flags. */
  #parts(): Node[] {
    const character = this.#source.next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return [{ type: 'set', set: readBrackets(this.#source, this.#flags.ignoresCase) }];
      case '.':
        return [{ type: 'set', set: this.#flags.dotAll ? () => true : (other) => other !== '\n' }];
      case '^':
        return [{ type: 'assertion', assertion: this.#flags.multiline ? 'line-start' : 'text-start' }];
      case '$':
        return [{ type: 'assertion', assertion: this.#flags.multiline ? 'line-end' : 'text-end' }];
      case '\\':
        return this.#escaped();
      default:
        return [this.#literal(character)];
    }
  }

  #literal(character: string): Node {
    return { type: 'set', set: oneCharacter(character, this.#flags.ignoresCase) };
  }

  #escaped(): Node[] {
    const [, quotation] = this.#source.takeMatch(/Q(.*?)(?:\\E|$)/sy) ?? [];
    if (quotation !== undefined) return Array.from(quotation, (character) => this.#literal(character));
    const [letter] = this.#source.takeMatch(/[AzbB]/y) ?? [];
    const assertion = letter === undefined ? undefined : ESCAPED_ASSERTIONS[letter];
    if (assertion !== undefined) return [{ type: 'assertion', assertion }];
    const item = readEscapedClass(this.#source);
    if (item === null) return [this.#literal(readEscape(this.#source))];
    return [{ type: 'set', set: characterSet([item], { ignoresCase: this.#flags.ignoresCase }) }];
  }

  /** Reads what follows a parenthesis: a group, or flags for the rest of the group around them. */
  #group(): Node[] {
    const outer = this.#flags;
    if (this.#source.take('?') && !this.#name()) {
      this.#flags = this.#changedFlags();
      if (this.#source.take(')')) return [];
      this.#source.take(':');
    }
    const node = this.#choice();
    if (!this.#source.take(')')) throw new SyntaxFault('A parenthesis is not closed.');
    this.#flags = outer;
    return [node];
  }

  #name(): boolean {
    const [text, name = ''] = this.#source.takeMatch(/P?<(\w+)>/y) ?? [];
    if (text === undefined) return false;
    if (this.#names.has(name)) throw new SyntaxFault(`Two groups are called ${name}.`);
    this.#names.add(name);
    return true;
  }

  #changedFlags(): Flags {
    const [text, on = '', off = ''] = this.#source.takeMatch(/([imsU]*)(?:-([imsU]+))?(?=[:)])/y) ?? [];
    if (text === undefined) throw new SyntaxFault('A group begins with something unknown after its `?`.');
    const flags = { ...this.#flags };
    for (const [letters, isOn] of [
      [on, true],
      [off, false],
    ] as const) {
      for (const letter of letters) {
        const name = FLAG_NAMES[letter];
        if (name) flags[name] = isOn;
      }
    }
    return flags;
  }
}

/** Returns the parts of a regular expression. Throws `SyntaxFault` if it is none. */
export function parse(pattern: string): Node {
  return new Parser(pattern).parse();
}
