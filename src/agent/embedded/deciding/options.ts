/** The options that a question lists, and whether a message chooses one. English. */
import { stemOf } from '../language/stems.ts';
import { hasMatter } from '../language/function-words.ts';
import { relation } from '../language/scales.ts';
import { valueOfNumber } from '../facts/number-words.ts';
import { clausesOf, type Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import { isInquiry } from '../signals.ts';

/** A message, and the stems of the graph that it is compared with. */
interface Heard {
  message: Message;
  vocabulary: ReadonlySet<string>;
}

/**
 * Returns true if the word at `index` only describes the noun behind it: "small" in "a small party" chooses no size. A
 * noun that the graph speaks of does not count: "a small pizza" chooses a size.
 */
function isAttribute(words: readonly string[], index: number, vocabulary: ReadonlySet<string>): boolean {
  // "Twenty five" is one number.
  const behind = valueOfNumber(words[index] ?? '') !== numberAt(words, index) ? index + 2 : index + 1;
  const next = words[behind];
  return (
    next !== undefined &&
    next !== 'one' &&
    /^\p{L}+$/u.test(next) &&
    hasMatter(words, behind) &&
    !vocabulary.has(stemOf(next))
  );
}

/** Returns the value of the number at `index`, with the unit behind a ten: "twenty", "five". Null when there is none. */
function numberAt(words: readonly string[], index: number): number | null {
  const value = valueOfNumber(words[index] ?? '');
  if (value === null) return null;
  const [before, next] = [valueOfNumber(words[index - 1] ?? ''), valueOfNumber(words[index + 1] ?? '')];
  const isTen = (each: number | null) => each !== null && each >= 20 && each < 100 && each % 10 === 0;
  if (isTen(before) && value < 10) return null;
  return isTen(value) && next !== null && next < 10 ? value + next : value;
}

/** Returns true if the number at `index` is that of an option, in digits or in words: "fifty" and "50". */
function isNumberOf(words: readonly string[], index: number, stem: string): boolean {
  const value = numberAt(words, index);
  return value !== null && value === valueOfNumber(stem);
}

function namesOption(
  { words, negated }: Clause,
  stems: readonly string[],
  vocabulary: ReadonlySet<string>,
): boolean {
  if (negated) return false;
  return stems.some((stem) =>
    words.some(
      (word, index) =>
        hasMatter(words, index) &&
        (relation(stemOf(word), stem) === 1 || isNumberOf(words, index, stem)) &&
        !isAttribute(words, index, vocabulary),
    ),
  );
}

/** Words for an option that a user rules out: "carrot instead of chocolate". */
const RULED_OUT = /\b(?:instead of|rather than) (?:the |an? )?[\w-]+/gi;

/** Returns the clauses that choose: what is stated, and a request in the form of a question, such as "can I get …?" */
function choosing({ statements, questions }: Message): readonly Clause[] {
  const requests = questions.filter(({ text }) => !isInquiry(text));
  return [...statements, ...requests.flatMap(({ clauses }) => clauses)].map((clause) => ({
    ...clause,
    words: clause.words.join(' ').replaceAll(RULED_OUT, '').split(' ').filter(Boolean),
  }));
}

/**
 * Returns the stems by which each option is named: its last two, without those that another option has too. "Day" names
 * neither "half a day" nor "the whole day".
 */
function namingStems(options: readonly string[]): readonly (readonly string[])[] {
  const stems = options.map((option) => clausesOf(option).flatMap((clause) => clause.stems));
  return stems.map((all, index) => {
    const last = all.slice(-2);
    const own = last.filter((stem) => !stems.some((other, at) => at !== index && other.includes(stem)));
    return own.length > 0 ? own : last;
  });
}

/** Returns true if a message names one of the options. */
export function choosesOption(options: readonly string[], { message, vocabulary }: Heard): boolean {
  const stems = namingStems(options);
  return choosing(message).some((clause) => stems.some((option) => namesOption(clause, option, vocabulary)));
}

/** Returns the stems that name the only option that a message names; nothing when it names none, or more than one. */
export function stemsOfOnlyOption(
  options: readonly string[],
  { message, vocabulary }: Heard,
): readonly string[] {
  const named = namingStems(options).filter((option) =>
    choosing(message).some((clause) => namesOption(clause, option, vocabulary)),
  );
  return named.length === 1 ? (named[0] ?? []) : [];
}

/** The option that a message names last, in the words of the question; `null` when it names none. */
export function lastOption(options: readonly string[], { message, vocabulary }: Heard): string | null {
  const stems = namingStems(options);
  let found: string | null = null;
  for (const clause of choosing(message)) {
    if (clause.negated) continue;
    clause.words.forEach((word, index) => {
      if (!hasMatter(clause.words, index) || isAttribute(clause.words, index, vocabulary)) return;
      const option = options.find((_each, at) =>
        stems[at]?.some(
          (stem) => relation(stemOf(word), stem) === 1 || isNumberOf(clause.words, index, stem),
        ),
      );
      found = option ?? found;
    });
  }
  return found;
}

const REFERENCE =
  /\b(?:(?:having|have|take|want) that\b|that one|this one|the same|the (?:first|second|third|last|other) (?:one)?|the (?:\w+est|most|least)\b|any of them|either|surprise me|whichever|you choose|the former|the latter)\b/i;

/** Returns true if a message chooses by pointing at something said before: "ok, that one then". */
export function refersBack({ text, questions }: Message): boolean {
  return questions.length === 0 && REFERENCE.test(text);
}
