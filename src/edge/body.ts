import { problem } from '../problems.ts';

/** Larger than any sensible message, far smaller than an isolate's memory. */
export const MAX_JSON_BYTES = 1024 * 1024;
/** A body that claims to be no larger than this is not counted: HTTP holds it to its `Content-Length`. */
const SMALL_BODY_BYTES = 16 * 1024;
/** A body of which nothing arrives for this long is given up. */
export const BODY_STALL_MS = 30_000;
/** How much of a body that is refused is still taken, and for how long, before its connection is given up. */
const MAX_DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 10_000;
/** A body that is not there after this is given up, however steadily it trickles. */
export const MAX_BODY_MS = 5 * 60_000;

/** `work`, or a problem when it takes longer than a body may stall. */
async function unstalled<T>(work: Promise<T>, stallMs: number): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(problem('body_stalled', 'The body did not arrive in time.')),
    stallMs,
  );
  try {
    return await Promise.race([work, stalled]);
  } finally {
    clearTimeout(timer);
  }
}

/** How much of a body is taken, and how long it may take; times in milliseconds. */
export interface BodyLimits {
  maxBytes: number;
  /** Without anything arriving. */
  stallMs: number;
  /** In all: whoever sends a byte a second would never stall. */
  totalMs: number;
}

/**
 * Reads on for a while and drops what comes. A client that is still sending reads the answer only when it may finish;
 * a connection that is closed over its head looks to it like a broken one.
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
    // It does not come, or not in time: there is nobody to be kind to.
  }
  // Not awaited: the rest of the body may never come.
  void reader.cancel().catch(() => undefined);
}

/** The chunks of a body as they arrive, counted: `Content-Length` is only what the client claims. Throws 413 and 408. */
export async function* bodyChunks(
  request: Request,
  { maxBytes, stallMs, totalMs }: BodyLimits,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => problem('body_too_large', `The body must not exceed ${maxBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? NaN) > maxBytes) throw tooLarge();
  if (request.body === null) return;
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
      if (length > maxBytes) throw tooLarge();
      yield chunk.value;
    }
  } finally {
    if (coming) await drain(reader);
    else void reader.cancel().catch(() => undefined);
  }
}

/** Reads a whole body. */
export async function readBody(
  request: Request,
  maxBytes = MAX_JSON_BYTES,
  stallMs = BODY_STALL_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const claimed = Number(request.headers.get('content-length') ?? NaN);
  // What fits into one read anyway is read as one: nearly every body.
  if (claimed <= Math.min(SMALL_BODY_BYTES, maxBytes)) {
    return new Uint8Array(await unstalled(request.arrayBuffer(), stallMs));
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyChunks(request, { maxBytes, stallMs, totalMs: MAX_BODY_MS })) {
    chunks.push(chunk);
    length += chunk.byteLength;
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
