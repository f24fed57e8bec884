/** Words of a choice: for an action, an exit or either, and numbers, in the languages that models fall into. Pure. */
import type { Choice } from '../../reasoner.ts';

/** Words that mean an action, an exit, or a choice of either kind, in the languages that models fall into. */
const ACTION_WORDS =
  'action actions acción accion ação acao aktion azione actie akcja akce дія действие eylem aksi tindakan åtgärd toiminto acțiune művelet ενέργεια פעולה إجراء الإجراء क्रिया การกระทำ 动作 操作 行动 行動 アクション 動作 행동 동작 handling hành_động akcję akci åtgärden';
const EXIT_WORDS =
  'exit exits salida saída saida sortie ausgang uscita uitgang wyjście výstup выход вихід çıkış خروج الخروج 退出 出口 終了 종료';
const EITHER_WORDS =
  'choice choose chosen selection selected decision option opción opcion opção opzione вариант elección eleccion choix auswahl wahl escolha scelta keuze wybór выбор вибір seçim اختيار الاختيار الخيار val valg valinta volba választás alegere opțiune επιλογή בחירה אפשרות चयन विकल्प ตัวเลือก lựa_chọn pilihan 选项 选择 選擇 選択 선택';
const KINDS: ReadonlyMap<string, Choice['kind']> = new Map([
  ...ACTION_WORDS.split(' ').map((word) => [word, 'action'] as const),
  ...EXIT_WORDS.split(' ').map((word) => [word, 'exit'] as const),
]);

/** Words that stand for a choice of either kind. */
export const CHOICE_WORDS: ReadonlySet<string> = new Set(EITHER_WORDS.split(' '));

/** Words that name an action or an exit. */
export const KIND_WORDS: readonly string[] = [...KINDS.keys()];

/** All words with which a choice begins. */
export const ALL_WORDS: readonly string[] = [...KIND_WORDS, ...CHOICE_WORDS];

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

/** Returns a word in lower case, composed, and with one sign between its parts: "Hành động" is "hành_động". */
export function plainWord(word: string): string {
  return word.trim().toLowerCase().normalize('NFC').replaceAll(/\s+/g, '_');
}

/** Returns the kind that a word names; null for any other word. */
export function kindNamed(word: string): Choice['kind'] | null {
  // No word of a kind is longer, and a long text is not copied.
  if (word.length > 40) return null;
  const plain = plainWord(word);
  return KINDS.get(plain) ?? KINDS.get(latin(plain)) ?? null;
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

/** Numbers of China and Japan below eleven, each at its index. */
const IDEOGRAPHS = '〇一二三四五六七八九十';
const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10 };
/** A Roman numeral below 40, in capitals. */
const ROMAN_NUMBER = /^(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})$/;

function romanNumber(text: string): number {
  const values = Array.from(text, (letter) => ROMAN[letter] ?? 0);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}

/** Returns the number that digits of any script, a word or a Roman numeral mean; null for what is no number. */
export function numberOf(text: string): number | null {
  const word = NUMBER_WORDS.indexOf(text.toLowerCase());
  if (word !== -1) return word;
  // Digits in circles and raised ones have their value in their compatible form.
  const digits = text.length === 1 ? text.normalize('NFKC') : text;
  const ideograph = digits === '' ? -1 : IDEOGRAPHS.indexOf(digits);
  if (ideograph !== -1) return ideograph;
  if (ROMAN_NUMBER.test(digits)) return romanNumber(digits);
  if (!NUMBER.test(digits)) return null;
  return Array.from(digits).reduce((value, digit) => value * 10 + digitValue(digit), 0);
}
