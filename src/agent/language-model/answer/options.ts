/** Finds the option that a choice refers to: by number, name or description, as models write it. Pure. */
import type { Choice } from '../../reasoner.ts';

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

/** Words that mean an action, an exit, or a choice of either kind, in the languages that models fall into. */
const ACTION_WORDS =
  'action actions acción accion ação acao aktion azione actie akcja akce дія действие eylem aksi tindakan åtgärd toiminto acțiune művelet ενέργεια פעולה إجراء الإجراء क्रिया การกระทำ 动作 操作 行动 行動 アクション 動作 행동';
const EXIT_WORDS =
  'exit exits salida saída saida sortie ausgang uscita uitgang wyjście výstup выход вихід çıkış خروج الخروج 退出 出口 終了 종료';
const EITHER_WORDS =
  'choice choose chosen selection selected decision option opción opcion opção opzione вариант elección eleccion choix auswahl wahl escolha scelta keuze wybór выбор вибір seçim اختيار الخيار 选项 选择 選擇 選択 선택';
const KINDS: ReadonlyMap<string, Choice['kind']> = new Map([
  ...ACTION_WORDS.split(' ').map((word) => [word, 'action'] as const),
  ...EXIT_WORDS.split(' ').map((word) => [word, 'exit'] as const),
]);

/** Words that stand for a choice of either kind. */
export const CHOICE_WORDS: ReadonlySet<string> = new Set(EITHER_WORDS.split(' '));

/** Letters of Cyrillic and Greek that look like Latin ones. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  Array.from('аaеeоoсcіiхxуyрpтtιiοoαaνn').reduce<[string, string][]>(
    (pairs, letter, index, all) => (index % 2 === 0 ? [...pairs, [letter, all[index + 1] ?? '']] : pairs),
    [],
  ),
);

function latin(word: string): string {
  return Array.from(word, (letter) => LOOKALIKES.get(letter) ?? letter).join('');
}

/** Returns the kind that a word names; null for any other word. */
export function kindNamed(word: string): Choice['kind'] | null {
  const plain = word.trim().toLowerCase();
  // No word of a kind is longer, and a long text is not copied.
  return plain.length > 20 ? null : (KINDS.get(plain) ?? KINDS.get(latin(plain)) ?? null);
}

/** The longest number that is a choice. */
const NUMBER = /^\p{Nd}{1,4}$/u;

/** The value of a decimal digit of any script: its place in its run of ten. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (before < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before;
}

/** Numbers in words, in the language of the prompts, each at its index. */
export const NUMBER_WORDS = 'zero one two three four five six seven eight nine ten'.split(' ');
/** A number in words at the begin of a text, and nothing that goes on as a word. */
export const NUMBER_WORD = new RegExp(`^(?:${NUMBER_WORDS.join('|')})(?![\\p{L}\\p{N}-])`, 'iu');

/** Returns the number that digits of any script or a word mean; null for what is no number. */
export function numberOf(text: string): number | null {
  const word = NUMBER_WORDS.indexOf(text.toLowerCase());
  if (word !== -1) return word;
  // Digits in circles and raised ones have their value in their compatible form.
  const digits = text.length === 1 ? text.normalize('NFKC') : text;
  if (!NUMBER.test(digits)) return null;
  return Array.from(digits).reduce((value, digit) => value * 10 + digitValue(digit), 0);
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
  const bare = value.replace(/^[\s#"'([]+/, '');
  const [leading = ''] = /^\p{Nd}{1,4}(?![\p{Nd}\p{L}])/u.exec(bare) ?? [];
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
