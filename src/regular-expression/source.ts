/** The text of a regular expression, and how far it has been read. */
import { SyntaxFault } from './syntax.ts';

/** Reads a text from its beginning to its end. */
export class Source {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Tells whether `expected` comes next. */
  isAt(expected: string): boolean {
    return this.#text.startsWith(expected, this.#position);
  }

  /** Passes over `expected` if it comes next, and tells whether it did. */
  take(expected: string): boolean {
    const isNext = this.isAt(expected);
    if (isNext) this.#position += expected.length;
    return isNext;
  }

  /** Passes over the match of a sticky expression that begins here. Null if there is none. */
  takeMatch(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#position;
    const found = expression.exec(this.#text);
    if (found !== null) this.#position += found[0].length;
    return found;
  }

  /** Passes over the next character, which is one code point, and returns it. Throws `SyntaxFault` at the end. */
  next(): string {
    const code = this.#text.codePointAt(this.#position);
    if (code === undefined) throw new SyntaxFault('The expression ends too early.');
    const character = String.fromCodePoint(code);
    this.#position += character.length;
    return character;
  }
}
