import { ProblemError, type Problem } from '../problems.ts';

/** Headers of a stream of events: one JSON text a line, passed on as it comes by whatever stands between. */
const STREAM_HEADERS = {
  'content-type': 'application/x-ndjson',
  // RFC 9111, section 5.2.2.6: a proxy that compresses a stream holds its lines back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** A conversation's answer to a turn: its stream passed through untouched, or its problem thrown. */
export async function streamOf(answer: Response, status: 200 | 201): Promise<Response> {
  if (!answer.ok) throw new ProblemError(await answer.json<Problem>());
  return new Response(answer.body, { status, headers: STREAM_HEADERS });
}
