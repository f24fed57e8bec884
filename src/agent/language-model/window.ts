/** Limits of the text in a prompt, by an estimate of tokens: exact counts differ from model to model. */

import { cut, cutStart } from '../../text.ts';

/** Letters of the alphabets come about four to a token, other scripts less than two. */
const ASCII_PER_TOKEN = 4;
const OTHERS_PER_TOKEN = 1.5;

/** Estimates the tokens of a text with their fraction: the estimates of its pieces add up to that of the whole. */
export function exactTokens(text: string): number {
  let ascii = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) < 128) ascii += 1;
  return ascii / ASCII_PER_TOKEN + (text.length - ascii) / OTHERS_PER_TOKEN;
}

/** Estimates the tokens of a text. */
export function estimateTokens(text: string): number {
  return Math.ceil(exactTokens(text));
}

/** A function that estimates the tokens of a text. */
export type Estimate = (text: string) => number;

/** The length of each ASCII character in a line of data: some are escaped, control characters and `<` as `\u003c`. */
const WRITTEN_LENGTHS = Uint8Array.from({ length: 128 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  return character === '<' ? 6 : JSON.stringify(character).length - 2;
});

/** Counts a text as it is written into a line of data (`jsonLine`, with `<` escaped), without making that line. */
export const estimateEscaped: Estimate = (text) => {
  let ascii = 0;
  let others = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPair = (unit & 0xf800) === 0xd800 && (text.codePointAt(index) ?? 0) > 0xffff;
    if (unit < 128) ascii += WRITTEN_LENGTHS[unit] ?? 1;
    else if (isPair) {
      others += 2;
      index += 1;
    } else if ((unit & 0xf800) === 0xd800 || unit === 0x85 || unit === 0x2028 || unit === 0x2029) ascii += 6;
    else others += 1;
  }
  return Math.ceil(ascii / ASCII_PER_TOKEN + others / OTHERS_PER_TOKEN);
};

const ELLIPSIS = ' … ';

/**
 * Returns a text of at most so many tokens: of a longer one its beginning and its end, which say the most, with every
 * character whole.
 */
export function shorten(text: string, tokens: number, estimate: Estimate = estimateTokens): string {
  let found = estimate(text);
  if (found <= tokens) return text;
  let shortened = text;
  // What is left may have more tokens a letter than the whole: then it is shortened once more.
  for (let length = text.length / 2; found > tokens && length >= 1; found = estimate(shortened)) {
    length = Math.min(Math.floor((length * tokens) / found), length - 1);
    shortened = `${cut(text, length)}${ELLIPSIS}${cutStart(text, length)}`;
  }
  return shortened;
}

/** The most tokens of a list of entries. */
export interface WindowLimits {
  /** Of everything that is kept. */
  tokens: number;
  /** Of one entry: a single long letter must not push everything else out. */
  entryTokens: number;
}

/** The newest entries that fit, and how many were left out. */
export interface Window<T> {
  kept: T[];
  omitted: number;
}

/** An entry as it fits into a window, with its tokens. */
interface Fitted<T> {
  limit: number;
  entry: T;
  tokens: number;
}

/** The entries that were fitted: the history of a conversation is fitted into a prompt in each of its turns. */
const fittedBefore = new WeakMap<object, Fitted<object>>();

/** Returns an entry of at most so many tokens, shortened where it has more: the same object each time. */
function fitted<T extends { text: string }>(entry: T, limit: number): Fitted<T> {
  const before = fittedBefore.get(entry) as Fitted<T> | undefined;
  if (before?.limit === limit) return before;
  const tokens = estimateEscaped(entry.text);
  const text = tokens <= limit ? entry.text : shorten(entry.text, limit, estimateEscaped);
  const made =
    text === entry.text
      ? { limit, entry, tokens }
      : { limit, entry: { ...entry, text }, tokens: estimateEscaped(text) };
  fittedBefore.set(entry, made);
  return made;
}

/** The newest entries that fit, oldest first, and how many were left out. Reads no more of a list than it keeps. */
export function windowOf<T extends { text: string }>(entries: readonly T[], limits: WindowLimits): Window<T> {
  const kept: T[] = [];
  let left = limits.tokens;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined) break;
    const one = fitted(entry, limits.entryTokens);
    // The name of the speaker and the punctuation cost a few tokens too.
    left -= one.tokens + 6;
    if (left < 0) break;
    kept.push(one.entry);
  }
  return { kept: kept.reverse(), omitted: entries.length - kept.length };
}

/** Steps in which the begin of a window moves, the largest first: between two moves, a prompt keeps its begin. */
const STEPS = [16, 8, 4, 2, 1] as const;

/**
 * Like `windowOf`, but the window begins at an entry whose number is a multiple of a step, so that it begins at the same
 * entry for several turns. `first` is the number of the first entry in the conversation. At least three quarters
 * of what fits are kept.
 */
export function alignedWindow<T extends { text: string }>(
  entries: readonly T[],
  limits: WindowLimits,
  first: number,
): Window<T> {
  const { kept, omitted } = windowOf(entries, limits);
  const begin = first + omitted;
  if (begin === 0) return { kept, omitted };
  const most = kept.length / 4;
  const step = STEPS.find((size) => Math.ceil(begin / size) * size - begin <= most) ?? 1;
  const dropped = Math.ceil(begin / step) * step - begin;
  return { kept: kept.slice(dropped), omitted: omitted + dropped };
}

/** Consecutive groups of entries, each within the limit, the newest `count` groups only. */
export function chunksOf<T extends { text: string }>(
  entries: readonly T[],
  limits: WindowLimits,
  count: number,
): T[][] {
  const chunks: T[][] = [];
  let rest = entries;
  while (rest.length > 0 && chunks.length < count) {
    const { kept } = windowOf(rest, limits);
    if (kept.length === 0) break;
    chunks.push(kept);
    rest = rest.slice(0, rest.length - kept.length);
  }
  return chunks.reverse();
}
