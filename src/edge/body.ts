import { inTime } from '../deadline.ts';
import { problem, type ProblemError } from '../problems.ts';
import { parseHeaderValue } from './header-parameters.ts';

const MIB = 1024 * 1024;

/** Maximum size of a JSON body: larger than any useful message, far smaller than the memory of an isolate. */
export const MAX_JSON_BYTES = MIB;
/** Size up to which a body is read at once: HTTP holds it to its `Content-Length`. */
const SMALL_BODY_BYTES = 16 * 1024;
/** Maximum pause of a body, in milliseconds. After it the request fails. */
export const BODY_STALL_MS = 30_000;
/** Maximum size and time in which the rest of a refused body is read before its connection is closed. */
const MAX_DRAIN_BYTES = 64 * MIB;
const DRAIN_MS = 10_000;
/** Maximum time of a whole body in milliseconds, even if it never pauses. */
export const MAX_BODY_MS = 5 * 60_000;

/** Returns a number of bytes as text, in MiB if it is a whole number of them. */
export function sizeInWords(bytes: number): string {
  return bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes} bytes`;
}

/** Returns what `work` resolves to; throws a problem when that takes longer than a body may stall. */
function unstalled<T>(work: Promise<T>, stallMs: number): Promise<T> {
  return inTime(stallMs, work, () => problem('body_stalled', 'The body did not arrive in time.'));
}

/** Maximum size and times of a body. Times are in milliseconds. */
export interface BodyLimits {
  maxBytes: number;
  /** Problem detail for a larger body, one sentence; by default it names `maxBytes`. */
  tooLarge?: string;
  /** Maximum pause in which nothing arrives. */
  stallMs: number;
  /** Maximum time in total. A sender of one byte a second never pauses too long. */
  totalMs: number;
}

/** Returns the problem of a body or form that exceeds its limits: `body_too_large` (413). */
export function bodyTooLarge({ maxBytes, tooLarge }: BodyLimits): ProblemError {
  return problem('body_too_large', tooLarge ?? `The body must not exceed ${sizeInWords(maxBytes)}.`);
}

/** Usual maximum times of a body. */
export const BODY_TIMES = { stallMs: BODY_STALL_MS, totalMs: MAX_BODY_MS } as const;

/**
 * Reads and drops the rest of a body within `DRAIN_MS` and `MAX_DRAIN_BYTES`. A client that is still sending reads the
 * response only after it has sent everything. If the connection is closed earlier, the client sees a broken connection.
 */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const until = Date.now() + DRAIN_MS;
  let length = 0;
  try {
    while (length < MAX_DRAIN_BYTES) {
      const chunk = await unstalled(reader.read(), Math.max(until - Date.now(), 0));
      if (chunk.done) return;
      length += chunk.value.byteLength;
    }
  } catch {
    // The client has left or sends too slowly: no response reaches it.
  }
  // Not awaited: the rest of the body may never come.
  void reader.cancel().catch(() => undefined);
}

/**
 * Throws `content_encoding_unsupported` (415) for a compressed body (RFC 9110, section 8.4): its length says nothing
 * about its content's length.
 */
function refuseCompressed(request: Request): void {
  const codings = (request.headers.get('content-encoding') ?? '').split(',').map((coding) => coding.trim());
  const compressed = codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'identity');
  if (compressed.length === 0) return;
  throw problem(
    'content_encoding_unsupported',
    `The body has the Content-Encoding ${compressed.join(', ').slice(0, 100)}. Send it uncompressed.`,
  );
}

/**
 * Throws `charset_unsupported` (415) if the content type of a JSON body names a charset other than UTF-8 (RFC 8259,
 * section 8.1).
 */
export function refuseForeignCharset(request: Request): void {
  const charset = parseHeaderValue(request.headers.get('content-type') ?? '').parameters.get('charset');
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw problem(
    'charset_unsupported',
    `The body has the charset ${charset.slice(0, 100)}. Send JSON in UTF-8.`,
  );
}

/**
 * Yields the chunks of a body as they arrive. Counts their bytes, because `Content-Length` is only a claim of the
 * client. Throws 413 for a body that is too large, 408 for one that is too slow, and 415 for a compressed one.
 */
export async function* bodyChunks(
  request: Request,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { maxBytes, stallMs, totalMs } = limits;
  refuseCompressed(request);
  const claimed = Number(request.headers.get('content-length') ?? NaN);
  if (claimed > maxBytes) throw bodyTooLarge(limits);
  if (request.body === null) return;
  if (claimed <= SMALL_BODY_BYTES) {
    // Most bodies fit into one read.
    yield new Uint8Array(await unstalled(request.arrayBuffer(), stallMs));
    return;
  }
  const reader = request.body.getReader();
  const until = Date.now() + totalMs;
  let length = 0;
  let coming = true;
  try {
    for (;;) {
      coming = false;
      const chunk = await unstalled(reader.read(), Math.min(stallMs, Math.max(until - Date.now(), 0)));
      if (chunk.done) return;
      coming = true;
      length += chunk.value.byteLength;
      if (length > maxBytes) throw bodyTooLarge(limits);
      yield chunk.value;
    }
  } finally {
    if (coming) await drain(reader);
    else void reader.cancel().catch(() => undefined);
  }
}

/** Collects bytes that arrive in pieces of any size. Uses at most twice the memory of their length. */
export class ByteCollector {
  #bytes = new Uint8Array();
  #length = 0;

  /** Copies the next bytes. */
  push(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** All collected bytes, as a view. Use it after the last `push`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Returns a whole body. Throws as `bodyChunks` does. */
export async function readBody(
  request: Request,
  maxBytes = MAX_JSON_BYTES,
  stallMs = BODY_STALL_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const collector = new ByteCollector();
  for await (const chunk of bodyChunks(request, { maxBytes, ...BODY_TIMES, stallMs })) collector.push(chunk);
  return collector.bytes;
}
