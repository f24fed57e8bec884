/**
 * Divides a text that arrives in pieces into sentences, in any script. The rules are few, because a wrong cut only adds
 * a pause to the speech. `Intl.Segmenter` finds words but not sentences here: it reads an opening quotation mark after
 * a stop as a closing one, and needs the text that follows.
 */

/** Stops that numbers, names and addresses contain too. They end a sentence only before white space. */
const WEAK_STOPS: ReadonlySet<string> = new Set('.!?…\uff0e');
/** All stops of Unicode ("。", "؟", "۔", "।" and so on), the ellipsis, and the end of a line. */
const STOP = /[\p{Sentence_Terminal}…\n]/gu;
const IS_STOP = /^[\p{Sentence_Terminal}…]$/u;
/** Closes a quotation, a bracket or the emphasis of Markdown after a stop. */
const IS_CLOSER = /^["'“*_~`\p{Pe}\p{Pf}]$/u;
const IS_SPACE = /^\s$/;

/**
 * Maximum length of stops and closers in a row, in UTF-16 units. Longer rows are decoration, so the cost of a look is
 * bounded.
 */
const LOOK_BACK = 64;
/**
 * Length of a step in UTF-16 units. Long pieces are divided into steps, so that the cost of a cut does not grow with
 * the piece.
 */
const STEP = 512;

/** Returns the end of the characters from `from` on that pass the test. */
function runEnd(text: string, from: number, passes: (character: string) => boolean): number {
  let at = from;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!passes(character)) break;
    at += character.length;
  }
  return at;
}

/**
 * Returns the end of the first sentence with its closers and the white space after it, or null if the sentence is not
 * complete.
 */
function sentenceEnd(text: string): number | null {
  STOP.lastIndex = 0;
  for (let found = STOP.exec(text); found !== null; found = STOP.exec(text)) {
    if (found[0] === '\n') return runEnd(text, found.index, (character) => character === '\n');
    const stopped = runEnd(text, found.index, (character) => IS_STOP.test(character));
    const closed = runEnd(text, stopped, (character) => IS_CLOSER.test(character));
    if (closed === text.length) return null;
    const spaced = runEnd(text, closed, (character) => IS_SPACE.test(character));
    const isStrong = Array.from(text.slice(found.index, stopped)).some((stop) => !WEAK_STOPS.has(stop));
    if (spaced > closed || isStrong) return spaced;
    STOP.lastIndex = closed;
  }
  return null;
}

/** Length of a character of Chinese, Japanese or Korean in letters: few of them make a word. */
const DENSE_LENGTH = 3;

/**
 * Tells whether a UTF-16 unit belongs to Chinese, Japanese or Korean. Rare characters are recognized by their first
 * surrogates.
 */
function isDense(unit: number): boolean {
  return (
    (unit >= 0x2e_80 && unit <= 0x9f_ff) ||
    (unit >= 0xac_00 && unit <= 0xd7_ff) ||
    (unit >= 0xd8_40 && unit <= 0xd8_8f) ||
    (unit >= 0xf9_00 && unit <= 0xfa_ff) ||
    (unit >= 0xff_00 && unit <= 0xff_9f)
  );
}

/** Returns the length of a text when spoken, in letters of an alphabet. */
export function spokenLength(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    if (isDense(text.charCodeAt(at))) length += DENSE_LENGTH - 1;
  }
  return length;
}

/** Matches the end of a clause: a comma or similar sign, followed by white space if numbers can contain it. */
const CLAUSE_END = /[,;:]["'”’)\]]*\s|\s[–—-]\s|[，、；：،؛]/gu;
const SPACE = /\s/gu;

/** Returns the end of the last match, or 0 if there is none. */
function lastEnd(pattern: RegExp, text: string): number {
  let end = 0;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}

interface Segmenters {
  words: Intl.Segmenter;
  characters: Intl.Segmenter;
}

let loaded: Segmenters | null = null;

/**
 * Returns the segmenters. Loading their tables takes tens of milliseconds, so only a text that has to be cut loads
 * them.
 */
function segmenters(): Segmenters {
  loaded ??= {
    words: new Intl.Segmenter(undefined, { granularity: 'word' }),
    characters: new Intl.Segmenter(undefined, { granularity: 'grapheme' }),
  };
  return loaded;
}

/** More UTF-16 units than one visible character has in readable text. */
const MAX_CHARACTER = 64;

/** Returns the longest beginning of a text within `maxLength` (`spokenLength`), but at least one character. */
function beginning(text: string, maxLength: number): string {
  let length = 0;
  let end = 0;
  for (const { segment } of segmenters().characters.segment(text.slice(0, maxLength + MAX_CHARACTER))) {
    length += spokenLength(segment);
    if (length > maxLength && end > 0) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/**
 * Returns the best position to cut a text that is too long. Prefers the last clause, then the last word, if it is in
 * the second half of the text that fits. Scripts without spaces are cut after the last word of a dictionary, and other
 * text between two characters.
 */
function cutAt(text: string, maxLength: number): number {
  const head = beginning(text, maxLength);
  const half = head.length / 2;
  const clause = lastEnd(CLAUSE_END, head);
  if (clause > half) return clause;
  const space = lastEnd(SPACE, head);
  if (space > half) return space;
  const word = [...segmenters().words.segment(head)].at(-1)?.index ?? 0;
  return word > half ? word : head.length;
}

/** Divides one text into sentences as soon as each is complete. The sentences joined are the text. */
export class SentenceSplitter {
  readonly #maxLength: number;
  /** Beginning of the current sentence. It can contain no end of a sentence. */
  #begun = '';
  #tail = '';
  /** Length of `#begun` and `#tail` together (`spokenLength`). */
  #length = 0;

  /** Cuts sentences longer than `maxLength` (`spokenLength`); none by default. */
  constructor(maxLength = Infinity) {
    this.#maxLength = maxLength;
  }

  /**
   * Takes the next piece and returns the sentences that it completes. With `final`, the last one is the rest, which may
   * be empty.
   */
  push(text: string, final: boolean): string[] {
    const sentences: string[] = [];
    for (let at = 0; at < text.length; at += STEP) {
      const step = text.slice(at, at + STEP);
      this.#tail += step;
      this.#length += spokenLength(step);
      this.#complete(sentences, final && at + STEP >= text.length);
    }
    if (final) sentences.push(this.#cut(sentences, this.#take(this.#tail.length)));
    return sentences;
  }

  #complete(sentences: string[], final: boolean): void {
    for (;;) {
      const end = sentenceEnd(this.#tail);
      // The rest after the last sentence belongs to it.
      if (end === null || (final && end === this.#tail.length)) break;
      sentences.push(this.#cut(sentences, this.#take(end)));
    }
    if (this.#length > this.#maxLength) {
      this.#tail = this.#cut(sentences, this.#take(this.#tail.length));
      this.#length = spokenLength(this.#tail);
    }
    // No end of a sentence can begin before this position: it is not examined again.
    const settled = this.#tail.slice(0, Math.max(0, this.#tail.length - LOOK_BACK));
    this.#begun += settled;
    this.#tail = this.#tail.slice(settled.length);
  }

  /** Adds pieces of a sentence that is too long to `sentences`, and returns the rest. */
  #cut(sentences: string[], sentence: string): string {
    let rest = sentence;
    while (spokenLength(rest) > this.#maxLength) {
      const at = cutAt(rest, this.#maxLength);
      sentences.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
    return rest;
  }

  /** Removes the sentence up to `length` units of the tail, and returns it. */
  #take(length: number): string {
    const sentence = this.#begun + this.#tail.slice(0, length);
    this.#tail = this.#tail.slice(length);
    this.#begun = '';
    this.#length = spokenLength(this.#tail);
    return sentence;
  }
}
