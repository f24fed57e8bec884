/** The text of an organization's file: how large it may be, and what JSON it is. */

/** The largest file, in bytes of UTF-8. Everything that it publishes fits into the values of the registry. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Why the text of a file cannot be read. Its message is a sentence. */
export class FileTextError extends Error {
  override readonly name = 'FileTextError';
}

/** One token of JSON that decides about members: a text, or one of the signs between values. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

interface Level {
  isObject: boolean;
  names: Set<string>;
  /** The member or the index at which this level stands. */
  at: string;
  index: number;
}

/**
 * Returns where an object of a JSON text has two members of one name: the last one would win without a word. The text
 * must be valid JSON. Linear in its length.
 */
export function repeatedMembers(json: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  let name: string | null = null;
  for (const [token] of json.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      levels.push({ isObject: token === '{', names: new Set(), at: '', index: 0 });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',') {
      if (level !== undefined) level.index += 1;
    } else if (token === ':') {
      if (level?.isObject !== true || name === null) continue;
      level.at = name;
      if (level.names.has(name))
        found.push(levels.map((each) => (each.isObject ? each.at : String(each.index))).join('.'));
      level.names.add(name);
    } else {
      name = JSON.parse(token) as string;
    }
  }
  return found;
}

/** Reads the JSON of a file. Throws `FileTextError` for one that is too large, no JSON, or has members twice. */
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
