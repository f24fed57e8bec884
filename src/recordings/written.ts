/** Detects text in place of sound. */

/** Number of bytes that are read. Sound is recognized in far fewer. */
export const WRITTEN_LOOK_BYTES = 4096;
/** Least size at which text in an unknown encoding can be told from samples. */
const MIN_UNKNOWN_ENCODING_BYTES = 1024;
/**
 * Least share of ASCII, or least number of different bytes, in a text. A tone has neither, even if its few bytes are
 * all printable by chance.
 */
const MIN_ASCII_SHARE = 0.75;
const MIN_DIFFERENT_BYTES = 32;
/** Least number of UTF-16 units that are needed without a byte order mark. */
const MIN_UTF16_UNITS = 32;

/** Matches control characters that texts do not have: all but tab, line feed, form feed, carriage return and escape. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffe\uffff]/;

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    // As a stream: a character may be cut at the end of the bytes.
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

function isPrintable(text: string | null): text is string {
  return text !== null && text !== '' && !CONTROL.test(text);
}

/** Returns the bytes decoded as UTF-16 if a mark says so or every unit is printable ASCII; else null. */
function asUtf16(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be');
  if (bytes.length < 2 * MIN_UTF16_UNITS) return null;
  const isAscii = (text: string | null) => text !== null && /^[\t\n\r -~]+$/.test(text);
  return ['utf-16le', 'utf-16be'].map((encoding) => decoded(bytes, encoding)).find(isAscii) ?? null;
}

/**
 * Returns the text at the beginning of a recording; null if it is not text. UTF-8 and UTF-16 are recognized by their
 * rules. Text in any other encoding is recognized by the absence of control characters: in loud samples one byte in
 * nine is one, and in quiet ones more.
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

/** Tells whether a text begins as JSON does: with an object or a list. */
export function isJson(text: string): boolean {
  return /^\s*[[{]\s*["[\]{}\d-]/.test(text);
}
