/** Finds the option that a choice refers to: by number, name or description, as models write it. Pure. */
import type { Choice } from '../../reasoner.ts';
import { kindNamed, numberOf } from './choice-words.ts';

/** The options of a choice, in the words of the graph. */
export interface Options {
  actions: readonly string[];
  exits: readonly string[];
}

/** A choice as it was written. `kind` is null where it was not said; `value` is a number or the words of an option. */
export interface WrittenChoice {
  kind: Choice['kind'] | null;
  value: string;
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}

/** Returns the likeness of two texts, from 0 to 1: twice the number of common words, divided by the words of both. */
function likeness(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  const words = new Set(other);
  const common = one.filter((word) => words.has(word)).length;
  return (2 * common) / (one.length + words.size);
}

/** The least likeness of a name to its option, and the least lead over the likeness to any other option. */
const MIN_LIKENESS = 0.55;
const MIN_LEAD = 0.15;

/** Returns the index of the option that a text names; null when it is none of them, or not clearly one. */
export function optionNamed(text: string, options: readonly string[]): number | null {
  const words = wordsOf(text);
  const name = words.join(' ');
  if (name === '') return null;
  const all = options.map(wordsOf);
  const same = all.findIndex((option) => option.join(' ') === name);
  if (same !== -1) return same;
  const holding = all.flatMap((option, index) =>
    ` ${option.join(' ')} `.includes(` ${name} `) ? [index] : [],
  );
  if (holding.length === 1 && name.length >= 4) return holding[0] ?? null;
  const scores = all.map((option, index) => ({ index, score: likeness(words, option) }));
  const [best, second] = scores.sort((a, b) => b.score - a.score);
  if (best === undefined || best.score < MIN_LIKENESS) return null;
  return best.score - (second?.score ?? 0) >= MIN_LEAD ? best.index : null;
}

/** Marks of the direction of a text, which have no meaning in a choice. */
const DIRECTIONS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

function listOf(kind: Choice['kind'], { actions, exits }: Options): readonly string[] {
  return kind === 'exit' ? exits : actions;
}

function indexIn(value: string, options: readonly string[]): number | null {
  const number = numberOf(value.replaceAll(DIRECTIONS, '').trim());
  if (number !== null) return number < options.length ? number : null;
  if (/^\s*-\s*\p{Nd}/u.test(value)) return null;
  // "1. Explain the hours" and "1 (Explain the hours)" name a number with its option.
  const bare = value
    .replace(/^[\s#"'([`*_~<{№]+/u, '')
    .replace(/^(?:no|nr|number|option)\b[\s.:#]{0,3}/i, '');
  const [leading = ''] = /^\p{Nd}{1,4}(?![\p{Nd}\p{L}]|[–/-]\p{Nd})/u.exec(bare) ?? [];
  const led = numberOf(leading);
  if (led !== null) return led < options.length ? led : null;
  return optionNamed(value, options);
}

/** Returns the choice whose option a text is, word for word; null for any other text, and for a single short word. */
export function choiceSpelled(text: string, { actions, exits }: Options): WrittenChoice | null {
  const name = wordsOf(text).join(' ');
  if (name.length < 8) return null;
  const same = (option: string) => wordsOf(option).join(' ') === name;
  if (actions.some(same)) return { kind: 'action', value: text };
  return exits.some(same) ? { kind: 'exit', value: text } : null;
}

/** Returns the choice that was written; null when there is no such option. */
export function choiceOf({ kind, value }: WrittenChoice, options: Options): Choice | null {
  // "action 1" and "exit_0" say the kind themselves.
  const [all = '', word = ''] = /^\s*([\p{L}\p{M}]+)[\s_:#-]*/u.exec(value) ?? [];
  const said = kindNamed(word);
  if (said !== null && all.length < value.length)
    return choiceOf({ kind: said, value: value.slice(all.length) }, options);
  for (const candidate of kind === null ? (['action', 'exit'] as const) : [kind]) {
    const index = indexIn(value, listOf(candidate, options));
    if (index !== null) return { kind: candidate, index };
  }
  return null;
}
