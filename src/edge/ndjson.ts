import { ProblemError, type Problem } from '../problems.ts';

/** Headers of a stream of events: one JSON text per line. They make proxies pass each line on without delay. */
const STREAM_HEADERS = {
  'content-type': 'application/x-ndjson',
  // RFC 9111, section 5.2.2.6: a proxy that compresses a stream holds its lines back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * Returns a conversation's answer to a turn as a response, its stream unchanged. Throws the problem if the turn was
 * refused.
 */
export async function streamOf(answer: Response, status: 200 | 201): Promise<Response> {
  if (!answer.ok) throw new ProblemError(await answer.json<Problem>());
  return new Response(answer.body, { status, headers: STREAM_HEADERS });
}
