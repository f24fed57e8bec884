/**
 * Reads multipart/form-data (RFC 7578, with the boundaries of RFC 2046) as it arrives. How the body is cut into chunks
 * changes nothing but the cuts of `data`. Time is linear in the length of the body, and at most one line is held.
 */
import { parseHeaderValue } from './header-parameters.ts';

/** The longest boundary (RFC 2046, section 5.1.1), in characters. */
const MAX_BOUNDARY_LENGTH = 70;
/** White space that a gateway may have put behind a boundary, in bytes. A line with more is content. */
const MAX_PADDING_BYTES = 256;
/** The headers of one part, in bytes: a file name has 255 bytes at most, three times as many when they are escaped. */
export const MAX_PART_HEADERS_BYTES = 8 * 1024;
/** More parts than any form here has. */
export const MAX_PARTS = 256;

const [TAB, LF, CR, SPACE, DASH] = [9, 10, 13, 32, 45];

/** A body that is not multipart/form-data. Its message says what is wrong, and is meant for the sender. */
export class MultipartError extends Error {}

/** What the headers of a part say. The name of its file is read over: it means nothing here. */
export interface PartHeaders {
  /** The name of the form's field. */
  name: string;
  /** The content type as it was sent; null when the part has none. */
  contentType: string | null;
  /** The `charset` of the content type; null when there is none. */
  charset: string | null;
}

/** A part begins, or more of the content of the part that began last. `bytes` may be a view of the chunk. */
export type MultipartEvent =
  { kind: 'part'; headers: PartHeaders } | { kind: 'data'; bytes: Uint8Array<ArrayBuffer> };

/**
 * Returns the boundary that a content type names. Throws `MultipartError` for another content type, and for a boundary
 * that is missing or that RFC 2046 does not allow.
 */
export function boundaryOf(contentType: string): string {
  const { value, parameters } = parseHeaderValue(contentType);
  if (value !== 'multipart/form-data') {
    const instead = value === '' ? '' : `, not ${value.slice(0, 100)}`;
    throw new MultipartError(`must be multipart/form-data with a boundary${instead}`);
  }
  const boundary = parameters.get('boundary')?.trimEnd() ?? '';
  if (!/^[\u0020-\u007E]+$/.test(boundary) || boundary.length > MAX_BOUNDARY_LENGTH) {
    throw new MultipartError(`must name a boundary of 1 to ${MAX_BOUNDARY_LENGTH} ASCII characters`);
  }
  return boundary;
}

/** The lines of a part's headers as the values of those that matter. Names are in lower case; the first one counts. */
function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new MultipartError('a part has a header without a name');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function partHeaders(lines: readonly string[]): PartHeaders {
  const headers = headersOf(lines);
  const disposition = parseHeaderValue(headers.get('content-disposition') ?? '');
  const name = disposition.parameters.get('name');
  if (disposition.value !== 'form-data' || name === undefined) {
    throw new MultipartError('a part has no Content-Disposition form-data with a name');
  }
  const contentType = headers.get('content-type') ?? null;
  const type = parseHeaderValue(contentType ?? '');
  if (type.value.startsWith('multipart/')) {
    throw new MultipartError('a part is multipart itself: repeat the field instead');
  }
  // RFC 7578, section 4.7: only encodings that leave the bytes as they are.
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (!['7bit', '8bit', 'binary'].includes(encoding)) {
    throw new MultipartError('a part has a Content-Transfer-Encoding: send its bytes as they are');
  }
  return { name, contentType, charset: type.parameters.get('charset') ?? null };
}

/** What stands at the beginning of a line: no boundary, too little to tell, or a boundary and where its line ends. */
type Delimiter = 'none' | 'unclear' | { end: number; last: boolean };

/** The one reader of forms: takes a body in chunks and gives its parts. Each body needs a reader of its own. */
export class MultipartReader {
  /** Two dashes and the boundary. */
  readonly #dashed: Uint8Array;
  #state: 'preamble' | 'headers' | 'content' | 'epilogue' = 'preamble';
  /** What could not be told apart yet: at most the beginning of a line that may be a boundary, or of a header. */
  #held: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** Whether the next byte is the first of a line though no line end of the content stands before it. */
  #atLineStart = true;
  /** Whether lines end in LF alone, which the line of the first boundary tells. */
  #bareLineFeeds = false;
  #headerLines: string[] = [];
  #headerBytes = 0;
  #parts = 0;
  readonly #decoder = new TextDecoder();

  constructor(boundary: string) {
    this.#dashed = new TextEncoder().encode(`--${boundary}`);
  }

  /** The bytes that were taken and are not part of any event yet. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** Takes the next chunk. Its memory is the caller's again when the generator has ended. Throws `MultipartError`. */
  *push(chunk: Uint8Array<ArrayBuffer>): Generator<MultipartEvent, void> {
    const bytes = this.#withHeld(chunk);
    this.#held = new Uint8Array();
    let at = 0;
    for (let more = true; more;) {
      const before = at;
      const state = this.#state;
      if (state === 'epilogue') return;
      if (state === 'headers') at = this.#readHeaderLine(bytes, at);
      else at = yield* this.#readContent(bytes, at);
      if (state === 'headers' && this.#state === 'content') {
        yield { kind: 'part', headers: partHeaders(this.#headerLines) };
      }
      more = at > before || this.#state !== state;
    }
    this.#held = bytes.slice(at);
  }

  /** Ends the body. Throws `MultipartError` when its last boundary is missing. */
  *end(): Generator<MultipartEvent, void> {
    // The line of the last boundary may end with the body.
    yield* this.push(Uint8Array.of(LF));
    if (this.#state === 'preamble') throw new MultipartError('the body does not begin with its boundary');
    if (this.#state !== 'epilogue') throw new MultipartError('the body ends before its last boundary');
  }

  #withHeld(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (this.#held.length === 0) return chunk;
    const bytes = new Uint8Array(this.#held.length + chunk.length);
    bytes.set(this.#held);
    bytes.set(chunk, this.#held.length);
    return bytes;
  }

  /** Reads one line of headers; returns the position behind it, or the same one when the line has no end yet. */
  #readHeaderLine(bytes: Uint8Array, at: number): number {
    const lineFeed = bytes.indexOf(LF, at);
    const length = (lineFeed === -1 ? bytes.length : lineFeed + 1) - at;
    if (this.#headerBytes + length > MAX_PART_HEADERS_BYTES) {
      throw new MultipartError(`the headers of a part exceed ${MAX_PART_HEADERS_BYTES} bytes`);
    }
    if (lineFeed === -1) return at;
    this.#headerBytes += length;
    const line = this.#decoder.decode(bytes.subarray(at, lineFeed)).replace(/\r$/, '');
    if (line === '') {
      this.#state = 'content';
      this.#atLineStart = true;
    } else if (/^[ \t]/.test(line)) {
      // A folded header goes on (RFC 5322, section 2.2.3).
      this.#headerLines.push(`${this.#headerLines.pop() ?? ''} ${line.trim()}`);
    } else {
      this.#headerLines.push(line);
    }
    return lineFeed + 1;
  }

  /** Gives the content up to the next boundary, or as far as it is clear that there is none; returns the position. */
  *#readContent(bytes: Uint8Array<ArrayBuffer>, at: number): Generator<MultipartEvent, number> {
    const { contentEnd, next, last } = this.#findDelimiter(bytes, at);
    if (contentEnd > at) {
      this.#atLineStart = false;
      if (this.#state === 'content') yield { kind: 'data', bytes: bytes.subarray(at, contentEnd) };
    }
    if (next === null) return contentEnd;
    if (this.#state === 'preamble') this.#bareLineFeeds = bytes[next - 2] !== CR;
    this.#state = last ? 'epilogue' : 'headers';
    this.#headerLines = [];
    this.#headerBytes = 0;
    if (!last) this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw new MultipartError(`the form has more than ${MAX_PARTS} parts`);
    return next;
  }

  /** Where the content ends, and the position behind the boundary's line; `next` is null while there is none. */
  #findDelimiter(bytes: Uint8Array, at: number): { contentEnd: number; next: number | null; last: boolean } {
    let lineStart = at;
    let contentEnd = at;
    for (let known = this.#atLineStart; ; known = true) {
      const delimiter = known ? this.#delimiterAt(bytes, lineStart) : 'none';
      if (delimiter === 'unclear') return { contentEnd, next: null, last: false };
      if (delimiter !== 'none') return { contentEnd, next: delimiter.end, last: delimiter.last };
      const lineFeed = this.#nextLineEnd(bytes, lineStart);
      if (lineFeed === -1) {
        // A CR at the end may belong to a boundary.
        const end = bytes.length;
        return { contentEnd: end > at && bytes[end - 1] === CR ? end - 1 : end, next: null, last: false };
      }
      lineStart = lineFeed + 1;
      contentEnd = lineFeed > at && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
    }
  }

  /** The next LF that ends a line as the lines of boundaries end here. */
  #nextLineEnd(bytes: Uint8Array, from: number): number {
    let lineFeed = bytes.indexOf(LF, from);
    if (this.#state === 'preamble' || this.#bareLineFeeds) return lineFeed;
    while (lineFeed !== -1 && bytes[lineFeed - 1] !== CR) lineFeed = bytes.indexOf(LF, lineFeed + 1);
    return lineFeed;
  }

  #delimiterAt(bytes: Uint8Array, lineStart: number): Delimiter {
    const dashed = this.#dashed;
    let at = lineStart;
    for (let index = 0; index < dashed.length; index += 1, at += 1) {
      if (at === bytes.length) return 'unclear';
      if (bytes[at] !== dashed[index]) return 'none';
    }
    const last = bytes[at] === DASH;
    if (last) {
      if (at + 1 === bytes.length) return 'unclear';
      if (bytes[at + 1] !== DASH) return 'none';
      at += 2;
    }
    const paddingEnd = at + MAX_PADDING_BYTES;
    while (at < paddingEnd && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
    if (bytes[at] === CR && (at + 1 === bytes.length || bytes[at + 1] === LF)) at += 1;
    if (at === bytes.length) return 'unclear';
    return bytes[at] === LF ? { end: at + 1, last } : 'none';
  }
}
