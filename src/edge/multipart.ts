/**
 * Reads multipart/form-data (RFC 7578, with the boundaries of RFC 2046) as it arrives. The chunks of the body change
 * only how `data` is divided. Takes linear time in the length of the body, and holds at most one line.
 */
import { parseHeaderValue } from './header-parameters.ts';

/** Maximum length of a boundary in characters (RFC 2046, section 5.1.1). */
const MAX_BOUNDARY_LENGTH = 70;
/** Maximum white space after a boundary in bytes; gateways may add some. A line with more is content. */
const MAX_PADDING_BYTES = 256;
/**
 * Maximum size of the headers of one part in bytes. A file name has at most 255 bytes, and three times as many when
 * escaped.
 */
export const MAX_PART_HEADERS_BYTES = 8 * 1024;
/** Maximum number of parts: more than any form of the API has. */
export const MAX_PARTS = 256;

const [TAB, LF, CR, SPACE, DASH] = [9, 10, 13, 32, 45];

/** Thrown for a body that is not valid multipart/form-data. The message is for the sender. */
export class MultipartError extends Error {}

/** Headers of a part. The name of a file is ignored. */
export interface PartHeaders {
  /** Name of the field. */
  name: string;
  /** Content type as sent; null if the part has none. */
  contentType: string | null;
  /** `charset` of the content type; null if there is none. */
  charset: string | null;
}

/** The beginning of a part, or a piece of its content. `bytes` may be a view of the chunk. */
export type MultipartEvent =
  { kind: 'part'; headers: PartHeaders } | { kind: 'data'; bytes: Uint8Array<ArrayBuffer> };

/**
 * Returns the boundary in a content type. Throws `MultipartError` for another content type, and for a boundary that is
 * missing or not allowed by RFC 2046.
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

/** Parses the header lines of a part. Names are in lower case; of a repeated name, the first value counts. */
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

/**
 * Result of looking for a boundary at the beginning of a line: none, too few bytes to tell, or a boundary and the end
 * of its line.
 */
type Delimiter = 'none' | 'unclear' | { end: number; last: boolean };

/** Parses one body: takes it in chunks and yields its parts. */
export class MultipartReader {
  /** Two dashes and the boundary, in bytes. */
  readonly #dashed: Uint8Array;
  #state: 'preamble' | 'headers' | 'content' | 'epilogue' = 'preamble';
  /** Bytes that are not decided yet: at most the beginning of a line that may be a boundary, or of a header. */
  #held: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** True if the next byte begins a line, though no line end of the content is before it. */
  #atLineStart = true;
  /** True if lines end in LF without CR, as the first boundary's line does. */
  #bareLineFeeds = false;
  #headerLines: string[] = [];
  #headerBytes = 0;
  #parts = 0;
  readonly #decoder = new TextDecoder();

  constructor(boundary: string) {
    this.#dashed = new TextEncoder().encode(`--${boundary}`);
  }

  /** Number of bytes that no event has yielded yet. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /**
   * Parses the next chunk and yields its events. The caller may reuse the chunk's memory after the generator has ended.
   * Throws `MultipartError`.
   */
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

  /** Ends the body. Throws `MultipartError` if its last boundary is missing. */
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

  /** Reads one header line. Returns the position after it, or `at` if the line is not complete. */
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
      // Continuation of a folded header (RFC 5322, section 2.2.3).
      this.#headerLines.push(`${this.#headerLines.pop() ?? ''} ${line.trim()}`);
    } else {
      this.#headerLines.push(line);
    }
    return lineFeed + 1;
  }

  /** Yields the content up to the next boundary, or as far as no boundary can begin. Returns the position. */
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

  /**
   * Returns the end of the content, and the position after the line of the boundary; `next` is null if there is none
   * yet.
   */
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

  /** Returns the next LF that ends a line, with CR before it if boundary lines have one. */
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
