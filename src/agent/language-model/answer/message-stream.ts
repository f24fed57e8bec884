/** The message behind a choice, passed on as it comes: without labels, fences, quotes around it and repeated choices. */
import { trimEndOf } from '../../../text.ts';
import { mayBeControl } from './control-line.ts';
import { fencedMessage, mayBeFenced, withoutFence } from './fences.ts';
import { mayBeRole, withoutRole } from './head.ts';
import { choiceAtEnd } from './choice-at-end.ts';
import { isOfSubject, mayBeLabel, withoutLabel } from './labels.ts';
import { behindChoice, isReasonLine, mayBeReasonLine } from './lead-in.ts';
import { beginsTurn, isMadeUp, mayBeginTurn } from './made-up-turn.ts';
import type { Options } from './options.ts';
import { behindRepeated, fencedChoiceLength, isControlLine, isLastChoice, MORE } from './repeated-choice.ts';
import { isCut, isOwnName } from './cut-end.ts';

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”',
  '«': '»',
  '„': '“',
  "'": "'",
  '‘': '’',
};
/** A quote that is a part of the message, but in a line of data: "message: 'Open.'". */
const SINGLE = /^['‘]/;
/** The number of a message behind a choice that has the first. */
const SECOND = /^\(?2[.)]\s+/;

/** The begin or the end of code in a message. */
const CODE_FENCE = /^\s{0,8}(?:`{3}|~~~)/;

/** A closing fence, or the begin of one. */
const CLOSING_FENCE = /^\s*(?:`{1,4}|~{1,3})\s*$/;

/** A message in quotes is held to its end, up to this length in UTF-16 units. */
const MAX_QUOTED_LENGTH = 2_000;

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

/** The rules by which a message is read: those of `ChoiceRules` that matter there. */
export interface MessageRules extends Options {
  speaker: string;
  heard?: readonly string[];
}

/** Facts about an answer in front of its message. */
export interface MessageFront {
  /** True where a fence opens in front of the choice. */
  isFenced: boolean;
  behindChoice: boolean;
  /** True where the choice has a label: "Action: 1", "Choice: {…}". */
  isLabelled?: boolean;
  /** True where the choice is the first entry of a numbered list. */
  isNumbered?: boolean;
}

/** A message as it comes. */
export class MessageStream {
  readonly #rules: MessageRules;
  readonly #front: MessageFront;
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

  constructor(rules: MessageRules, front: MessageFront) {
    this.#rules = rules;
    this.#front = front;
    const { isFenced, behindChoice: isBehind } = front;
    this.#isFenced = isFenced;
    this.#closes = isBehind;
    this.#behindChoice = isBehind;
  }

  /** Tells whether the message so far ends inside of a fence of code. */
  get isInCode(): boolean {
    return this.#isInCode || (this.#hasBegun && this.#atLineStart && CODE_FENCE.test(this.#held));
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
        const fenced = this.#isInCode ? null : fencedChoiceLength(this.#held, ended, this.#rules);
        if (fenced === MORE) break;
        if (fenced !== null) {
          this.#held = this.#held.slice(fenced).replace(/^\n/, '');
          continue;
        }
        if (end === -1 && ended && this.#hasSaid(text) && this.#isNoEnd(line)) {
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

  /** Tells whether the last line of an answer is no part of its message. */
  #isNoEnd(line: string): boolean {
    if (isLastChoice(line, this.#rules)) return true;
    return isCut(line, this.#rules.speaker) && !(this.#isInCode && line.startsWith('`'));
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
      if (this.#isFenced && /^(?:[`~]|'''|""")/.test(this.#held)) {
        if (/^(?:`{1,3}|~{1,2})$/.test(this.#held) && !ended) return false;
        this.#isFenced = false;
        this.#held = this.#held.replace(/^(?:`{1,4}|~{1,3}|'''|""")/, '');
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
      this.#held = this.#unlabelled(this.#held);
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

  /** Returns a text without its number, a label and the name of the speaker. */
  #unlabelled(text: string): string {
    const { isLabelled = false, isNumbered = false } = this.#front;
    const bare = isNumbered ? text.replace(SECOND, '') : text;
    // "Model: T" is a line of data.
    const isText = (name: string) => name === 'model' || isOfSubject(name, this.#rules);
    return withoutRole(withoutLabel(bare, { ...this.#rules, isLabelled }), this.#rules.speaker, isText);
  }

  #mayBeLead(line: string): boolean {
    if (this.#front.isNumbered === true && /^\(?2?[.)]?\s?$/.test(line)) return true;
    return mayBeControl(line) || mayBeLabel(line) || mayBeRole(line, this.#rules.speaker);
  }

  /** The message without quotes or a fence around all of it; null while that cannot be told. */
  #unquoted(ended: boolean): string | null {
    const { isLabelled = false } = this.#front;
    if (!this.#isFenced && mayBeFenced(this.#held)) {
      if (this.#held.length > MAX_QUOTED_LENGTH) return this.#held;
      if (!ended) return null;
      const inside = fencedMessage(this.#held);
      return inside === null || inside.includes('```') ? this.#held : inside;
    }
    const closing = isLabelled || !SINGLE.test(this.#held) ? closingQuote(this.#held) : null;
    if (closing === null) return this.#held;
    const end = this.#held.indexOf(closing, 1);
    if (end === -1) return ended || this.#held.length > MAX_QUOTED_LENGTH ? this.#held : null;
    const behind = this.#held.slice(end + 1);
    // A fence around the choice may close behind the quote, part by part.
    if (behind.trim() !== '' && !(this.#isFenced && CLOSING_FENCE.test(behind))) return this.#held;
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
