import type { Caller } from '../../access/permissions.ts';
import type { Env } from '../../bindings.ts';
import type { ExportLine } from '../../contract/export.ts';
import type { EventLines } from '../../edge/ndjson.ts';
import { logError } from '../../log.ts';
import { ProblemError } from '../../problems.ts';
import { signUrl } from '../../recordings/signed-url.ts';
import { signingKeys } from '../../signing/signing-keys.ts';
import { jsonLine } from '../../text.ts';
import { read } from '../conversations/conversation-calls.ts';

/** Life of the URLs of recordings, in seconds: an export may be read for hours. */
const LIFE_SECONDS = 12 * 60 * 60;

/** A request for an export. `origin` is that of the deployment. */
export interface ExportRequest {
  env: Env;
  caller: Caller;
  origin: string;
}

/** Returns the line of a recording with a signed URL in place of its key. */
async function withUrl({ env, origin }: ExportRequest, line: ExportLine): Promise<ExportLine> {
  if (line.kind !== 'recording' || typeof line.key !== 'string') return line;
  const { key, ...rest } = line;
  const expires = Math.floor(Date.now() / 1000) + LIFE_SECONDS;
  const { urlSecrets } = await signingKeys(env.SIGNING_KEYS);
  const url = await signUrl(origin, key, expires, urlSecrets[0]);
  return {
    ...rest,
    kind: 'recording',
    cursor: line.cursor,
    url,
    expires_at: new Date(expires * 1000).toISOString(),
  };
}

/** Yields the lines of a conversation behind a cursor, page by page. Throws the problem that the conversation answers. */
export async function* conversationLines(
  request: ExportRequest,
  conversationId: string,
  after: string,
): AsyncGenerator<ExportLine, void> {
  const { env, caller } = request;
  for (let cursor: string | null = after; cursor !== null;) {
    const from: string = cursor;
    const page = await read({ env, caller, conversationId }, (stub) => stub.exportPage(caller, from));
    for (const line of page.lines) yield await withUrl(request, line);
    cursor = page.next;
  }
}

const encoder = new TextEncoder();

function lineOf(line: ExportLine): Uint8Array {
  return encoder.encode(`${jsonLine(line)}\n`);
}

/**
 * Returns a stream of lines that are made as the reader takes them. The first line is made before this returns, so that a
 * request that is refused is answered with its problem. A later failure ends the stream with a line of the kind `error`.
 */
export async function exportStream(
  lines: AsyncGenerator<ExportLine, void>,
  request_id: string,
): Promise<EventLines<ExportLine>> {
  let next = await lines.next();
  let cursor = '';
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done === true) {
        controller.close();
        return;
      }
      cursor = next.value.cursor;
      controller.enqueue(lineOf(next.value));
      next = await lines.next().catch((error: unknown) => {
        logError('export_interrupted', error, { request_id });
        const code = error instanceof ProblemError ? error.problem.code : 'internal_error';
        controller.enqueue(lineOf({ kind: 'error', cursor, code }));
        return { done: true as const, value: undefined };
      });
    },
    async cancel() {
      await lines.return();
    },
  });
  return { body };
}
