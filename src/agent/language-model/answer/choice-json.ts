/** The JSON of a choice, in the ways that models write it. Pure. */
import * as z from 'zod';
import { kindNamed, numberOf } from './choice-words.ts';
import type { WrittenChoice } from './options.ts';

/** A choice as it was written, and a message that was written inside of it. */
export interface ReadChoice {
  choice: WrittenChoice | null;
  said: string;
}

/** An index as models write it: a number, or its digits in quotes. */
export function indexUpTo(last: number) {
  const digits = z
    .string()
    .trim()
    .refine((text) => numberOf(text) !== null, 'It is a number.')
    .transform((text) => numberOf(text) ?? 0);
  return z.union([z.int().min(0), digits]).refine((index) => index <= last, `It is at most ${last}.`);
}

/** Returns where the object or list that begins at `start` ends; null when it does not. */
export function jsonEnd(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const letter = text[index];
    if (quoted) {
      if (letter === '\\') index += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return null;
}

type Json = Record<string, unknown>;

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** Members in which a kind that was named elsewhere has its number or name. */
const VALUE_KEYS = ['index', 'number', 'n', 'id', 'value', 'name', 'option', 'choice', 'action', 'exit'];
/** Members that hold a choice of either kind. */
const CHOICE_KEYS =
  /^(?:choice|choose|chosen|decision|selection|selected|option|next|answer|result|output|step)/i;
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'input'];

/** `action`, `exit_condition`, `selectedAction` and `exitIndex` name a kind. */
function kindOfKey(key: string): WrittenChoice['kind'] {
  const words = key
    .replaceAll(/([\p{Ll}])([\p{Lu}])/gu, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => kindNamed(word));
  return words.find((kind) => kind !== null) ?? null;
}

function scalar(value: unknown): string | null {
  if (typeof value === 'number') return Number.isInteger(value) || value < 0 ? String(value) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || /^(?:null|none|n\/a|false|undefined)$/i.test(text) ? null : text;
}

/** The number or name in what stands for one kind: itself, the first of a list, or a member. */
function valueIn(value: unknown): string | null {
  const plain = scalar(value);
  if (plain !== null) return plain;
  if (Array.isArray(value)) return value.length === 0 ? null : valueIn(value[0]);
  const object = objectOf(value);
  if (object === null) return null;
  return (
    VALUE_KEYS.map((key) => scalar(object[key])).find((found) => found !== null) ??
    scalar(Object.values(object)[0])
  );
}

/** Returns the first thing in a value that is a choice; null when there is none. */
function choiceIn(value: unknown, depth = 0): WrittenChoice | null {
  if (depth > 4) return null;
  if (Array.isArray(value)) return choiceInList(value, depth);
  const object = objectOf(value);
  if (object === null) return null;
  for (const [key, member] of Object.entries(object)) {
    const kind = kindOfKey(key);
    // {"type": "action", "index": 1}, {"name": "exit", "arguments": {"n": 0}}
    const named = kind === null && typeof member === 'string' ? kindNamed(member.trim()) : null;
    const found = kind === null ? (named === null ? null : valueBeside(object, key)) : valueOfKind(member);
    if (found !== null) return { kind: kind ?? named, value: found };
    // {"action": "exit", "index": 0}
    const other = kind === null || typeof member !== 'string' ? null : kindNamed(member);
    const beside = other === null ? null : valueBeside(object, key);
    if (beside !== null) return { kind: other, value: beside };
  }
  for (const [key, member] of Object.entries(object)) {
    if (!CHOICE_KEYS.test(key)) continue;
    const inner = choiceIn(member, depth + 1);
    if (inner !== null) return inner;
    const plain = valueIn(member);
    if (plain !== null) return { kind: null, value: plain };
  }
  return choiceInside(object, depth);
}

/** Returns a choice of a kind in an object around it: `{"response": {"action": 1}}`. */
function choiceInside(object: Json, depth: number): WrittenChoice | null {
  for (const member of Object.values(object)) {
    const inner = objectOf(member) === null ? null : choiceIn(member, depth + 1);
    if (inner?.kind != null) return inner;
  }
  return null;
}

function valueOfKind(member: unknown): string | null {
  return kindNamed(String(member)) === null ? valueIn(member) : null;
}

function valueBeside(object: Json, key: string): string | null {
  const { [key]: _kind, ...others } = object;
  const argument = ARGUMENT_KEYS.map((name) => others[name]).find((found) => found !== undefined);
  if (argument !== undefined)
    return valueIn(typeof argument === 'string' ? (parsed(argument) ?? argument) : argument);
  return VALUE_KEYS.map((name) => scalar(others[name])).find((found) => found !== null) ?? null;
}

/** `[1]`, `["exit", 0]` and `[{"action": 1}]`. */
function choiceInList(list: readonly unknown[], depth: number): WrittenChoice | null {
  const [first, second] = list;
  const kind = typeof first === 'string' ? kindNamed(first.trim()) : null;
  const value = scalar(second);
  if (kind !== null && value !== null) return { kind, value };
  if (objectOf(first) !== null) return choiceIn(first, depth + 1);
  const only = list.length === 1 && typeof first === 'number' ? scalar(first) : null;
  return only === null ? null : { kind: null, value: only };
}

/** Members that hold the message. */
export const MESSAGE_KEYS = 'message|text|response|reply|content|say|utterance|speech|said|output';
const messageKey = new RegExp(`^(?:${MESSAGE_KEYS}|final_message|message_to_user|user_message)$`, 'i');

/** Members whose name tells that they hold the message, or something around it: `reply_to_user`, `agent_message`. */
const LIKE_MESSAGE =
  /message|text|response|reply|content|utter|speech|answer|output|body|line_?2|mensaje|respuesta|nachricht|antwort/i;

/** Returns the message in a value: a member of its name, at best, or one of a name like that, also inside of others. */
function saidIn(value: unknown, choice: WrittenChoice | null, depth = 0): string {
  if (depth > 3) return '';
  if (typeof value === 'string') return value.trim() === choice?.value.trim() ? '' : value.trim();
  if (Array.isArray(value)) {
    // In the list of an answer, texts are the choice.
    return firstSaid(depth === 0 ? value.filter((each) => objectOf(each) !== null) : value, choice, depth);
  }
  const members = Object.entries(objectOf(value) ?? {});
  for (const [key, member] of members) {
    if (messageKey.test(key) && typeof member === 'string') return saidIn(member, choice, depth);
  }
  const inside = members.filter(([key, member]) => LIKE_MESSAGE.test(key) || objectOf(member) !== null);
  return firstSaid(
    inside.map(([, member]) => member),
    choice,
    depth,
  );
}

/** Returns the first message in values; texts of a list count where they are all that it has. */
function firstSaid(values: readonly unknown[], choice: WrittenChoice | null, depth: number): string {
  for (const value of values) {
    const said = saidIn(value, choice, depth + 1);
    if (said !== '') return said;
  }
  return '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns a line without the comment at its end. Behind two slashes in a text, its quote follows. */
function withoutComment(line: string): string {
  const start = line.lastIndexOf('//');
  return start === -1 || line.includes('"', start) ? line : line.slice(0, start);
}

/**
 * Parses JSON with the errors of weak models: other quotes, escaped ones, bare names, a comma or brace too many, another
 * sign for a colon, comments, an open brace. Undefined for anything else.
 */
export function mended(text: string): unknown {
  const plain = (/^\s*[{[]+\s*\\["']/.test(text) ? text.replaceAll(/\\(["'])/g, '$1') : text)
    .replaceAll(/[“”„‟«»]/g, '"')
    .replaceAll(/([\s"'{}:,])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFFD]{1,8}/gu, '$1')
    .replaceAll(/\/\*[^*]{0,300}\*\//g, '')
    .replaceAll(/([{,]\s*)`(\w{1,40})`/g, '$1"$2"')
    .replaceAll(/([{,]\s*["']?[A-Za-z_]\w{0,40}["']?)\s*(?:=>|->|=|(?=\s\+?-?\d))\s*(?![:=>])/g, '$1: ')
    .replaceAll(/(:\s*)\+(?=\d)/g, '$1')
    .split('\n')
    .map(withoutComment)
    .join('\n')
    .replaceAll(/([{,]\s*)'?([A-Za-z_]\w*)'?(\s*:)/g, '$1"$2"$3')
    .replaceAll(/:\s*'([^'\n]*)'/g, (_all, inner: string) => `: ${JSON.stringify(inner)}`)
    .replaceAll(/\bNone\b|\bundefined\b/g, 'null')
    .replaceAll(/,(\s*[}\]])/g, '$1');
  return parsed(plain) ?? parsed(`${plain}}`) ?? (/^\s*\{\s*\{/.test(plain) ? innerObject(plain) : undefined);
}

/** Returns the object in doubled braces, which a template leaves behind: `{{"action": 1}}`. */
function innerObject(text: string): unknown {
  const whole = text.trim();
  const inner = whole.startsWith('{') ? whole.slice(1).trim() : '';
  if (!inner.startsWith('{') || !inner.endsWith('}')) return undefined;
  // The second brace at the end may be missing.
  return parsed(inner) ?? parsed(inner.slice(0, -1));
}

/** Reads what looks like a choice. Null when it is neither JSON nor at all like a choice. */
export function readChoice(text: string): ReadChoice | null {
  const value = parsed(text) ?? mended(text);
  if (value !== undefined && typeof value === 'object') {
    const choice = choiceIn(value);
    // A list of anything else is a part of the message.
    return choice === null && Array.isArray(value) ? null : { choice, said: saidIn(value, choice) };
  }
  const member = text.startsWith('{') ? text.slice(1, 100).replace(/^[\s"'“”]+/, '') : '';
  const [key = ''] = /^[\p{L}_ ]{1,30}/u.exec(member) ?? [];
  const [, index = ''] =
    /^["'“”]? ?[:=][\s"'“”]*(-?\p{Nd}{1,4})(?!\p{Nd})/u.exec(member.slice(key.length)) ?? [];
  const kind = kindOfKey(key);
  return index === '' || kind === null ? marked(text) : { choice: { kind, value: index }, said: '' };
}

/** Signs that some models put around the words of a choice. */
const MARKS = /[\s"'“”`*_#<>:：=,;|-]+/g;

/** Reads braces that hold a kind and a number with any signs around them: `{**"action"**: 1}`, `{:action=>#1}`. */
function marked(text: string): ReadChoice | null {
  const [, inside = ''] = /^\{([^{}\n]{1,60})\}$/.exec(text.trim()) ?? [];
  const [word = '', value = '', ...more] = inside.replaceAll(MARKS, ' ').trim().split(' ');
  const kind = more.length > 0 || numberOf(value) === null ? null : kindNamed(word);
  return kind === null ? null : { choice: { kind, value }, said: '' };
}
