/** The text of an answer as it comes: with whole characters, one kind of line end, and nothing that is not seen. */
import { WholeCharacters } from '../../../text.ts';

/**
 * Characters that are not seen and change nothing: control characters that are no white space, soft hyphens, zero-width
 * spaces, joiners of words, byte order marks. A joiner of letters and a mark of direction change what is around them.
 */
const INVISIBLE =
  /(?![\t\n\v\f\r\u0085])\p{Cc}|\u034F|[\u00AD\u115F\u1160\u180E\u200B\u2060\u2063\u3164\uFEFF]/gu;
/** Sequences that set the colour of a terminal. */
const COLOURS = /(?![\t\n\v\f\r\u0085])\p{Cc}\[[\d;]{0,12}m/gu;
const BEGUN_COLOUR = /(?![\t\n\v\f\r\u0085])\p{Cc}(?:\[[\d;]{0,12})?$/u;
const LINE_ENDS = /\r\n?|\u0085/g;
/** A text in which there is nothing to change: most tokens. */
const PLAIN = /^[\x20-\x7e\n\t]*$/;

/** Takes an answer part by part. The result is the same wherever the parts are cut. */
export class Incoming {
  readonly #characters = new WholeCharacters();
  #held = '';

  /** Returns what is known of the text after the next part. */
  push(part: string): string {
    return this.#read(this.#held + this.#characters.push(part), false);
  }

  /** Returns the rest. */
  end(): string {
    return this.#read(this.#held + this.#characters.end(), true);
  }

  #read(text: string, ended: boolean): string {
    if (PLAIN.test(text)) {
      this.#held = '';
      return text;
    }
    // A line end may have a second character, and a sequence is seen as a whole.
    const begun = ended ? '' : (/\r$/.exec(text)?.[0] ?? BEGUN_COLOUR.exec(text.slice(-20))?.[0] ?? '');
    this.#held = begun;
    return text
      .slice(0, text.length - begun.length)
      .replaceAll(COLOURS, '')
      .replaceAll(LINE_ENDS, '\n')
      .replaceAll(INVISIBLE, '');
  }
}
