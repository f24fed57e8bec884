import { problem } from '../problems.ts';
import { byteRange, type ByteRange } from './byte-range.ts';

/** Returns the headers of a recording. A recording never changes, and only clients with its URL may cache it. */
function headersOf(object: R2Object, secondsLeft: number): Headers {
  return new Headers({
    'content-type': object.httpMetadata?.contentType ?? 'application/octet-stream',
    'content-disposition': 'inline',
    'cache-control': `private, max-age=${secondsLeft}, immutable`,
    'accept-ranges': 'bytes',
    etag: object.httpEtag,
    'last-modified': object.uploaded.toUTCString(),
    // The URL is the permission: a page of any origin that has the URL may read the recording.
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'content-length, content-range, etag',
    'cross-origin-resource-policy': 'cross-origin',
  });
}

/** Tells whether a list of entity tags contains this one (RFC 9110, section 13.1.2: weak comparison). */
function names(list: string | null, etag: string): boolean {
  if (list === null) return false;
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

/** Tells whether a range may be sent: `If-Range` is absent, or names this recording (RFC 9110, section 13.1.5). */
function rangeApplies(request: Request, object: R2Object): boolean {
  const condition = request.headers.get('if-range');
  return condition === null || condition === object.httpEtag;
}

async function bodyOf(bucket: R2Bucket, key: string, range: ByteRange | null): Promise<ReadableStream> {
  const found = await bucket.get(
    key,
    range === null ? {} : { range: { offset: range.first, length: range.last - range.first + 1 } },
  );
  if (found === null) throw problem('recording_not_found', 'The recording was deleted.');
  return found.body;
}

/**
 * Answers a GET or HEAD of a recording whose URL stays valid for `secondsLeft` seconds. Throws `recording_not_found`
 * (404), and `range_not_satisfiable` (416).
 */
export async function serveRecording(
  bucket: R2Bucket,
  key: string,
  request: Request,
  secondsLeft: number,
): Promise<Response> {
  const object = await bucket.head(key);
  if (object === null) throw problem('recording_not_found', 'There is no such recording.');
  const headers = headersOf(object, secondsLeft);
  if (names(request.headers.get('if-none-match'), object.httpEtag)) {
    return new Response(null, { status: 304, headers });
  }
  const asked = request.method === 'GET' && rangeApplies(request, object);
  const range = asked ? byteRange(request.headers.get('range'), object.size) : null;
  if (range === 'unsatisfiable') {
    throw problem('range_not_satisfiable', `The recording has ${object.size} bytes.`, {
      size: String(object.size),
    });
  }
  const length = range === null ? object.size : range.last - range.first + 1;
  headers.set('content-length', String(length));
  if (range !== null) headers.set('content-range', `bytes ${range.first}-${range.last}/${object.size}`);
  const body = request.method === 'HEAD' ? null : await bodyOf(bucket, key, range);
  return new Response(body, { status: range === null ? 200 : 206, headers });
}
