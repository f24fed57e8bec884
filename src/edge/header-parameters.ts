/** A header value with parameters, such as `multipart/form-data; boundary=x` (RFC 9110, sections 5.6.6 and 8.3). */
export interface HeaderValue {
  /** What stands before the parameters, in lower case. */
  value: string;
  /** The parameters by their name in lower case. Of a name that is repeated, the first one counts. */
  parameters: ReadonlyMap<string, string>;
}

/** A header value that is being read, and how far it has been. */
interface Reading {
  text: string;
  at: number;
  /** Whether a backslash in a quoted string escapes the character behind it (RFC 9110) or is a character (browsers). */
  escapes: boolean;
  /** Whether a quoted string has no end, or something other than the next parameter behind it. */
  malformed: boolean;
}

/** Moves behind the text before the next semicolon, and returns it without the white space around it. */
function readPlain(reading: Reading): string {
  const semicolon = reading.text.indexOf(';', reading.at);
  const end = semicolon === -1 ? reading.text.length : semicolon;
  const plain = reading.text.slice(reading.at, end).trim();
  reading.at = end;
  return plain;
}

/** Moves behind a quoted string, and returns what is inside. `at` is the position of its first quotation mark. */
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

/** Reads what stands before the first semicolon, then the parameters. The position is at a semicolon for each of them. */
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
 * Reads a header value and its parameters: tokens, quoted strings, and unquoted text with characters that no token
 * has (`boundary=a/b`). RFC 9110 escapes characters of a quoted string with a backslash; browsers leave a backslash in
 * a file name as it is (`filename="C:\"`). The first reading is taken where the text is well-formed by it. Never throws.
 */
export function parseHeaderValue(text: string): HeaderValue {
  const escaped = read(text, true);
  return escaped.malformed ? read(text, false) : escaped;
}
