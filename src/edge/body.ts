import { problem } from '../problems.ts';

/** Larger than any sensible message, far smaller than an isolate's memory. */
export const MAX_JSON_BYTES = 1024 * 1024;
/** A body that claims to be no larger than this is not counted: HTTP holds it to its `Content-Length`. */
const SMALL_BODY_BYTES = 16 * 1024;
/** A body of which nothing arrives for this long is given up. */
export const BODY_STALL_MS = 30_000;

/** `work`, or a problem when it takes longer than a body may stall. */
async function unstalled<T>(work: Promise<T>, stallMs: number): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(problem('body_stalled', `Nothing of the body arrived for ${stallMs / 1000} seconds.`)),
    stallMs,
  );
  try {
    return await Promise.race([work, stalled]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads a whole body, counting as it comes: `Content-Length` is only what the client claims. */
export async function readBody(
  request: Request,
  maxBytes = MAX_JSON_BYTES,
  stallMs = BODY_STALL_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => problem('body_too_large', `The body must not exceed ${maxBytes} bytes.`);
  const claimed = Number(request.headers.get('content-length') ?? NaN);
  if (claimed > maxBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  // What fits into one read anyway is read as one: nearly every body.
  if (claimed <= SMALL_BODY_BYTES) return new Uint8Array(await unstalled(request.arrayBuffer(), stallMs));
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (
      let chunk = await unstalled(reader.read(), stallMs);
      !chunk.done;
      chunk = await unstalled(reader.read(), stallMs)
    ) {
      length += chunk.value.byteLength;
      if (length > maxBytes) throw tooLarge();
      chunks.push(chunk.value);
    }
  } catch (error) {
    // Not awaited: the rest of the body may never come.
    void reader.cancel().catch(() => undefined);
    throw error;
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
