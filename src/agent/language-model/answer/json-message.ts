/** The message inside of a JSON choice, passed on while the JSON is still arriving: {"action": 1, "message": "Open at… */
import { jsonEnd, MESSAGE_KEYS, readChoice } from './choice-json.ts';
import type { WrittenChoice } from './options.ts';

const opening = new RegExp(`"(?:${MESSAGE_KEYS})"\\s*:\\s*"`, 'i');
/** The members in front of the message are no longer than this. */
const MAX_OPENING_LENGTH = 400;

/** Returns how much of the begin of a text is no cut escape sequence. */
function wholeEscapes(text: string): number {
  const escape = /\\(?:u[0-9a-f]{0,3})?$/i.exec(text);
  if (escape === null) return text.length;
  // A backslash that is escaped itself is whole.
  let slashes = 0;
  for (let index = escape.index; text[index] === '\\'; index -= 1) slashes += 1;
  return slashes % 2 === 0 ? text.length : escape.index;
}

/** Returns a text with each escape sequence of JSON replaced. Any other backslash stays, wherever the text is cut. */
function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/g,
    (escape) => JSON.parse(`"${escape}"`) as string,
  );
}

/** Reads the text of one JSON string as it comes. */
export class JsonMessage {
  readonly choice: WrittenChoice;
  /** True where a fence opens in front of the JSON. */
  readonly isFenced: boolean;
  #held: string;
  #isOver = false;
  /** White space at the end so far: it is passed on only with what follows. */
  #tail = '';
  #hasBegun = false;

  private constructor(choice: WrittenChoice, held: string, isFenced: boolean) {
    this.choice = choice;
    this.isFenced = isFenced;
    this.#held = held;
  }

  /** Returns the message in a JSON choice that has come to it; null before that, and for any other text. */
  static in(text: string): JsonMessage | null {
    const start = /^[\s`*]*(?:json\s*)?\{/i.exec(text.slice(0, 40));
    if (start === null) return null;
    const found = opening.exec(text.slice(0, MAX_OPENING_LENGTH));
    if (found === null) return null;
    const end = jsonEnd(text, start[0].length - 1);
    if (end !== null && end <= found.index) return null;
    const members = text.slice(start[0].length - 1, found.index).trimEnd();
    const choice = readChoice(`${members.replace(/,$/, '')}}`)?.choice ?? null;
    return choice === null
      ? null
      : new JsonMessage(choice, text.slice(found.index + found[0].length), start[0].includes('`'));
  }

  /** The text behind the JSON so far, where its message was empty; null for any other. */
  get behindEmpty(): string | null {
    const [closing] = this.#isOver && !this.#hasBegun ? (/^"[^{}]{0,200}\}/.exec(this.#held) ?? []) : [];
    return closing === undefined ? null : this.#held.slice(closing.length);
  }

  /** Returns what of the message stood with its begin. */
  begin(): string[] {
    return this.push('');
  }

  /** Takes the next part, and returns what can be told of the message. */
  push(text: string): string[] {
    if (this.#isOver && !this.#hasBegun) this.#held += text;
    if (this.#isOver) return [];
    this.#held += text;
    const end = /^(?:[^"\\]|\\[\s\S])*(?=")/.exec(this.#held);
    const whole = end === null ? this.#held.slice(0, wholeEscapes(this.#held)) : end[0];
    this.#held = this.#held.slice(whole.length);
    this.#isOver = end !== null;
    return this.#pass(unescaped(whole));
  }

  /** Ends the message, also one that was cut off. */
  end(): string[] {
    return this.#isOver ? [] : this.#pass(unescaped(this.#held.slice(0, wholeEscapes(this.#held))));
  }

  #pass(text: string): string[] {
    const begun = this.#hasBegun ? text : text.trimStart();
    const said = begun.trimEnd();
    if (said === '') {
      if (this.#hasBegun) this.#tail += begun;
      return [];
    }
    this.#hasBegun = true;
    const piece = this.#tail + said;
    this.#tail = begun.slice(said.length);
    return [piece];
  }
}
