/**
 * Operations on Unicode text: cuts that keep characters whole, pieces that join to the original text, and JSON on one
 * line. All are linear in the length of the text.
 */

const LAST_HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** Tells whether the text ends in the first surrogate of a pair. */
function endsInHalf(text: string): boolean {
  return LAST_HIGH_SURROGATE.test(text.slice(-1));
}

/**
 * Returns the beginning of `text`, at most `maxUnits` UTF-16 units long. Leaves out a surrogate pair that does not fit
 * whole.
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
 * Returns `text` without white space and `characters` at its end. A pattern such as `/[\s.]+$/` takes quadratic time:
 * it starts again at every character of a long run that is not at the end.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && (characters.includes(text.charAt(end - 1)) || text.charAt(end - 1).trim() === ''))
    end -= 1;
  return text.slice(0, end);
}

/** Returns `text` with each surrogate without a partner replaced by U+FFFD, as UTF-8 stores it. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/**
 * Matches text that shows nothing: white space, controls, and format characters such as U+200B and U+FEFF. Variation
 * selectors and joiners are format characters too: they show nothing without a character beside them.
 */
const INVISIBLE = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

/** Tells whether a text shows nothing to a reader. */
export function isBlank(text: string): boolean {
  return INVISIBLE.test(text);
}

/**
 * Joins pieces of text that may be cut inside a surrogate pair: keeps the first surrogate until the second arrives, so
 * that every returned piece is well-formed.
 */
export class WholeCharacters {
  #held = '';

  /** Returns the complete characters so far that were not returned before; an empty text if there are none. */
  push(piece: string): string {
    const text = this.#held + piece;
    const whole = endsInHalf(text) ? text.slice(0, -1) : text;
    this.#held = text.slice(whole.length);
    return wellFormed(whole);
  }

  /** Returns the rest. Call it after the last piece. */
  end(): string {
    const rest = wellFormed(this.#held);
    this.#held = '';
    return rest;
  }
}

/** Returns the length of `text` in bytes of UTF-8. A surrogate without a partner counts as U+FFFD, three bytes. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A unit has three bytes, but a surrogate pair has four: its second half adds one.
    if (unit >= 0x800) bytes += isSecondHalf(text, index) ? 0 : 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

/** Tells whether the unit at `index` is the second surrogate of a pair. */
function isSecondHalf(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff && endsInHalf(text.charAt(index - 1));
}

/** Tells whether `text` has more than `max` characters (Unicode code points, as JSON Schema counts them). */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > max * 2) return true;
  let count = 0;
  for (let index = 0; index < text.length; index += 1) if (!isSecondHalf(text, index)) count += 1;
  return count > max;
}

/** Returns the longest beginning of `text` within `maxBytes` bytes of UTF-8, with its last character whole. */
export function cutBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || utf8Length(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(maxBytes, 0)));
  return text.slice(0, read);
}

const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/**
 * Returns `value` as one line of JSON without a line feed. Escapes U+0085, U+2028 and U+2029, which JSON allows
 * unescaped: readers such as Python's `str.splitlines` end a line there.
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
