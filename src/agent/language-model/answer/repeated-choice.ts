/** A choice that is repeated in the message behind it: on a line, as JSON, or in a fence of its own. Pure. */
import { kindNamed } from './choice-words.ts';
import { jsonEnd, readChoice } from './choice-json.ts';
import {
  controlLine,
  isRepeating,
  MAX_CONTROL_LENGTH,
  mayBeControl,
  undecorated,
  wasHeld,
} from './control-line.ts';
import { JsonMessage } from './json-message.ts';
import { choiceOf, type Options, type WrittenChoice } from './options.ts';

/** Tells whether a choice names its kind: in itself or in its value, as "action 1". */
function namesKind(choice: WrittenChoice | null): boolean {
  const [word = ''] = /^\p{L}{1,20}/u.exec(choice?.value ?? '') ?? [];
  return choice !== null && (choice.kind !== null || kindNamed(word) !== null);
}

/** Tells whether a line is a choice and nothing else, so that it is no part of a message. */
export function isControlLine(line: string, options: Options): boolean {
  if (line.length > MAX_CONTROL_LENGTH || line.trim() === '') return false;
  const json = undecorated(line);
  if (json.startsWith('{')) {
    const end = jsonEnd(json, 0);
    const read = end === null ? null : readChoice(json.slice(0, end));
    const isAlone =
      end !== null &&
      /^(?:-->|\*\/|<\/[a-z]{1,8}[1-6]?>|[\s`*_.~=|$%"'”’»)\]】」!>])*$/.test(json.slice(end));
    return isAlone && read !== null && namesKind(read.choice) && read.said === '' && wasHeld(line);
  }
  const control = isRepeating(line) ? controlLine(line, options) : null;
  if (control === null || control.isNamed || control.choice.kind === null || control.rest !== '')
    return false;
  return choiceOf(control.choice, options) !== null && wasHeld(line);
}

/** The longest JSON of another choice that is waited for, in UTF-16 units. */
const MAX_JSON_LENGTH = 16_000;
/** Tells that the JSON has not ended. */
export const MORE: unique symbol = Symbol('more');
const REPEATED = /^\{[\s"'“”]{0,10}(?:action|exit|choice|message|type|content|role|text|reply|response)/i;

/**
 * Returns the text behind a choice that is repeated as JSON, or the message inside of it. Null for a text that begins
 * otherwise; `MORE` while the JSON has not ended.
 */
export function behindRepeated(text: string, ended: boolean): string | typeof MORE | null {
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

/** A fence that opens, with its line end. */
const OPENING = /^(`{3}|~{3})[\w ]{0,12}\n/;
const OPEN_OPENING = /^(?:`{1,3}|~{1,3}|(?:`{3}|~{3})[\w ]{0,12})$/;

/**
 * Returns the length of a fence at the begin of a text that holds a choice and nothing else; null for any other text;
 * `MORE` while that cannot be told.
 */
export function fencedChoiceLength(
  text: string,
  ended: boolean,
  options: Options,
): number | typeof MORE | null {
  const [opening, fence = ''] = OPENING.exec(text) ?? [];
  if (opening === undefined) return !ended && OPEN_OPENING.test(text) ? MORE : null;
  const inside = text.slice(opening.length);
  const end = inside.indexOf('\n');
  const line = end === -1 ? inside : inside.slice(0, end);
  if (end === -1 && !ended) return mayBeControl(line) ? MORE : null;
  if (!isControlLine(line, options)) return null;
  const behind = inside.slice(line.length + 1);
  if (!ended && behind.length < fence.length && fence.startsWith(behind)) return MORE;
  if (behind !== '' && !behind.startsWith(fence)) return null;
  return opening.length + line.length + (end === -1 ? 0 : 1) + (behind === '' ? 0 : fence.length);
}

/** The word of a choice of either kind that the last line of an answer repeats. */
const LAST_WORD = /^choice\s?[:：]/i;

/** Tells whether the last line of an answer is its choice once more, without its kind: "**Choice: 1**". */
export function isLastChoice(line: string, options: Options): boolean {
  const plain = undecorated(line);
  if (!LAST_WORD.test(plain) || !wasHeld(line)) return false;
  const control = controlLine(line, options);
  return (
    control !== null && control.rest === '' && !control.isNamed && choiceOf(control.choice, options) !== null
  );
}
