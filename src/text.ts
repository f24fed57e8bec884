/**
 * Text as Unicode has it: cuts that keep characters whole, pieces that join to the text they were cut from, and lines
 * of JSON that every client reads as one line. Everything here is linear in the length of the text.
 */

const LAST_HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** Returns whether the text ends in the first half of a character outside the Basic Multilingual Plane. */
function endsInHalf(text: string): boolean {
  return LAST_HIGH_SURROGATE.test(text.slice(-1));
}

/**
 * Returns the beginning of `text`, at most `maxUnits` UTF-16 units long. A character of two units that would be split
 * is left out as a whole.
 */
export function cut(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const beginning = text.slice(0, Math.max(maxUnits, 0));
  return endsInHalf(beginning) ? beginning.slice(0, -1) : beginning;
}

/** Returns the end of `text`, at most `maxUnits` UTF-16 units long, without splitting its first character. */
export function cutStart(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const end = maxUnits > 0 ? text.slice(-maxUnits) : '';
  return /^[\uDC00-\uDFFF]/.test(end) ? end.slice(1) : end;
}

/**
 * Returns `text` without the white space and the `characters` at its end. A pattern such as `/[\s.]+$/` does the same in
 * time squared: it is tried again at every character of a long run that is not the last one.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && (characters.includes(text.charAt(end - 1)) || text.charAt(end - 1).trim() === ''))
    end -= 1;
  return text.slice(0, end);
}

/** Returns `text` with each surrogate that has no partner replaced by U+FFFD, as UTF-8 would store it. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/**
 * What a reader does not see: white space, controls, and format characters such as U+200B and U+FEFF. Variation
 * selectors and joiners are format characters too: they show nothing without a character beside them.
 */
const INVISIBLE = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

/** Returns whether a reader sees nothing of the text. */
export function isBlank(text: string): boolean {
  return INVISIBLE.test(text);
}

/**
 * Joins pieces of text that may have been cut inside a character: holds back the first half until the second one
 * comes, so that every piece it returns is well-formed.
 */
export class WholeCharacters {
  #held = '';

  /** Returns what can be passed on of everything that has come so far; an empty text when nothing can. */
  push(piece: string): string {
    const text = this.#held + piece;
    const whole = endsInHalf(text) ? text.slice(0, -1) : text;
    this.#held = text.slice(whole.length);
    return wellFormed(whole);
  }

  /** Returns what was held back. To be called when no further piece comes. */
  end(): string {
    const rest = wellFormed(this.#held);
    this.#held = '';
    return rest;
  }
}

/** Returns the length of `text` in bytes of UTF-8. A surrogate without a partner counts as the U+FFFD it is stored as. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Three bytes for each unit, but for a pair of surrogates, which has four: its second half adds one.
    if (unit >= 0x800) bytes += isSecondHalf(text, index) ? 0 : 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

/** Returns whether the unit at `index` is the second half of a character. */
function isSecondHalf(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff && endsInHalf(text.charAt(index - 1));
}

/** Returns whether `text` has more than `max` characters (Unicode code points, as JSON Schema counts them). */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > max * 2) return true;
  let count = 0;
  for (let index = 0; index < text.length; index += 1) if (!isSecondHalf(text, index)) count += 1;
  return count > max;
}

/** Returns the beginning of `text` that takes at most `maxBytes` bytes of UTF-8, with its last character whole. */
export function cutBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || utf8Length(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(maxBytes, 0)));
  return text.slice(0, read);
}

const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/**
 * Returns `value` as one line of JSON, without the line feed behind it. The line ends that JSON leaves raw are escaped:
 * U+0085, U+2028 and U+2029 are line ends for readers such as Python's `str.splitlines`.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Returns a value as JSON with the members of objects in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
