/** Phone numbers, addresses of e-mail, codes and postcodes in what a user says. */
import { cut, cutStart } from '../../../text.ts';

const PHONE = /(?:\+|\bplus )?\d[\d\s()./-]{4,30}\d/g;
/** A date is no phone number. */
const DATE =
  /\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:19|20)\d{2})\b/g;
/** Characters that cannot stand inside an email address. */
const EMAIL_GAP = /[\s<>,;]+/;
/** The longest local part and domain (RFC 5321, section 4.5.3.1). */
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 255;

const DIGITS: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};
const DIGIT_WORD = `(?:${Object.keys(DIGITS).join('|')})`;
const SPELT_PHONE = new RegExp(`\\b(?:${DIGIT_WORD}[\\s,.-]{1,3}){5,14}${DIGIT_WORD}\\b`, 'gi');

/** The last phone number that is spelt in words, in digits. */
function speltPhone(text: string): string | null {
  const words =
    [...text.matchAll(SPELT_PHONE)]
      .at(-1)?.[0]
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  return words.length === 0 ? null : words.map((word) => DIGITS[word] ?? '').join('');
}

/** The last phone number in a text. */
export function findPhoneNumber(text: string): string | null {
  return [...text.replaceAll(DATE, ' ; ').matchAll(PHONE)].at(-1)?.[0].trim() ?? speltPhone(text);
}

/** The email address in a text without gaps: what stands around its last `@` with a domain behind it. */
function emailIn(word: string): string | null {
  const parts = word.split('@');
  for (let index = parts.length - 1; index > 0; index -= 1) {
    const local = cutStart(parts[index - 1] ?? '', MAX_LOCAL_LENGTH);
    const domain = /^.+\.[a-z]{2,}/i.exec(cut(parts[index] ?? '', MAX_DOMAIN_LENGTH));
    if (local !== '' && domain !== null) return `${local}@${domain[0]}`;
  }
  return null;
}

/** The last address of e-mail in a text. */
export function findEmail(text: string): string | null {
  const emails = text.split(EMAIL_GAP).map(emailIn);
  return emails.findLast((email) => email !== null) ?? null;
}

/** A text without phone numbers and addresses of e-mail. */
export function withoutContacts(text: string): string {
  return text
    .split(/(?<=\s)/)
    .filter((word) => !word.includes('@'))
    .join('')
    .replaceAll(PHONE, ' ; ');
}

const CODE = /(?<![\w@.-])(?=[A-Za-z-]{0,6}\d)(?:[A-Za-z]{1,4}-?\d{3,12}[A-Za-z]?|\d{4,14})(?![\w@])/g;

/** A code of letters and digits in any order, in capital letters: "R7K2PD". A time and an amount with a unit are none. */
const MIXED_CODE =
  /(?<![\w@.-])(?=[A-Z]{0,13}\d)(?=\d{0,13}[A-Z])(?!\d{1,13}[A-Z]{2,3}\b)[A-Z\d]{4,14}(?![\w@])/g;

/** A sign or a number that a text rules out: "F12, not F11". */
const RULED_OUT = /\b(?:not|instead of|rather than)\s+(?:the\s+|number\s+)?[\w-]*\d[\w-]*/gi;

/** Returns a text without what it rules out. */
function withoutRuledOut(text: string): string {
  return text.replaceAll(RULED_OUT, ' ');
}

/** Returns the last match of a pattern, or of one of its groups; null when there is none. */
function lastMatch(text: string, pattern: RegExp, group = 0): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[group] ?? null;
}

/** The last code in a text, such as the number of an order: "B2041", "M-30117", "77120". */
export function findCode(text: string): string | null {
  const plain = withoutRuledOut(text);
  return lastMatch(plain, CODE) ?? lastMatch(plain, MIXED_CODE);
}

/** A code in small letters that is nearly all that is said: "it's r7k2pd". */
const TYPED_CODE =
  /(?<![\w@.-])(?=[a-z]{0,13}\d)(?=\d{0,13}[a-z]\w)(?!\d{1,13}[a-z]{2,3}\b)[a-z\d]{5,14}(?![\w@])/gi;

/** A group of signs of a code: with a digit, or of up to four capital letters, or a single letter behind another group. */
const GROUP = /^(?=[a-z\d/.-]*\d)[a-z\d]{1,22}(?:[/.-][a-z\d]{1,22}){0,4}$/i;
const LETTERS = /^[A-Z]{1,4}$/;
const LETTER = /^[a-z]$/;
/** The fewest digits of a code in several groups. */
const MIN_DIGITS = 3;
const PRONOUNS: readonly string[] = ['I', 'A'];
/** An amount, a time or a place in an order is no group of a code. */
const NO_GROUP = /^\d{1,13}(?:[a-z]{2,3}|h)$|^\d{1,2}:\d\d$/i;

function isGroup(word: string, index: number, words: readonly string[]): boolean {
  if (GROUP.test(word)) return !NO_GROUP.test(word);
  const beside = [words[index - 1] ?? '', words[index + 1] ?? ''];
  if (PRONOUNS.includes(word)) return beside.every((each) => GROUP.test(each));
  if (LETTERS.test(word)) return true;
  return LETTER.test(word) && GROUP.test(words[index - 1] ?? '');
}

/**
 * Returns the last code of one or several groups in the answer to the question for it, as it is written: "X7 99 120 KL",
 * "00912-AB". Null without one of at least three digits.
 */
export function findGroupedCode(text: string): string | null {
  const words = withoutRuledOut(text)
    .replaceAll(/[,;:!?#"“”()]|\.(?=\s|$)/g, ' | ')
    .split(/\s+/);
  const runs: string[][] = [[]];
  words.forEach((word, index) => {
    if (isGroup(word, index, words)) runs.at(-1)?.push(word);
    else runs.push([]);
  });
  const codes = runs
    .map((run) => run.join(' '))
    .filter((run) => run.replaceAll(/\D/g, '').length >= MIN_DIGITS);
  return codes.at(-1) ?? null;
}

/** The code in the answer to the question for it, also in small letters. */
export function findCodeInAnswer(text: string): string | null {
  return findGroupedCode(text) ?? findCode(text) ?? lastMatch(withoutRuledOut(text), TYPED_CODE);
}

const LABEL = /(?<![\w@.-])(?:[A-Z]{1,2}-?\d{1,4}[A-Za-z]?|\d{1,4}-?[A-Z])(?![\w@-])/g;
const TYPED_LABEL = /(?<![\w@.-])(?:[a-z]{1,2}-?\d{1,4}|\d{1,4}[a-z])(?![\w@-])/gi;
/** A label of letters and a number apart, such as that of a train: "RB 41". */
const APART = /(?<![\w@.-])[A-Z]{1,3} \d{1,4}(?![\w@-])/g;
const TYPED_APART = /^\W*(?:(?:it|that)(?:'s| is| was) |the |u[mh],? )*([a-z]{1,3} \d{1,4})\W*$/i;
const NUMBERED =
  /\b(?:number|no\.?|unit|flat|apartment|room|locker|door|box|bay|seat|gate|table) (?:is |number |no\.? )?(\d{1,5})\b/gi;

/** The last label of a thing that is recognized anywhere, such as that of a room: "B12", "7A", "room 12". */
export function findLabel(text: string): string | null {
  const plain = withoutRuledOut(text);
  return lastMatch(plain, LABEL) ?? lastMatch(plain, NUMBERED, 1);
}

/** The label in the answer to the question for it, also in small letters. */
export function findLabelInAnswer(text: string): string | null {
  const plain = withoutRuledOut(text);
  const apart = lastMatch(plain, APART) ?? TYPED_APART.exec(plain)?.[1];
  return apart ?? findLabel(text) ?? findCode(text) ?? lastMatch(plain, TYPED_LABEL);
}

const DOMAIN =
  /(?<![\w@.-])(?:https?:\/\/)?((?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,4}[a-z]{2,18})(?![\w@-]|\.\w)/gi;

/** The last domain of a website in a text. The domain of an address of e-mail is none. */
export function findDomain(text: string): string | null {
  return lastMatch(text, DOMAIN, 1);
}

const SPELT_CODE = new RegExp(
  `\\b(?:([a-z])(?=[\\s,.-]{1,2}(?:${DIGIT_WORD}|\\d)\\b)[\\s,.-]{1,2})?((?:(?:${DIGIT_WORD}|\\d)[\\s,.-]{1,3}){3,13}(?:${DIGIT_WORD}|\\d))\\b`,
  'gi',
);

const SPELT_LABEL = new RegExp(`\\b()((?:${DIGIT_WORD}[\\s,-]{1,2}){2}${DIGIT_WORD})\\b`, 'gi');

/** The last code that is told sign by sign, as it is written: "B 2 0 4 1", "e five five one two", "two oh four". */
export function findSpeltCode(text: string): string | null {
  const [, letter = '', digits] =
    [...text.matchAll(SPELT_CODE)].at(-1) ?? [...text.matchAll(SPELT_LABEL)].at(-1) ?? [];
  if (digits === undefined) return null;
  const signs = digits.toLowerCase().match(/[a-z]+|\d/g) ?? [];
  return letter.toUpperCase() + signs.map((sign) => DIGITS[sign] ?? sign).join('');
}

const PLATE =
  '[A-Z]{1,3}(?:[ -]?\\d{1,5}(?:[ -]?[A-Z]{1,3})?|[ -][A-Z]{1,3}[ -]?\\d{1,4})|\\d{1,4}[ -]?[A-Z]{1,3}(?:[ -]?\\d{1,4})?';
const WRITTEN_PLATE = new RegExp(`(?<![\\w-])(?:${PLATE})(?![\\w-])`, 'g');
const TYPED_PLATE = new RegExp(`(?<![\\w-])(?:${PLATE})(?![\\w-])`, 'gi');
/** A licence plate has at least so many letters and digits. */
const MIN_PLATE_LENGTH = 4;

function lastPlate(pattern: RegExp, text: string): string | null {
  const found = [...text.matchAll(pattern)].map(([plate]) => plate);
  return found.findLast((plate) => plate.replaceAll(/[ -]/g, '').length >= MIN_PLATE_LENGTH) ?? null;
}

/** The last licence plate in a text, in capital letters: "M AB 2040", "AB12 CDE". */
export function findLicencePlate(text: string): string | null {
  return lastPlate(WRITTEN_PLATE, text);
}

/** The licence plate in the answer to the question for one, also in small letters. */
export function findLicencePlateInAnswer(text: string): string | null {
  return lastPlate(WRITTEN_PLATE, text) ?? lastPlate(TYPED_PLATE, text);
}

const POSTCODE = /\b(?:\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b/gi;
/** Single digits with spaces between them. */
const SPACED = /(?<![\w-])\d(?: \d){3,5}(?![\w-])/;
const SPELT =
  /\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[\s,-]+){2,7}(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b/gi;

/** The last postcode in a text, in digits or spelt in words. */
export function findPostcode(text: string): string | null {
  const spaced = SPACED.exec(text)?.[0].replaceAll(' ', '');
  return spaced ?? [...text.matchAll(POSTCODE)].at(-1)?.[0] ?? [...text.matchAll(SPELT)].at(-1)?.[0] ?? null;
}
