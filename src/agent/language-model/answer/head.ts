/** The begin of an answer: a choice as JSON or in words, with what models write in front of it. Pure. */
import { jsonCalls, type WrittenCall } from './calls-in-text.ts';
import { readChoice, jsonEnd } from './choice-json.ts';
import {
  controlLine,
  type ControlLine,
  MAX_CONTROL_LENGTH,
  mayBeFirstControl,
  wasHeld,
} from './control-line.ts';
import { mayBeOwnChoice, ownChoice } from './choice-sentence.ts';
import { choiceOf, type Options, type WrittenChoice } from './options.ts';

/** Marks in front of a choice, and around it. */
export interface Front {
  /** True when a code fence opens in front of the choice. */
  isFenced: boolean;
  /** True when the choice has a label: "Action: 1", "Choice: {…}". */
  isLabelled: boolean;
  /** True when the choice is the first entry of a numbered list. */
  isNumbered: boolean;
}

/** The begin of an answer, taken apart. */
export interface Head extends Front {
  /** Null for an object that is no choice. */
  choice: WrittenChoice | null;
  /** A message inside the choice. */
  said: string;
  /** The answer behind the choice. */
  rest: string;
  /** Calls of tools in place of a choice. */
  calls: WrittenCall[];
}

/** The rules by which the begin of an answer is read: those of `ChoiceRules` that matter there. */
export interface HeadRules extends Options {
  chosen: boolean;
  speaker: string;
}

/** Longer than any choice, even one that has its message inside. */
const MAX_HEAD_LENGTH = 16_000;
/** Characters without a shape at the begin of an answer. */
const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFFD]+\s*/u;
const FENCE =
  /^(?:`{3,4}|~{3}|'{3}|"{3})[^\S\n]?[\w-]{0,15}[^\S\n]*\n\s*|^(?:`{1,4}|~~~)(?:json|text|plaintext|markdown|md|xml|yaml|js|javascript)?\s*/i;
const LABEL =
  /^(?:(?:my|the|your|final|first|next)\s+)*(?:choice|decision|selection|answer|output|json|response|result|line|step)(?:\s*\d)?\s*[:：]\s*/i;

/** Signs that may stand in front of a choice, and the name of a fence's language: alone they tell nothing of what follows. */
const SIGNS_ALONE = /^[\s`~*_>#•–-]*(?:j|js|jso|json\s*)?$/i;

/** Names of the model's own role, in the languages that models fall into. */
export const NAMES: readonly string[] =
  'assistant agent ai bot chatbot model asistente assistent assistente agente asystent asistan ассистент помощник 助手 客服 アシスタント 어시스턴트 المساعد'.split(
    ' ',
  );
/** The longest name of a speaker that is looked for, in UTF-16 units. */
const MAX_NAME_LENGTH = 60;

/** Signs around the name of a speaker: headings, quotations, bold, brackets. */
const BEFORE_NAME = /^[#>*_\s]{0,8}[[<(]?/;
/** Text between a name and what is said: a second name, "says", and a colon. */
const BEHIND_NAME = /^[\])>]?(?:\s{0,2}\(?(\p{L}{1,30})\)?)?[*_\])>]{0,3}\s?[:：][*_]{0,2}\s*/u;

function ownNames(speaker: string): string[] {
  const own = speaker.trim().toLowerCase().slice(0, MAX_NAME_LENGTH);
  return own === '' ? [...NAMES] : [...NAMES, own];
}

/**
 * Returns the text behind the name of the speaker in front of what is said: "Assistant:", "**Mira:**", "[Mira] ". `isText`
 * tells whether a name is a part of what is said.
 */
export function withoutRole(
  text: string,
  speaker: string,
  isText: (name: string) => boolean = () => false,
): string {
  const [before = ''] = BEFORE_NAME.exec(text) ?? [];
  const named = text.slice(before.length);
  const begin = named.slice(0, MAX_NAME_LENGTH).toLowerCase();
  const names = ownNames(speaker);
  for (const name of names) {
    if (!begin.startsWith(name) || isText(name)) continue;
    const behind = named.slice(name.length);
    const [whole, second = ''] = BEHIND_NAME.exec(behind) ?? [];
    const isName = second === '' || names.includes(second.toLowerCase()) || /^says?$/i.test(second);
    if (whole !== undefined && isName) return behind.slice(whole.length);
    // "[Mira] Hello" needs no colon; and a role may stand on a line of its own.
    const [alone] =
      (/[[<]$/.test(before) ? /^[\]>]\s+/ : name === 'assistant' ? /^\s*\n/ : /^$^/).exec(behind) ?? [];
    if (alone !== undefined) return behind.slice(alone.length);
  }
  return text;
}

/** Tells whether an unfinished text may turn out to begin with the name of a speaker. */
export function mayBeRole(text: string, speaker: string): boolean {
  const plain = text.replace(BEFORE_NAME, '').toLowerCase();
  if (plain === '' || plain.length > MAX_NAME_LENGTH) return plain === '' && text.length < 10;
  return ownNames(speaker).some(
    (name) =>
      name.startsWith(plain) ||
      (plain.startsWith(name) &&
        /^[\])>]?(?:\s{0,2}\(?\p{L}{0,30}\)?)?[*_\])>]{0,3}\s?(?:[:：][*_]{0,2}\s*)?$/u.test(
          plain.slice(name.length),
        )),
  );
}

/** Signs and numbers of lists in front of a choice. Behind a number, words are a choice only where one is to be made. */
const LIST_SIGN = /^(?:[*_>#•–-]{1,3}|\(?\d[.)](?=\s*[{[]))\s*(?=[{[\p{L}"`*])/u;
const NUMBERED =
  /^(?:[*_>#•–-]{1,3}|\(?\d[.)](?=\s*(?:[{[]|\*{0,2}(?:[Aa]ction|[Ee]xit|[Cc]hoice)\b)))\s*(?=[{[\p{L}"`*])/u;

/** Removes what has no meaning in front of a choice: fences, roles, list signs, labels. `body` is the rest. */
function lead(text: string, { speaker, chosen }: HeadRules): { body: string; front: Front } {
  let body = text.replace(UNSEEN, '');
  const front = { isFenced: false, isLabelled: false, isNumbered: false };
  for (let round = 0; round < 6; round += 1) {
    const fence = FENCE.exec(body);
    if (fence !== null && /^(?:`{3}|~~~|'''|"""|`+\s*[{["\p{L}])/u.test(body)) {
      front.isFenced = true;
      body = body.slice(fence[0].length);
      continue;
    }
    front.isNumbered ||= /^\(?1[.)]/.test(body);
    const without = withoutRole(body, speaker)
      .replace(chosen ? LIST_SIGN : NUMBERED, '')
      .replace(/^json\s*(?=\{)/i, '')
      .replace(/^["'“](?=\{)/, '')
      .replace(/^\((?=\{)/, '');
    const labelled = LABEL.exec(without);
    const isLabelled = labelled !== null && /^[\s`*"]*[{[]/.test(without.slice(labelled[0].length));
    front.isLabelled ||= isLabelled;
    const next = isLabelled ? without.slice(labelled[0].length).replace(/^[\s*"]+/, '') : without;
    if (next === body) break;
    body = next;
  }
  return { body, front };
}

/** Returns where an object ends whose quotes are escaped: behind its first brace. Null for any other text. */
function escapedEnd(body: string): number | null {
  if (!/^\{\s*\\["']/.test(body)) return null;
  const end = body.slice(0, MAX_CONTROL_LENGTH).indexOf('}');
  return end === -1 ? null : end + 1;
}

/** A choice whose brace is missing at the end of its line. */
const OPEN_LINE =
  /^\{\s*["'“]?[\p{L}_]{1,30}["'”]?\s*[:=]\s*["'“]?-?\p{Nd}{1,4}["'”]?[,)\]>;]?[^\S\n]*(?=\n\s*[^\s"'},])/u;

function inJson(body: string, front: Front, ended: boolean): Head | 'more' | null {
  const end = escapedEnd(body) ?? jsonEnd(body, 0);
  const [open] = OPEN_LINE.exec(body.slice(0, MAX_CONTROL_LENGTH)) ?? [];
  if (open === undefined && end === null && !ended && body.length < MAX_HEAD_LENGTH) return 'more';
  if (open !== undefined) {
    const choice = readChoice(`${open}}`)?.choice ?? null;
    if (choice !== null) return { choice, said: '', rest: body.slice(open.length), ...front, calls: [] };
  }
  const text = body.slice(0, end ?? undefined);
  const rest = end === null ? '' : body.slice(end);
  const read = readChoice(text);
  const calls = read?.choice?.kind == null ? jsonCalls(text) : [];
  if (calls.length > 0) return { choice: null, said: '', rest, ...front, calls };
  return read === null ? null : { ...read, rest, ...front, calls };
}

/** Tells whether a line and the next are two options of a list, each with its number: "Option 1: …", "Option 2: …". */
function isListed(line: string, next: string): boolean {
  const word = /^[\s*_-]*(\p{L}{3,12})[\s*_]*\p{Nd}/u;
  const [first, second] = [word.exec(line)?.[1], word.exec(next)?.[1]];
  return first !== undefined && first.toLowerCase() === second?.toLowerCase();
}

/** The word of a choice as a title, with its number on the next line: "# Action", "**Choice**:". */
const TITLE =
  /^[\s#*_>-]{0,8}(?:action|exit|choice|decision)[\s*_]{0,4}[:：]?[*_]{0,2}\s{0,4}\n\s{0,8}(?=\*{0,2}\d{1,4}[^\p{L}\d\n]{0,4}(?:\n|$))/iu;
const OPEN_TITLE =
  /^[\s#*_>-]{0,8}(?:action|exit|choice|decision)[\s*_]{0,4}[:：]?[*_]{0,2}\s{0,4}\n\s{0,8}\*{0,2}\d{0,4}[^\p{L}\d\n]{0,4}$/iu;
const MAX_TITLE_LENGTH = 60;

/** The begin of the next line that tells whether a list of options goes on, in UTF-16 units. */
const NEXT_LENGTH = 24;

function inWords(body: string, front: Front, ended: boolean, rules: HeadRules): Head | 'more' | null {
  if (!ended && OPEN_TITLE.test(body.slice(0, MAX_TITLE_LENGTH))) return 'more';
  const [title] = TITLE.exec(body) ?? [];
  if (title !== undefined) {
    const words = `choice ${title.replaceAll(/[^\p{L}]/gu, '')} ${body.slice(title.length)}`;
    return inWords(words, { ...front, isLabelled: true }, ended, rules);
  }
  const end = body.indexOf('\n');
  const line = end === -1 ? body : body.slice(0, end);
  if (line.length > MAX_CONTROL_LENGTH) return null;
  if (end === -1 && !ended && (!rules.chosen || mayBeHead(line))) return 'more';
  const isWhole = end !== -1 || ended;
  const control = isWhole ? (controlLine(line, rules) ?? (rules.chosen ? inSentence(line) : null)) : null;
  if (control === null) return null;
  if (rules.chosen && !isRepeated(line, control, rules)) return null;
  if ((control.choice.kind === null && control.rest !== '') || control.isNamed) {
    const next = end === -1 ? '' : body.slice(end + 1).trimStart();
    if (next.length < NEXT_LENGTH && !next.includes('\n') && !ended) return 'more';
    if (isListed(line, next) || next.startsWith('Action Input:')) return null;
  }
  const rest = `${control.rest}${end === -1 ? '' : body.slice(end)}`;
  const isLabelled = front.isLabelled || /[:：=]/.test(line.slice(0, line.length - control.rest.length));
  return { choice: control.choice, said: '', rest, ...front, isLabelled, calls: [] };
}

/** Returns the choice of a sentence about it; null for any other line. */
function inSentence(line: string): ControlLine | null {
  const choice = ownChoice(line);
  return choice === null ? null : { choice, rest: '', isNamed: false };
}

/** Tells whether an unfinished first line may turn out to repeat a choice that was made before. */
function mayBeHead(line: string): boolean {
  return mayBeFirstControl(line) || mayBeOwnChoice(line);
}

/** Tells whether a line repeats a choice that was made before. A number alone, or an option of a list, is a message. */
function isRepeated(line: string, { choice, rest, isNamed }: ControlLine, rules: HeadRules): boolean {
  if (choice.kind === null && rest !== '') return false;
  if (!/\p{L}/u.test(line)) return false;
  return wasHeld(line, mayBeHead) && (!isNamed || choiceOf(choice, rules) !== null);
}

const LABEL_WORDS =
  'my the your final first next choice decision selection answer output json response result line step'.split(
    ' ',
  );

/** Tells whether a text may be an unfinished label in front of a choice in JSON: "My final answer: ". */
function mayBeLabel(text: string): boolean {
  if (text.length > 40) return false;
  const [, words = '', sign] = /^([a-z\s\d]{1,40})([:：][\s*"`]*)?$/i.exec(text) ?? [];
  const parts = words.toLowerCase().split(/\s+/);
  const last = sign === undefined ? parts.pop() : undefined;
  const isWord = (part: string) => LABEL_WORDS.includes(part) || /^\d?$/.test(part);
  return (
    words !== '' &&
    parts.every(isWord) &&
    (last === undefined || isWord(last) || LABEL_WORDS.some((word) => word.startsWith(last)))
  );
}

/** Tells whether a text may be an unfinished role, label or fence in front of a choice. */
function mayBeLead(text: string, { speaker }: HeadRules): boolean {
  if (mayBeRole(text, speaker) || mayBeLabel(text)) return true;
  return /^(?:`{1,3}|~{1,3}|'''|""")[ \w-]{0,15}\s*$|^'{1,2}$|^"{1,2}$|^\(?\d?[.)]?\s*$/i.test(text);
}

/** A choice in characters of full width, as they stand in texts of East Asia. */
const FULL_WIDTH = /^[｛Ａ-Ｚａ-ｚ][^\n]{0,60}?[０-９0-9](?:\s*｝)?/;

/** Returns a text that begins with a choice in characters of full width, with that choice in ordinary ones. */
function inHalfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (choice) => choice.normalize('NFKC'));
}

/** Tells whether a text has only signs so far: an answer is read alike, whether they come alone or with what follows. */
function isSigns(text: string): boolean {
  return text.length < MAX_HEAD_LENGTH && SIGNS_ALONE.test(text);
}

/**
 * Reads the begin of an answer. Null when it is no choice; 'more' when the text is still too short to tell. The first
 * character of `text` is no white space.
 */
export function readHead(text: string, ended: boolean, rules: HeadRules): Head | 'more' | null {
  if (!ended && (mayBeLead(text, rules) || isSigns(text))) return 'more';
  const { body, front } = lead(inHalfWidth(text), rules);
  if (!ended && front.isFenced && mayBeLead(body, rules)) return 'more';
  if (body === '') return ended ? null : 'more';
  if (/^[{[]/.test(body)) {
    const json = inJson(body, front, ended);
    if (json !== null || body.startsWith('{')) return json;
  }
  return inWords(body, front, ended, rules);
}
