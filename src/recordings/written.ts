/** Text in place of sound: what a page, a program or a person wrote. */

/** How much of a recording is looked at. Sound shows in far less that it is none. */
export const WRITTEN_LOOK_BYTES = 4096;
/** Below this a text in an encoding that is not known cannot be told from samples. */
const MIN_UNKNOWN_ENCODING_BYTES = 1024;
/**
 * A text has at least so much of ASCII, or so many different bytes. A tone, whose few bytes may all be printable by
 * chance, has neither.
 */
const MIN_ASCII_SHARE = 0.75;
const MIN_DIFFERENT_BYTES = 32;
/** UTF-16 without a byte order mark is judged by this many characters. */
const MIN_UTF16_UNITS = 32;

/** Controls that no text has: all but tab, line feed, form feed, carriage return and escape. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffe\uffff]/;

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    // As a stream: a character that is cut at the end of what is looked at is no fault.
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

function isPrintable(text: string | null): text is string {
  return text !== null && text !== '' && !CONTROL.test(text);
}

/** The bytes as UTF-16, where a mark says so or every unit is printable ASCII; else null. */
function asUtf16(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be');
  if (bytes.length < 2 * MIN_UTF16_UNITS) return null;
  const isAscii = (text: string | null) => text !== null && /^[\t\n\r -~]+$/.test(text);
  return ['utf-16le', 'utf-16be'].map((encoding) => decoded(bytes, encoding)).find(isAscii) ?? null;
}

/**
 * The text that the beginning of a recording is, as far as it can be read; null when it is none. Text in UTF-8 and
 * UTF-16 is recognized by its rules. In any other encoding it is known by the control characters that it does not have:
 * one byte in nine is one in loud samples, and more in soft ones.
 */
export function written(head: Uint8Array): string | null {
  const utf8 = decoded(head, 'utf-8');
  if (isPrintable(utf8)) return utf8;
  const utf16 = asUtf16(head);
  if (isPrintable(utf16)) return utf16;
  if (head.length < MIN_UNKNOWN_ENCODING_BYTES) return null;
  const ascii = head.reduce((count, byte) => count + (byte < 0x80 ? 1 : 0), 0);
  if (ascii < head.length * MIN_ASCII_SHARE && new Set(head).size < MIN_DIFFERENT_BYTES) return null;
  const latin = String.fromCharCode(...head);
  return CONTROL.test(latin) ? null : latin;
}

/** Whether a text begins as JSON does: an object or a list. */
export function isJson(text: string): boolean {
  return /^\s*[[{]\s*["[\]{}\d-]/.test(text);
}
