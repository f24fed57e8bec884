/**
 * Sentences of a text that arrives in pieces, in any script. The rules are few, because a sentence that is cut wrongly
 * is only spoken with a pause too many. `Intl.Segmenter` finds words, and is not asked for sentences: it takes an opening
 * quotation mark behind a stop for a closing one, and has to see what follows.
 */

/** Stops that may also stand inside a number, a name or an address: they end a sentence before white space only. */
const WEAK_STOPS: ReadonlySet<string> = new Set('.!?…\uff0e');
/** All stops of Unicode ("。", "؟", "۔", "।" and so on), the ellipsis, and the end of a line. */
const STOP = /[\p{Sentence_Terminal}…\n]/gu;
const IS_STOP = /^[\p{Sentence_Terminal}…]$/u;
/** What closes a quotation, a bracket or Markdown's emphasis behind a stop. */
const IS_CLOSER = /^["'“*_~`\p{Pe}\p{Pf}]$/u;
const IS_SPACE = /^\s$/;

/** More stops and closers in a row than this, in UTF-16 units, are a decoration; so no look at them is long. */
const LOOK_BACK = 64;
/** A long piece is taken in steps of this length, so that the cost of a cut does not grow with the piece. */
const STEP = 512;

/** Where the run of characters that pass ends that begins at the position. */
function runEnd(text: string, from: number, passes: (character: string) => boolean): number {
  let at = from;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!passes(character)) break;
    at += character.length;
  }
  return at;
}

/** Where the first sentence ends, with its closers and the white space behind it; null while it does not. */
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

/** A character of which few make a word counts for as much as three letters. */
const DENSE_LENGTH = 3;

/** Chinese, Japanese and Korean, in UTF-16 units: the planes of rare characters by their first halves. */
function isDense(unit: number): boolean {
  return (
    (unit >= 0x2e_80 && unit <= 0x9f_ff) ||
    (unit >= 0xac_00 && unit <= 0xd7_ff) ||
    (unit >= 0xd8_40 && unit <= 0xd8_8f) ||
    (unit >= 0xf9_00 && unit <= 0xfa_ff) ||
    (unit >= 0xff_00 && unit <= 0xff_9f)
  );
}

/** How long a text takes to say, in letters of an alphabet. */
export function spokenLength(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    if (isDense(text.charCodeAt(at))) length += DENSE_LENGTH - 1;
  }
  return length;
}

/** Behind a clause: a comma and its like, with white space where it may also stand inside a number. */
const CLAUSE_END = /[,;:]["'”’)\]]*\s|\s[–—-]\s|[，、；：،؛]/gu;
const SPACE = /\s/gu;

/** Where the last match ends; 0 when there is none. */
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

/** The tables of languages take tens of milliseconds to load: only a text that has to be cut loads them. */
function segmenters(): Segmenters {
  loaded ??= {
    words: new Intl.Segmenter(undefined, { granularity: 'word' }),
    characters: new Intl.Segmenter(undefined, { granularity: 'grapheme' }),
  };
  return loaded;
}

/** More UTF-16 units than any character has that is seen as one, in a text that is meant to be read. */
const MAX_CHARACTER = 64;

/** The beginning of a text that is no longer than `maxLength` to say; one character at least. */
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
 * Where a text that is too long is best cut: behind the last clause, else the last word, that lies in the second half of
 * what fits; else behind the last word by a dictionary, for scripts without spaces; else anywhere between characters.
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

/** Cuts a text into sentences as soon as they are complete. Joined, they are the text. One per text. */
export class SentenceSplitter {
  readonly #maxLength: number;
  /** The beginning of the sentence, in which no end can begin any more. */
  #begun = '';
  #tail = '';
  /** Of both together (`spokenLength`). */
  #length = 0;

  /** Sentences longer than `maxLength` (`spokenLength`) are cut; without it none are. */
  constructor(maxLength = Infinity) {
    this.#maxLength = maxLength;
  }

  /** Takes the next piece; returns the sentences it completes. With `final`, the last is what is left, also nothing. */
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
      // What stands behind the last sentence belongs to it.
      if (end === null || (final && end === this.#tail.length)) break;
      sentences.push(this.#cut(sentences, this.#take(end)));
    }
    if (this.#length > this.#maxLength) {
      this.#tail = this.#cut(sentences, this.#take(this.#tail.length));
      this.#length = spokenLength(this.#tail);
    }
    // No end begins any more in what lies further back: it is not looked at again.
    const settled = this.#tail.slice(0, Math.max(0, this.#tail.length - LOOK_BACK));
    this.#begun += settled;
    this.#tail = this.#tail.slice(settled.length);
  }

  /** Cuts pieces from a sentence that is too long; what is left of it. */
  #cut(sentences: string[], sentence: string): string {
    let rest = sentence;
    while (spokenLength(rest) > this.#maxLength) {
      const at = cutAt(rest, this.#maxLength);
      sentences.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
    return rest;
  }

  /** Takes the beginning, up to so many units of the tail. */
  #take(length: number): string {
    const sentence = this.#begun + this.#tail.slice(0, length);
    this.#tail = this.#tail.slice(length);
    this.#begun = '';
    this.#length = spokenLength(this.#tail);
    return sentence;
  }
}
