/** A header value with parameters, such as `multipart/form-data; boundary=x` (RFC 9110, sections 5.6.6 and 8.3). */
export interface HeaderValue {
  /** Text before the parameters, in lower case. */
  value: string;
  /** Parameters by name in lower case. If a name is repeated, its first value counts. */
  parameters: ReadonlyMap<string, string>;
}

/** State of reading a header value. */
interface Reading {
  text: string;
  at: number;
  /**
   * True if a backslash in a quoted string escapes the next character (RFC 9110), false if it is a character
   * (browsers).
   */
  escapes: boolean;
  /** True if a quoted string has no end, or is followed by something else than a parameter. */
  malformed: boolean;
}

/** Reads the text up to the next semicolon, and returns it without white space around it. */
function readPlain(reading: Reading): string {
  const semicolon = reading.text.indexOf(';', reading.at);
  const end = semicolon === -1 ? reading.text.length : semicolon;
  const plain = reading.text.slice(reading.at, end).trim();
  reading.at = end;
  return plain;
}

/** Reads a quoted string, and returns its content. `at` is the position of its first quotation mark. */
function readQuoted(reading: Reading): string {
  const { text, escapes } = reading;
  const ends = escapes ? /["\\]/g : /"/g;
  let content = '';
  let from = reading.at + 1;
  for (;;) {
    ends.lastIndex = from;
    const found = ends.exec(text);
    const end = found?.index ?? text.length;
    content += text.slice(from, end);
    if (found?.[0] === '\\') {
      content += text.charAt(end + 1);
      from = end + 2;
      continue;
    }
    reading.at = Math.min(end + 1, text.length);
    reading.malformed ||= found === null || readPlain(reading) !== '';
    return content;
  }
}

/** Reads the value, then each parameter from its semicolon on. */
function read(text: string, escapes: boolean): HeaderValue & { malformed: boolean } {
  const reading: Reading = { text, at: 0, escapes, malformed: false };
  const value = readPlain(reading).toLowerCase();
  const parameters = new Map<string, string>();
  while (reading.at < text.length) {
    const start = /;\s*(?:([^\s;="]+)\s*=\s*)?/y;
    start.lastIndex = reading.at;
    const [head = ';', name = ''] = start.exec(text) ?? [];
    reading.at += head.length;
    const content = text.charAt(reading.at) === '"' ? readQuoted(reading) : readPlain(reading);
    const key = name.toLowerCase();
    if (key !== '' && !parameters.has(key)) parameters.set(key, content);
  }
  return { value, parameters, malformed: reading.malformed };
}

/**
 * Parses a header value with its parameters: tokens, quoted strings, and unquoted text with characters that tokens do
 * not allow (`boundary=a/b`). RFC 9110 escapes characters of a quoted string with a backslash, but browsers send
 * backslashes in file names unescaped (`filename="C:\"`). The reading of RFC 9110 is used if the text is well-formed by
 * it. Never throws.
 */
export function parseHeaderValue(text: string): HeaderValue {
  const escaped = read(text, true);
  return escaped.malformed ? read(text, false) : escaped;
}
