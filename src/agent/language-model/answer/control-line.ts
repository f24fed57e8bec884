/** A choice in words, on a line of its own or in front of the message: "**Action 1:**", "Choice: 2", "exit 0 (because …)". Pure. */
import { ALL_WORDS, CHOICE_WORDS, kindNamed, NUMBER_WORD, NUMBER_WORDS, plainWord } from './choice-words.ts';
import { choiceSpelled, optionNamed, type Options, type WrittenChoice } from './options.ts';

/** A choice in words is no longer than this, with its reason. In UTF-16 units. */
export const MAX_CONTROL_LENGTH = 300;

/**
 * Characters without a meaning in front of a choice: quotes, lists, headings, bold, brackets, arrows, emoji, marks of
 * direction, and `\boxed{` of TeX.
 */
const DECORATION =
  /^(?:<\/?(?:[biupq]|h[1-6]|em|strong|code|span|mark|li)>|<!--|\/[*/]|[\s>=:#*_~`"'“”‘’«‹([<|•·–—\-【「『（〔《←-⇿➔-➿\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{So}\p{Sk}]|\\(?:boxed|text)\{)+/u;
/** A sign or a letter of a list in front of the word of a choice, or of its JSON. */
const SIGIL = /^(?:[@!/+]\s?|[a-c]\)\s)(?=[\p{L}{])/iu;
/** Characters between the word of a choice and its number. */
const BETWEEN = /^(?:[\s:：=#,([{<）)\]"'“‘`*_→>|№\u200E\u200F\u202A-\u202E\u2066-\u2069]|->|[-–—]\s)+/;
/** Characters that close a choice on its line. */
const CLOSING =
  /^(?:<\/?(?:[biupq]|h[1-6]|em|strong|code|span|mark|li)>|-->|\*\/|[\s`*_~"'”’»›)\]}>|.,;:!=：\p{Default_Ignorable_Code_Point}\u200E\u200F\u202A-\u202E\u2066-\u2069\p{So}–—\-】」』）〕》。]|\uFE0F|\u20E3)+/u;

/** Words between the word of a choice and its number: "exit condition 1", "action number 2". */
const QUALIFIERS = new Set('condition index number option no nr id n is'.split(' '));
/** Words of which a label in front of a choice is made: "My final answer: …", "Line 1: …". */
const LABEL_WORDS = new Set(
  'my the your final first next best choice decision selection answer output json response result line step 1'.split(
    ' ',
  ),
);
const MAX_LABEL_LENGTH = 40;

/** A choice on a line. `rest` is a part of the message that stands behind it. */
export interface ControlLine {
  choice: WrittenChoice;
  rest: string;
  /** True when the option is named by its words and not by its number. */
  isNamed: boolean;
}

/** Returns a text without the decoration at its begin. */
export function undecorated(text: string): string {
  return text.replace(DECORATION, '').replace(SIGIL, '');
}

const REASON_WORDS = ['because', 'since', 'reason', 'as the user', 'due to', 'the user'];
const LEADING = /^[\s:–—,-]+/;

/** Tells whether a text behind a choice is a reason for it, so no part of the message: "(because the user asked)". */
export function isReason(text: string): boolean {
  const plain = text.replace(LEADING, '').trimEnd().toLowerCase();
  if (plain.startsWith('(')) return plain.endsWith(')') || plain.endsWith(').');
  if (plain.startsWith('[')) return plain.endsWith(']') || plain.endsWith('].');
  return REASON_WORDS.some((word) => plain.startsWith(word));
}

/** Tells whether an unfinished text behind a choice may turn out to be a reason for it and nothing else. */
export function mayBeReason(text: string): boolean {
  if (text.length > MAX_CONTROL_LENGTH) return false;
  const plain = text.replace(LEADING, '').toLowerCase();
  if (plain === '' || plain.startsWith('(') || plain.startsWith('[')) return true;
  return REASON_WORDS.some((word) => plain.startsWith(word) || word.startsWith(plain));
}

/** Returns the part of the message that stands behind a choice on its line, or an empty text. */
function messageBehind(text: string, options: Options): string {
  const rest = text.replace(CLOSING, '').trim();
  if (rest === '' || isReason(text) || isReason(rest)) return '';
  // "Action 1: Explain the opening hours" repeats the option.
  return optionNamed(rest, [...options.actions, ...options.exits]) === null ? rest : '';
}

/** Tells whether a text begins with a number, or with a word such as "number" in front of one. */
function beginsWithValue(text: string): boolean {
  const [word = ''] = /^[\p{L}\p{M}]+/u.exec(text) ?? [];
  return numberAt(text) !== '' || /^\p{Nd}/u.test(text) || QUALIFIERS.has(word.toLowerCase());
}

/** Returns a line without a label in front of its choice. */
function unlabelled(line: string): string {
  const begin = line.slice(0, MAX_LABEL_LENGTH);
  const colon = begin.search(/[:：]/);
  if (colon === -1) return line;
  const words = begin.slice(0, colon).toLowerCase().split(/\s+/);
  const isLabel = words.every((word) => LABEL_WORDS.has(word));
  const rest = undecorated(line.slice(colon + 1));
  const isChoice = words.length > 1 || CHOICE_WORDS.has(words[0] ?? '');
  if (isLabel && isChoice && beginsWithValue(rest)) return `choice: ${rest}`;
  // "Choice: 2" is a choice itself.
  return isLabel && /^\p{L}/u.test(rest) ? rest : line;
}

/** Words in front of the word of a choice: "My chosen action", "The best action is 1". */
const FILLERS = /^(?:(?:my|the|your|final|first|next|best|chosen|selected)\s{1,3}){1,3}(?=\p{L})/iu;

/** The word of a choice at the begin of a line, and what follows it. */
interface Word {
  /** Null for a word of either kind. */
  kind: WrittenChoice['kind'];
  rest: string;
}

function choiceWord(whole: string): Word | null {
  const line = whole.replace(FILLERS, '');
  // Words of some languages are written in two parts.
  for (const pattern of [/^[\p{L}\p{M}]+/u, /^[\p{L}\p{M}]+ [\p{L}\p{M}]+/u]) {
    const [word = ''] = pattern.exec(line) ?? [];
    const kind = kindNamed(word);
    if (kind !== null || CHOICE_WORDS.has(plainWord(word))) return { kind, rest: line.slice(word.length) };
  }
  return null;
}

/**
 * Skips what stands between the word and its number. `isSet` tells whether a sign such as a colon sets the value; `kind`
 * is what a second word names: "Selected action: 1", "Acción (action): 1".
 */
function behindWord(text: string): { rest: string; isSet: boolean; kind: WrittenChoice['kind'] } {
  // "action-1" and "action.1" are joined names.
  let rest = text.replace(/^[-.](?=\p{Nd})/u, '');
  let isSet = false;
  let kind: WrittenChoice['kind'] = null;
  for (let round = 0; round < 4; round += 1) {
    const [between = ''] = BETWEEN.exec(rest) ?? [];
    isSet ||= /[:：=#→№]|->/.test(between);
    rest = rest.slice(between.length);
    const [word = ''] = /^[\p{L}\p{M}]+\.?/u.exec(rest) ?? [];
    const plain = word.toLowerCase().replace('.', '');
    kind ??= kindNamed(plain);
    if (word === '' || (!QUALIFIERS.has(plain) && kindNamed(plain) === null)) break;
    rest = rest.slice(word.length);
  }
  return { rest, isSet, kind };
}

/** A Roman numeral or an ideograph for a number at the begin of a text. */
const OTHER_NUMBER = /^(?:[IVX]{1,6}|[〇一二三四五六七八九十])(?![\p{L}\p{N}])/u;

/** A number at the begin of a text: no measure, no time, and no part of a word. */
function numberAt(text: string): string {
  const [word = ''] = NUMBER_WORD.exec(text) ?? OTHER_NUMBER.exec(text) ?? [];
  if (word !== '') return word;
  const [number = ''] = /^(?:-?\p{Nd}{1,4}|[⓪①-⑳⁰¹²³⁴-⁹₀-₉])/u.exec(text) ?? [];
  return number !== '' && /^(?![\p{Nd}\p{L}%°/€$]|[.,:–—-]\p{Nd})/u.test(text.slice(number.length))
    ? number
    : '';
}

/** "1" and "[1]" on a line of their own. */
function bareNumber(line: string, options: Options): ControlLine | null {
  // A list of numbers is a message.
  if (/^\s*[-–*•+]\s/.test(line)) return null;
  const plain = undecorated(line);
  const number = numberAt(plain);
  if (!/^[-\p{Nd}⓪①-⑳]/u.test(number)) return null;
  const behind = plain.slice(number.length).replace(CLOSING, '');
  // "1 - Explain the opening hours" has the option behind its number.
  if (behind !== '' && choiceSpelled(behind, { ...options, exits: [] }) === null) return null;
  const isBracketed = /^[[(]/.test(line.trimStart());
  if (!isBracketed && Number(number) >= options.actions.length) return null;
  return { choice: { kind: null, value: number }, rest: '', isNamed: false };
}

/** A line that is an option, word for word, and nothing else. */
function spelled(line: string, options: Options): ControlLine | null {
  const choice = choiceSpelled(line, options);
  return choice === null ? null : { choice, rest: '', isNamed: true };
}

/** A sentence about an exit that is taken: "Exit condition 0 is met." */
const MET =
  /^\s{1,3}(?:is |was |has been |have been )?(?:met|fulfilled|satisfied|reached|applies|apply|fits)\b[^\n]{0,60}$/i;

/**
 * Tells whether a sentence goes on behind a number, as in "Exit 12 is closed today" and "Selection: 3 items". What follows
 * a choice is closed off from it. `isSet` tells whether a sign such as a colon sets the number.
 */
function goesOn(behind: string, isSet: boolean, { actions, exits }: Options): boolean {
  if (!/^\s+\p{L}/u.test(behind) || isReason(behind)) return false;
  if (isSet && !/^\s+\p{Ll}/u.test(behind)) return false;
  return optionNamed(behind, [...actions, ...exits]) === null;
}

/** Returns the choice that a line is, or begins with; null when it is a line like any other. */
export function controlLine(line: string, options: Options): ControlLine | null {
  if (line.length > MAX_CONTROL_LENGTH) return null;
  const word = choiceWord(unlabelled(undecorated(line)));
  if (word === null) return spelled(line, options) ?? bareNumber(line, options);
  const { rest, isSet, kind: second } = behindWord(word.rest);
  const kind = word.kind ?? second;
  const value = numberAt(rest);
  if (value !== '') {
    const behind = rest.slice(value.length);
    if (kind === 'exit' && MET.test(behind)) return { choice: { kind, value }, rest: '', isNamed: false };
    if (goesOn(behind, isSet && !/^\p{L}/u.test(value), options)) return null;
    // "action: exit 0" names an exit.
    return {
      choice: { kind: second ?? kind, value },
      rest: messageBehind(behind, options),
      isNamed: false,
    };
  }
  if (!isSet || kind === null || rest.trim() === '') return null;
  const name = rest
    .replace(CLOSING, '')
    .trim()
    .replace(/["'”»*`.]{1,4}$/, '');
  return { choice: { kind, value: name }, rest: '', isNamed: true };
}

/** The longest JSON of a choice that a line of a message is held for, in UTF-16 units. */
const MAX_JSON_LENGTH = 120;

/** Words with which a choice is repeated inside of a message. There are few, because each holds up a line that begins so. */
const REPEATED_WORDS = 'action exit choice option acción salida aktion ausgang sortie'.split(' ');

/** Tells whether a line begins with a word with which a choice is repeated. */
export function isRepeating(line: string): boolean {
  const [word = ''] = /^[\p{L}\p{M}]+/u.exec(undecorated(line)) ?? [];
  return word === '' || REPEATED_WORDS.includes(word.toLowerCase());
}

/** The begin of JSON with the word of a choice, in any quotes. */
const BEGUN_JSON = /^\{[\s{"'“`*_:]{0,8}(?:[\p{L}_]{0,30}(?:["'”`*]{0,3}\s{0,8}(?:[:=>：-].*)?)?)?$/u;
/** The begin of an element, a comment or a sign in front of a choice. */
const BEGUN_DECORATION = /^(?:<?(?:!-{0,2}|\/?[biupqhesclm][a-z1-6]{0,5})?|[@!/+]\s?|[a-c]\)?\s?)$/i;

/** Tells whether an unfinished line may turn out to be a choice, so that it must not be passed on yet. */
export function mayBeControl(line: string): boolean {
  if (line.length > MAX_CONTROL_LENGTH) return false;
  const plain = undecorated(line);
  if (plain === '') return line.length <= 8;
  if (plain.startsWith('{')) return plain.length <= MAX_JSON_LENGTH && BEGUN_JSON.test(plain);
  if (BEGUN_DECORATION.test(plain)) return true;
  const lower = plain.toLowerCase();
  if (REPEATED_WORDS.some((word) => word.startsWith(lower))) return true;
  const word = choiceWord(plain);
  if (word === null) return false;
  const { rest } = behindWord(word.rest);
  // Behind a number, a reason or a message may stand on the line.
  const begun = rest.toLowerCase();
  return (
    /^(?:[-.=]|)$/.test(rest) ||
    /^-?\p{Nd}{1,4}(?!\p{L})/u.test(rest) ||
    /^[⓪①-⑳⁰¹²³⁴-⁹₀-₉]/u.test(rest) ||
    NUMBER_WORD.test(rest) ||
    [...QUALIFIERS, ...NUMBER_WORDS, ...REPEATED_WORDS].some((name) => name.startsWith(begun))
  );
}

/** Words in front of the word of a choice, and words of it. */
const FIRST_WORDS: readonly string[] = [...ALL_WORDS, ...LABEL_WORDS, 'chosen', 'selected'];

/**
 * Tells whether the unfinished first line of an answer may turn out to be a choice. It may have any word of a choice: one
 * line of an answer is held for longer than the others.
 */
export function mayBeFirstControl(line: string): boolean {
  if (line.length > MAX_CONTROL_LENGTH) return false;
  const plain = undecorated(line);
  const word = plainWord(plain.replace(FILLERS, ''));
  const [label] = /^[a-z\s]{1,40}(?=[:：]\s?$)/i.exec(plain) ?? [];
  if (label?.split(/\s+/).every((part) => LABEL_WORDS.has(part.toLowerCase())) === true) return true;
  return (
    mayBeControl(line) ||
    FIRST_WORDS.some((known) => known.startsWith(word)) ||
    mayBeControl(unlabelled(plain))
  );
}

/**
 * Tells whether a line was held from its begin to its end, as it came: only then may it be dropped. Otherwise what the
 * user sees would depend on how the network cuts the answer.
 */
export function wasHeld(line: string, isHeld: (begin: string) => boolean = mayBeControl): boolean {
  const characters = Array.from(line.slice(0, MAX_CONTROL_LENGTH));
  let begun = '';
  return characters.every((character) => isHeld((begun += character)));
}
