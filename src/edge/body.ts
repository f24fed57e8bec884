import { inTime } from '../deadline.ts';
import { problem, type ProblemError } from '../problems.ts';
import { parseHeaderValue } from './header-parameters.ts';

const MIB = 1024 * 1024;

/** Larger than any sensible message, far smaller than an isolate's memory. */
export const MAX_JSON_BYTES = MIB;
/** A body that claims to be no larger than this is not counted: HTTP holds it to its `Content-Length`. */
const SMALL_BODY_BYTES = 16 * 1024;
/** A body of which nothing arrives for this long is given up. */
export const BODY_STALL_MS = 30_000;
/** How much of a body that is refused is still taken, and for how long, before its connection is given up. */
const MAX_DRAIN_BYTES = 64 * MIB;
const DRAIN_MS = 10_000;
/** A body that is not there after this is given up, however steadily it trickles. */
export const MAX_BODY_MS = 5 * 60_000;

/** Returns a number of bytes in words: in MiB where it is a whole number of them. */
export function sizeInWords(bytes: number): string {
  return bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes} bytes`;
}

/** Returns what `work` resolves to; throws a problem when that takes longer than a body may stall. */
function unstalled<T>(work: Promise<T>, stallMs: number): Promise<T> {
  return inTime(stallMs, work, () => problem('body_stalled', 'The body did not arrive in time.'));
}

/** How much of a body is taken, and how long it may take; times in milliseconds. */
export interface BodyLimits {
  maxBytes: number;
  /** What a sender of more is told, where there is more to say than the bound: one sentence. */
  tooLarge?: string;
  /** Without anything arriving. */
  stallMs: number;
  /** In all: a sender of one byte a second never stalls. */
  totalMs: number;
}

/** A body, or a form within it, that exceeds its limits: 413. */
export function bodyTooLarge({ maxBytes, tooLarge }: BodyLimits): ProblemError {
  return problem('body_too_large', tooLarge ?? `The body must not exceed ${sizeInWords(maxBytes)}.`);
}

/** The times that a body may usually take. */
export const BODY_TIMES = { stallMs: BODY_STALL_MS, totalMs: MAX_BODY_MS } as const;

/**
 * Reads on for a while and drops what comes. A client that is still sending reads the answer only when it has sent all;
 * a connection that is closed before that looks to it like a broken one.
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
    // The sender has gone, or sends too slowly: no answer reaches it.
  }
  // Not awaited: the rest of the body may never come.
  void reader.cancel().catch(() => undefined);
}

/** Throws 415 for a compressed body (RFC 9110, section 8.4): its length would tell nothing of what it unpacks to. */
function refuseCompressed(request: Request): void {
  const codings = (request.headers.get('content-encoding') ?? '').split(',').map((coding) => coding.trim());
  const compressed = codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'identity');
  if (compressed.length === 0) return;
  throw problem(
    'content_encoding_unsupported',
    `The body has the Content-Encoding ${compressed.join(', ').slice(0, 100)}. Send it uncompressed.`,
  );
}

/** Throws 415 when the content type of a JSON body names a charset: JSON is UTF-8 (RFC 8259, section 8.1). */
export function refuseForeignCharset(request: Request): void {
  const charset = parseHeaderValue(request.headers.get('content-type') ?? '').parameters.get('charset');
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw problem(
    'charset_unsupported',
    `The body has the charset ${charset.slice(0, 100)}. Send JSON in UTF-8.`,
  );
}

/**
 * The chunks of a body as they arrive, counted: `Content-Length` is only what the client claims. Throws 413, 408, and
 * 415 for a compressed body.
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
    // What fits into one read anyway is read as one: nearly every body.
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

/** Collects bytes that come in pieces of any size: however small they are, it holds at most twice their length. */
export class ByteCollector {
  #bytes = new Uint8Array();
  #length = 0;

  /** Takes a copy of the next bytes. */
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

  /** What was collected: a view, to be asked for once nothing more comes. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads a whole body. Throws as `bodyChunks` does. */
export async function readBody(
  request: Request,
  maxBytes = MAX_JSON_BYTES,
  stallMs = BODY_STALL_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const collector = new ByteCollector();
  for await (const chunk of bodyChunks(request, { maxBytes, ...BODY_TIMES, stallMs })) collector.push(chunk);
  return collector.bytes;
}
