/** Which words have been spoken by a moment, when audio arrives in pieces that may play with gaps between them. Pure. */

/** Milliseconds since the start of the message's audio, and the character that is spoken then. */
export type Alignment = readonly (readonly [number, string])[];

interface Segment {
  /** On the clock that plays, in seconds. */
  begins: number;
  /** The beginning of the segment in the message's audio, and its length, in milliseconds. */
  position: number;
  length: number;
}

const SENTENCE_ENDS = /[.!?…。！？؟]["”»)]?\s/g;

/** The words of a message with the times at which they are spoken. */
export class Timeline {
  readonly #segments: Segment[] = [];
  #times: number[] = [];
  #characters: string[] = [];
  #position = 0;

  addAudio(begins: number, lengthMs: number): void {
    this.#segments.push({ begins, position: this.#position, length: lengthMs });
    this.#position += lengthMs;
  }

  addWords(alignment: Alignment): void {
    this.#times = this.#times.concat(alignment.map(([time]) => time));
    this.#characters = this.#characters.concat(alignment.map(([, character]) => character));
  }

  /**
   * Returns the text that was spoken by the time `now`. With `bySentence`, a sentence appears whole as soon as it is
   * begun.
   */
  textAt(now: number, bySentence: boolean): string {
    const segment = this.#segments.findLast(({ begins }) => begins <= now);
    if (segment === undefined) return '';
    const played = segment.position + Math.min((now - segment.begins) * 1_000, segment.length);
    const next = this.#times.findIndex((time) => time > played);
    if (next === -1) return this.#characters.join('');
    const spoken = this.#characters.slice(0, next).join('');
    if (!bySentence || spoken === '') return spoken;
    const text = this.#characters.join('');
    const ends = [...text.matchAll(SENTENCE_ENDS)].map((end) => end.index + end[0].length);
    return text.slice(
      0,
      ends.find((end) => end >= spoken.length),
    );
  }
}
