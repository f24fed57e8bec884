/** Reads the text of an organization's file. */

/** Maximum size of a file in bytes of UTF-8. Its documents fit into the values of the registry. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Thrown for the text of a file that cannot be read. The message is a sentence. */
export class FileTextError extends Error {
  override readonly name = 'FileTextError';
}

interface Level {
  isObject: boolean;
  names: Set<string>;
  /** Name of the current member; `index` is the position of the current entry of a list. */
  at: string;
  index: number;
}

/** Returns the end of the string that begins with the quote at `open`: the position after its closing quote. */
function endOfText(json: string, open: number): number {
  for (let quote = json.indexOf('"', open + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (json[quote - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return quote + 1;
  }
  return json.length;
}

/** Finds repeated member names in the objects of a JSON text, character by character. */
class MemberScan {
  readonly found: string[] = [];
  readonly #levels: Level[] = [];
  /** The last string. It is a name if a colon follows. */
  #text = '';

  /** Takes a string with its quotes. */
  text(json: string): void {
    this.#text = json;
  }

  /** Takes a character outside of strings. */
  sign(sign: string): void {
    const level = this.#levels.at(-1);
    if (sign === '{' || sign === '[') {
      this.#levels.push({ isObject: sign === '{', names: new Set(), at: '', index: 0 });
    } else if (sign === '}' || sign === ']') {
      this.#levels.pop();
    } else if (level !== undefined && sign === ',') {
      level.index += 1;
    } else if (level !== undefined && sign === ':') {
      this.#member(level);
    }
  }

  #member(level: Level): void {
    level.at = JSON.parse(this.#text) as string;
    if (level.names.has(level.at)) {
      this.found.push(this.#levels.map((each) => (each.isObject ? each.at : String(each.index))).join('.'));
    }
    level.names.add(level.at);
  }
}

/**
 * Returns the places where an object of a JSON text has two members of one name: `JSON.parse` would silently use the
 * last one. The text must be valid JSON. Takes linear time.
 */
export function repeatedMembers(json: string): string[] {
  const scan = new MemberScan();
  for (let at = 0; at < json.length;) {
    const sign = json[at] ?? '';
    const end = sign === '"' ? endOfText(json, at) : at + 1;
    if (sign === '"') scan.text(json.slice(at, end));
    else scan.sign(sign);
    at = end;
  }
  return scan.found;
}

/**
 * Returns the JSON value of a file. Throws `FileTextError` for a file that is too large, is not JSON, or repeats a
 * member.
 */
export function readFileText(text: string): unknown {
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > MAX_FILE_BYTES) {
    throw new FileTextError(`The file has ${bytes} bytes; at most ${MAX_FILE_BYTES} are allowed.`);
  }
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new FileTextError(
      `The file is not valid JSON. ${error instanceof Error ? error.message : ''}`.trim(),
    );
  }
  const repeated = repeatedMembers(json);
  if (repeated.length === 0) return value;
  throw new FileTextError(
    `The file has members of the same name twice: ${repeated.slice(0, 20).join(', ')}.`,
  );
}
