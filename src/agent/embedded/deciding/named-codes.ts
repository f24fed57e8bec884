/**
 * Evidence for exits that each name a code or a number, with one for every other: "it is E4", "it is E7", "it is another
 * code". English.
 */
import type { Evidence } from '../evidence.ts';
import { NUMBER_WORD, valueOfNumber } from '../facts/number-words.ts';
import type { Message } from '../language/message.ts';
import type { ReadDescription, ReadExit } from '../reading/states.ts';
import { GIVEN } from './hearing.ts';

/** A code: digits, with letters before them or behind them. */
const CODE = /\b[a-z]{0,3}-?\d{1,6}[a-z]?\b/gi;
const OTHER =
  /(?<!\bno )\b(?:another|a different|an unlisted|some other|any other|other) (?:\w+ )?(?:one|number|code|error|message|value|digit)s?\b|\b(?:none|neither) of (?:these|those|them|the)\b/i;
/** An answer that names none of the things that were listed. */
const NONE_OF_THEM =
  /\b(?:neither|none|not (?:any|one|either)) of (?:these|those|them|the (?:two|three|four|above|codes|numbers))\b|^\W*(?:neither|another|a different|some other)(?: (?:one|number|code))?\W*$|\b(?:a different|another|some other|something else|a completely different) (?:\w+ )?(?:one|number|code)\b/i;
/** Words of digits that are said one after the other: "five oh three". */
const SPOKEN_DIGIT = 'oh|o|zero|nought|one|two|three|four|five|six|seven|eight|nine|\\d';
const SPOKEN_DIGITS = new RegExp(`\\b(?:${SPOKEN_DIGIT})(?:[ -](?:${SPOKEN_DIGIT})){1,5}\\b`, 'gi');
const SPOKEN_HUNDREDS = new RegExp(`\\b(a|${NUMBER_WORD}) hundred(?:(?: and)? (${NUMBER_WORD}))?\\b`, 'gi');
const SPOKEN_NUMBER = new RegExp(`\\b${NUMBER_WORD}\\b`, 'gi');
/** A letter before its number: "F 28". */
const LETTER = /(?<![\w'’])([a-z]) (?=\d)/gi;
/** The letters that are words of their own in a sentence. */
const WORD_LETTERS = /^[ai]$/i;

/** Returns a text with the numbers that are said in words in digits. */
function withDigits(text: string): string {
  const digit = (word: string) =>
    /^(?:oh|o|zero|nought)$/i.test(word) ? '0' : String(valueOfNumber(word) ?? word);
  return text
    .replaceAll(SPOKEN_DIGITS, (spoken) => spoken.split(/[ -]/).map(digit).join(''))
    .replaceAll(SPOKEN_HUNDREDS, (_all, hundreds: string, rest: string | undefined) =>
      String((valueOfNumber(hundreds) ?? 1) * 100 + (rest === undefined ? 0 : (valueOfNumber(rest) ?? 0))),
    )
    .replaceAll(SPOKEN_NUMBER, (word) => String(valueOfNumber(word) ?? word))
    .replaceAll(LETTER, (all, letter: string) => (WORD_LETTERS.test(letter) ? all : letter));
}

/** A "one" that points at something and counts nothing. */
const POINTING =
  /\b(?:that|this|the|another|which|different|other|first|second|third|last|neither|either|no|not|a|new) one\b/gi;

function codesIn(text: string): string[] {
  return [...text.matchAll(CODE)].map(([code]) => code.toLowerCase().replace('-', ''));
}

/** The code that a description names, if it names one only and waits for no answer in any words. */
function codeOf({ awaits, text }: ReadDescription): string | null {
  const codes = awaits ? [] : codesIn(text);
  return codes.length === 1 ? (codes[0] ?? null) : null;
}

/** Returns true if a code that was said is that of an exit: "F22", or "22" where one exit only has these digits. */
function isSame(said: string, code: string): boolean {
  return said === code || (/^\d+$/.test(said) && code.replace(/^[a-z]+/, '') === said);
}

/** Returns the evidence for each exit; no evidence where the exits do not list codes and one for every other. */
export function codeEvidence(exits: readonly ReadExit[], { text, questions }: Message): Evidence[] {
  const none = exits.map(() => 0);
  const ways = exits.map(({ ways: [way] }) => way);
  const other = ways.findIndex(
    (way) => way !== undefined && !way.awaits && OTHER.test(way.text) && codeOf(way) === null,
  );
  const codes = ways.map((way) => (way === undefined ? null : codeOf(way)));
  const listed = codes.filter((code) => code !== null);
  if (other === -1 || listed.length === 0 || questions.length > 0) return none;
  const given = codesIn(withDigits(text.replaceAll(POINTING, ' ')));
  const named = codes.findIndex((code) => code !== null && given.some((said) => isSame(said, code)));
  const taken = named !== -1 ? named : given.length > 0 || NONE_OF_THEM.test(text) ? other : -1;
  return none.map((_each, index) => (taken === -1 ? 0 : index === taken ? GIVEN : -GIVEN));
}
