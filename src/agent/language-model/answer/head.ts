/** The begin of an answer: a choice as JSON or in words, with what models write in front of it. Pure. */
import { readChoice, jsonEnd } from './choice-json.ts';
import { controlLine, MAX_CONTROL_LENGTH, mayBeControl } from './control-line.ts';
import { choiceOf, type Options, type WrittenChoice } from './options.ts';

/** The begin of an answer, taken apart. */
export interface Head {
  /** Null for an object that is no choice. */
  choice: WrittenChoice | null;
  /** A message inside the choice. */
  said: string;
  /** The answer behind the choice. */
  rest: string;
  /** True when a code fence opens in front of the choice. */
  isFenced: boolean;
}

/** The rules by which the begin of an answer is read: those of `ChoiceRules` that matter there. */
export interface HeadRules extends Options {
  chosen: boolean;
  speaker: string;
}

/** Longer than any choice, even one that has its message inside. */
const MAX_HEAD_LENGTH = 16_000;
const FENCE = /^(?:`{1,3}|~~~)(?:json|text|plaintext|markdown|md|xml|yaml|js|javascript)?\s*/i;
const LABEL =
  /^(?:(?:my|the|your|final|first|next)\s+)*(?:choice|decision|selection|answer|output|json|response|result|line|step)(?:\s*\d)?\s*[:：]\s*/i;

/** Signs that may stand in front of a choice, and the name of a fence's language: alone they tell nothing of what follows. */
const SIGNS_ALONE = /^[\s`~*_>#•–-]*(?:j|js|jso|json\s*)?$/i;

const NAMES = ['assistant', 'agent', 'ai', 'bot', 'chatbot', 'model'];
/** The longest name of a speaker that is looked for, in UTF-16 units. */
const MAX_NAME_LENGTH = 60;

/** Returns the text without the name of the speaker in front of what is said: "Assistant:", "**Mira:**". */
export function withoutRole(text: string, speaker: string): string {
  const named = text.replace(/^[*_]{1,2}/, '');
  const begin = named.slice(0, MAX_NAME_LENGTH).toLowerCase();
  for (const name of [...NAMES, speaker.trim().toLowerCase().slice(0, MAX_NAME_LENGTH)]) {
    if (name === '' || !begin.startsWith(name)) continue;
    const behind = named.slice(name.length);
    const [colon = ''] = /^[*_]{0,2} ?[:：][*_]{0,2}\s*/.exec(behind) ?? [];
    if (colon !== '') return behind.slice(colon.length);
  }
  return text;
}

/** Removes what has no meaning in front of a choice: fences, roles, list signs, labels. `body` is the rest. */
function lead(text: string, { speaker }: HeadRules): { body: string; isFenced: boolean } {
  let body = text;
  let isFenced = false;
  for (let round = 0; round < 6; round += 1) {
    const fence = FENCE.exec(body);
    if (fence !== null && /^(?:`{3}|~~~|`+\s*[{["\p{L}])/u.test(body)) {
      isFenced = true;
      body = body.slice(fence[0].length);
      continue;
    }
    const without = withoutRole(body, speaker)
      .replace(/^(?:[*_>#•–-]{1,3}|\d[.)](?=\s*[{[]))\s*(?=[{[\p{L}"`*])/u, '')
      .replace(/^json\s*(?=\{)/i, '')
      .replace(/^["'“](?=\{)/, '')
      .replace(/^\((?=\{)/, '');
    const labelled = LABEL.exec(without);
    const next =
      labelled !== null && /^[\s`*"]*[{[]/.test(without.slice(labelled[0].length))
        ? without.slice(labelled[0].length).replace(/^[\s*"]+/, '')
        : without;
    if (next === body) break;
    body = next;
  }
  return { body, isFenced };
}

/** Returns where an object ends whose quotes are escaped: behind its first brace. Null for any other text. */
function escapedEnd(body: string): number | null {
  if (!/^\{\s*\\["']/.test(body)) return null;
  const end = body.slice(0, MAX_CONTROL_LENGTH).indexOf('}');
  return end === -1 ? null : end + 1;
}

/** A choice whose brace is missing at the end of its line. */
const OPEN_LINE =
  /^\{\s*["'“]?[\p{L}_]{1,30}["'”]?\s*[:=]\s*["'“]?-?\p{Nd}{1,4}["'”]?,?[^\S\n]*(?=\n(?!\s*["'},]))/u;

function inJson(body: string, isFenced: boolean, ended: boolean): Head | 'more' | null {
  const end = escapedEnd(body) ?? jsonEnd(body, 0);
  if (end === null && !ended && body.length < MAX_HEAD_LENGTH) return 'more';
  const [open] = end === null ? (OPEN_LINE.exec(body) ?? []) : [];
  if (open !== undefined) {
    const choice = readChoice(`${open}}`)?.choice ?? null;
    if (choice !== null) return { choice, said: '', rest: body.slice(open.length), isFenced };
  }
  const read = readChoice(body.slice(0, end ?? undefined));
  if (read === null) return null;
  return { ...read, rest: end === null ? '' : body.slice(end), isFenced };
}

function inWords(body: string, isFenced: boolean, ended: boolean, rules: HeadRules): Head | 'more' | null {
  const end = body.indexOf('\n');
  const line = end === -1 ? body : body.slice(0, end);
  if (line.length > MAX_CONTROL_LENGTH) return null;
  if (end === -1 && !ended && (!rules.chosen || mayBeControl(line))) return 'more';
  const control = controlLine(line, rules);
  if (control === null) return null;
  if (control.isNamed && rules.chosen && choiceOf(control.choice, rules) === null) return null;
  const rest = `${control.rest}${end === -1 ? '' : body.slice(end)}`;
  return { choice: control.choice, said: '', rest, isFenced };
}

/** Tells whether a text may be an unfinished role or fence in front of a choice. */
function mayBeLead(text: string, { speaker }: HeadRules): boolean {
  const plain = text.replace(/^[*_]+/, '').toLowerCase();
  const names = ['assistant:', 'agent:', 'ai:', 'bot:', 'model:', `${speaker.toLowerCase()}:`];
  return names.some((name) => name.startsWith(plain)) || /^(?:`{1,3}|~{1,3})[a-z]{0,10}\s*$/i.test(text);
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
  const { body, isFenced } = lead(inHalfWidth(text), rules);
  if (body === '') return ended ? null : 'more';
  if (/^[{[]/.test(body)) {
    const json = inJson(body, isFenced, ended);
    if (json !== null || body.startsWith('{')) return json;
  }
  return inWords(body, isFenced, ended, rules);
}
