import { ProblemError, type Problem } from '../problems.ts';

/** Headers of a stream of events: one JSON text per line. They make proxies pass each line on without delay. */
const STREAM_HEADERS = {
  'content-type': 'application/x-ndjson',
  // RFC 9111, section 5.2.2.6: a proxy that compresses a stream holds its lines back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** The headers of a conversation's answer that its client gets: where to resume, what is past, whether it is a repetition. */
const PASSED_HEADERS = ['content-location', 'x-replayed-to', 'idempotent-replayed', 'content-type'];

/** A stream of lines, each the JSON text of an `Event`. */
export interface EventLines<Event> {
  readonly body: ReadableStream<Uint8Array> | null;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True for the events of something that existed before the request that creates. */
  readonly existed?: boolean;
  /** The type of the lines, for the compiler. It is never set. */
  readonly event?: Event;
}

/**
 * Returns the stream with which a conversation answers a turn. The caller names the type of its events. Throws the problem
 * that the conversation answers instead.
 */
export async function eventsOf<Event>(answer: Response): Promise<EventLines<Event>> {
  if (!answer.ok) throw new ProblemError(await answer.json<Problem>());
  const headers = PASSED_HEADERS.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { body: answer.body, headers: Object.fromEntries(headers) };
}

/** Returns the response that passes a stream of events through untouched. */
export function eventResponse({ body, headers }: EventLines<unknown>, status: 200 | 201): Response {
  return new Response(body, { status, headers: { ...STREAM_HEADERS, ...headers } });
}
