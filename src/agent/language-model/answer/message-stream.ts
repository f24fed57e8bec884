/** The message behind a choice, passed on as it comes: without labels, fences, quotes around it and repeated choices. */
import { trimEndOf } from '../../../text.ts';
import { jsonEnd, readChoice } from './choice-json.ts';
import {
  controlLine,
  isRepeating,
  MAX_CONTROL_LENGTH,
  mayBeControl,
  undecorated,
  wasHeld,
} from './control-line.ts';
import { fencedMessage, mayBeFenced, withoutFence } from './fences.ts';
import { mayBeRole, withoutRole } from './head.ts';
import { JsonMessage } from './json-message.ts';
import { choiceAtEnd } from './choice-at-end.ts';
import { behindChoice, isReasonLine, mayBeLabel, mayBeReasonLine, withoutLabel } from './lead-in.ts';
import { beginsTurn, isMadeUp, mayBeginTurn } from './made-up-turn.ts';
import { choiceOf, type Options } from './options.ts';

const QUOTES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '«': '»', '„': '“' };

/** The begin or the end of code in a message. */
const CODE_FENCE = /^\s{0,8}(?:`{3}|~~~)/;

/** A message in quotes is held to its end, up to this length in UTF-16 units. */
const MAX_QUOTED_LENGTH = 2_000;

/** Tells whether a line is a choice and nothing else, so that it is no part of a message. */
export function isControlLine(line: string, options: Options): boolean {
  if (line.length > MAX_CONTROL_LENGTH || line.trim() === '') return false;
  const json = undecorated(line);
  if (json.startsWith('{')) {
    const end = jsonEnd(json, 0);
    const read = end === null ? null : readChoice(json.slice(0, end));
    const isAlone = end !== null && /^[\s`*_.]*$/.test(json.slice(end));
    return isAlone && read?.choice?.kind != null && read.said === '';
  }
  const control = isRepeating(line) ? controlLine(line, options) : null;
  if (control === null || control.isNamed || control.choice.kind === null || control.rest !== '')
    return false;
  return choiceOf(control.choice, options) !== null && wasHeld(line);
}

/** The longest JSON of another choice that is waited for, in UTF-16 units. */
const MAX_JSON_LENGTH = 16_000;
/** Tells that the JSON has not ended. */
const MORE: unique symbol = Symbol('more');
const REPEATED = /^\{[\s"'“”]{0,10}(?:action|exit|choice|message|type|content|role|text|reply|response)/i;

/**
 * Returns the text behind a choice that is repeated as JSON, or the message inside of it. Null for a text that begins
 * otherwise; `MORE` while the JSON has not ended.
 */
function behindRepeated(text: string, ended: boolean): string | typeof MORE | null {
  if (!REPEATED.test(text)) return null;
  const end = jsonEnd(text, 0);
  if (end === null) {
    if (!ended) return text.length < MAX_JSON_LENGTH ? MORE : null;
    const message = JsonMessage.in(text);
    return message === null ? null : [...message.begin(), ...message.end()].join('');
  }
  const read = readChoice(text.slice(0, end));
  if (read === null) return null;
  // A second object may hold the message alone.
  if (read.choice?.kind == null) return read.choice === null && read.said !== '' ? read.said : null;
  return read.said === '' ? text.slice(end) : read.said;
}

/** Returns the sign that closes the quote at the begin of a text; null for a text that begins with no quote. */
function closingQuote(text: string): string | null {
  return QUOTES[text[0] ?? ''] ?? null;
}

/** A text behind the message is held to its end, up to this length in UTF-16 units, when it may be no part of it. */
const MAX_DOUBTFUL_LENGTH = 4_000;

/** A text that may be no part of the message: what follows a repeated choice, or a turn of the user. */
interface Doubtful {
  text: string;
  reason: 'repeated' | 'turn';
  /** True when a blank line is before it. */
  isSetOff: boolean;
}

/** A message as it comes. */
export class MessageStream {
  readonly #rules: Options & { speaker: string };
  /** True while a fence around the choice is open. It closes behind the message, and is no part of the message. */
  #isFenced: boolean;
  #hasBegun = false;
  /** True for a message behind a choice, until what closes the choice on its line is read. */
  #closes: boolean;
  readonly #behindChoice: boolean;
  /** True while a fence of code in the message is open. */
  #isInCode = false;
  #atLineStart = true;
  #held = '';
  /** White space, and what may be a closing fence, behind what was passed on. */
  #tail = '';
  /** The message so far, up to `MAX_DOUBTFUL_LENGTH`; null for a longer one. */
  #said: string | null = '';
  #doubtful: Doubtful | null = null;

  constructor(
    rules: Options & { speaker: string },
    { isFenced, behindChoice: isBehind }: { isFenced: boolean; behindChoice: boolean },
  ) {
    this.#rules = rules;
    this.#isFenced = isFenced;
    this.#closes = isBehind;
    this.#behindChoice = isBehind;
  }

  /** Tells whether the message so far ends inside of a fence of code. */
  get isInCode(): boolean {
    return this.#isInCode;
  }

  /** Takes the next part, and returns what can be passed on. */
  push(text: string): string[] {
    if (this.#doubtful === null) this.#held += text;
    else this.#doubtful.text += text;
    return this.#read(false);
  }

  /** Ends the message, and returns the rest. */
  end(): string[] {
    const pieces = this.#read(true);
    if (this.#isFenced) {
      const rest = withoutFence(this.#tail);
      if (rest !== '') pieces.push(rest);
    }
    return pieces;
  }

  #read(ended: boolean): string[] {
    if (!this.#hasBegun && !this.#begins(ended)) return [];
    const pieces = this.#lines(ended, true);
    if (this.#doubtful === null) return pieces;
    if (!ended && this.#doubtful.text.length < MAX_DOUBTFUL_LENGTH) return pieces;
    const { text } = this.#doubtful;
    const isDropped = ended && this.#isNoPart(this.#doubtful);
    this.#doubtful = null;
    if (isDropped) return pieces;
    // A message that goes on is not doubted again.
    this.#said = null;
    this.#held = text;
    return [...pieces, ...this.#lines(ended, false)];
  }

  /** Passes lines on, but for repeated choices and what may be no part of the message. */
  #lines(ended: boolean, doubts: boolean): string[] {
    let text = '';
    while (this.#held !== '') {
      const end = this.#held.indexOf('\n');
      const line = end === -1 ? this.#held : this.#held.slice(0, end);
      if (this.#atLineStart) {
        if (end === -1 && !ended && this.#mayBeNoPart(line)) break;
        if (end === -1 && ended && this.#hasSaid(text) && isCut(line, this.#rules.speaker)) {
          this.#held = '';
          break;
        }
        if ((end !== -1 || ended) && isControlLine(line, this.#rules)) {
          this.#held = end === -1 ? '' : this.#held.slice(end + 1);
          if (doubts && this.#hasSaid(text)) this.#doubt('repeated', text);
          continue;
        }
        if (doubts && this.#hasSaid(text) && beginsTurn(line)) {
          this.#doubt('turn', text);
          break;
        }
      }
      if (this.#atLineStart && CODE_FENCE.test(line)) this.#isInCode = !this.#isInCode;
      const isWhole = end !== -1 || ended;
      const choice = this.#isInCode ? -1 : choiceAtEnd(line, isWhole);
      const shown = choice === -1 ? line : line.slice(0, choice);
      text += end === -1 ? shown : `${shown}\n`;
      if (shown !== '') this.#atLineStart = false;
      if (end !== -1) this.#atLineStart = true;
      this.#held = isWhole ? this.#held.slice(line.length + 1) : line.slice(shown.length);
      if (!isWhole) break;
    }
    return this.#pass(text);
  }

  /** Tells whether an unfinished line may turn out to be no part of the message. */
  #mayBeNoPart(line: string): boolean {
    if (mayBeControl(line) || /^\s{0,8}(?:`{1,2}|~{1,2})$/.test(line)) return true;
    if (this.#said === null) return false;
    return mayBeginTurn(line) || (line !== '' && isOwnName(line, this.#rules.speaker));
  }

  #hasSaid(text: string): boolean {
    return this.#said !== null && (this.#said !== '' || text.trim() !== '');
  }

  /** Holds the rest of the answer. `text` is what stands before it and was not passed on yet. */
  #doubt(reason: Doubtful['reason'], text: string): void {
    const before = text.trim() === '' ? this.#tail + text : text;
    // Two line ends in the white space at the end: a blank line. A pattern for that would take cubic time.
    const blank = before.slice(before.trimEnd().length);
    const isSetOff = blank.includes('\n') && blank.indexOf('\n') !== blank.lastIndexOf('\n');
    this.#doubtful = { text: this.#held, reason, isSetOff };
    this.#held = '';
  }

  /** Tells whether a doubtful text is no part of the message: the message once more, or a turn that was made up. */
  #isNoPart({ text, reason, isSetOff }: Doubtful): boolean {
    if (reason === 'turn') return isMadeUp(text, isSetOff, this.#rules.speaker);
    return text.trim() === '' || text.trim() === this.#said?.trim();
  }

  /** Drops what stands between the choice and the message. Returns false while that may go on. */
  #begins(ended: boolean): boolean {
    if (this.#closes && !this.#closed(ended)) return false;
    for (;;) {
      const before = this.#held;
      this.#held = this.#held.trimStart();
      if (this.#isFenced && /^[`~]/.test(this.#held)) {
        if (/^(?:`{1,3}|~{1,2})$/.test(this.#held) && !ended) return false;
        this.#isFenced = false;
        this.#held = this.#held.replace(/^(?:`{1,4}|~{1,3})/, '');
        continue;
      }
      if (this.#held === '') return false;
      const end = this.#held.indexOf('\n');
      const line = end === -1 ? this.#held : this.#held.slice(0, end);
      if (end === -1 && !ended && this.#mayBeLead(line)) return false;
      const repeated = behindRepeated(this.#held, ended);
      if (repeated === MORE) return false;
      if (repeated !== null) {
        this.#held = repeated;
        continue;
      }
      if ((end !== -1 || ended) && isControlLine(line, this.#rules)) {
        this.#held = this.#held.slice(line.length);
        continue;
      }
      if (this.#behindChoice && (end === -1 ? mayBeReasonLine(line) : isReasonLine(line))) {
        const behind = this.#held.slice(line.length).trimStart();
        if (behind === '' && !ended) return false;
        if (behind !== '' && isReasonLine(line)) {
          this.#held = behind;
          continue;
        }
      }
      this.#held = withoutRole(withoutLabel(this.#held), this.#rules.speaker);
      if (this.#held === before) break;
    }
    const unquoted = this.#unquoted(ended);
    if (unquoted === null) return false;
    this.#held = unquoted;
    this.#hasBegun = true;
    return true;
  }

  /** Drops what closes the choice on its line, and a remark on it. Returns false while that may go on. */
  #closed(ended: boolean): boolean {
    const behind = behindChoice(this.#held, ended, this.#rules);
    if (behind === null) return false;
    this.#held = behind;
    this.#closes = false;
    return true;
  }

  #mayBeLead(line: string): boolean {
    return mayBeControl(line) || mayBeLabel(line) || mayBeRole(line, this.#rules.speaker);
  }

  /** The message without quotes or a fence around all of it; null while that cannot be told. */
  #unquoted(ended: boolean): string | null {
    if (!this.#isFenced && mayBeFenced(this.#held)) {
      if (this.#held.length > MAX_QUOTED_LENGTH) return this.#held;
      if (!ended) return null;
      const inside = fencedMessage(this.#held);
      return inside === null || inside.includes('```') ? this.#held : inside;
    }
    const closing = closingQuote(this.#held);
    if (closing === null) return this.#held;
    const end = this.#held.indexOf(closing, 1);
    if (end === -1) return ended || this.#held.length > MAX_QUOTED_LENGTH ? this.#held : null;
    const rest = this.#held.slice(end + 1);
    if (rest.trim() !== '') return this.#held;
    return ended ? this.#held.slice(1, end) : null;
  }

  /** Passes a text on, but for what may turn out to be its end. */
  #pass(text: string): string[] {
    const body = this.#isFenced ? trimEndOf(text, '`') : text.trimEnd();
    const rest = text.slice(body.length);
    if (body === '') {
      this.#tail += rest;
      return [];
    }
    const piece = this.#tail + body;
    this.#tail = rest;
    const said = this.#said === null ? null : this.#said + piece;
    this.#said = said === null || said.length > MAX_DOUBTFUL_LENGTH ? null : said;
    return [piece];
  }
}

/** Tells whether an unfinished line may be the name of the agent or its role, and nothing else. */
function isOwnName(line: string, speaker: string): boolean {
  return ['assistant:', `${speaker.toLowerCase()}:`].some((name) => name.startsWith(line.toLowerCase()));
}

/** Tells whether the last line of an answer is a choice, a role or a sign that was cut off. */
function isCut(line: string, speaker: string): boolean {
  if (line.length > MAX_NAME_LENGTH) return false;
  const plain = line.trim();
  if (/^(?:[*_~#-]{2,}|\{|(?:action|exit|choice)\s?[:：])$/i.test(plain)) return true;
  const names = ['assistant', 'user', 'human', speaker.trim().toLowerCase()];
  if (names.some((name) => name !== '' && `${name}:` === plain.toLowerCase())) return true;
  const [, word = ''] = /^\{\s?["'“]([a-z]{0,6})(?:["'”]\s?(?::\s?["']?\d{0,4}["']?)?)?$/i.exec(plain) ?? [];
  return word !== '' && ['action', 'exit', 'choice'].some((kind) => kind.startsWith(word.toLowerCase()));
}

/** The longest name of a speaker on the last line, in UTF-16 units. */
const MAX_NAME_LENGTH = 60;
