/** `npm run speech`: runs a speech server on this machine with OpenAI's protocol, so that voice needs no account. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speechPort } from '../settings.ts';
import { ApiError } from './api-error.ts';
import { enginesHere, INSTALL } from './engines.ts';
import { speak } from './synthesis.ts';
import { transcribe } from './transcription.ts';

/** Maximum size of a form in bytes: a recording of 25 MiB, as at OpenAI, and the form around it. */
const MAX_FORM_BYTES = 26 * 1024 * 1024;
const MAX_JSON_BYTES = 64 * 1024;

const engines = enginesHere();
if (!engines.flite || !engines.pocketsphinx || !engines.model) {
  const missing = Object.entries(engines).flatMap(([name, isHere]) => (isHere ? [] : [name]));
  console.error(
    `Speech needs programs that are not here (${missing.join(', ')}). Install them:\n\n  ${INSTALL}\n`,
  );
  process.exit(1);
}

const port = speechPort();
/** Folder of the files of all requests. It is removed when the process ends. */
const files = mkdtempSync(join(tmpdir(), 'speech-'));
process.on('exit', () => rmSync(files, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));

async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes)
      throw new ApiError(413, 'request_too_large', `The body must not exceed ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function formOf(request: IncomingMessage): Promise<FormData> {
  const body = await bodyOf(request, MAX_FORM_BYTES);
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  try {
    return await new Response(body, { headers }).formData();
  } catch {
    throw new ApiError(400, 'invalid_form', 'The body is not a multipart form.');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  switch (`${request.method ?? ''} ${(request.url ?? '').split('?')[0]}`) {
    case 'GET /healthz':
      send(response, 200, 'application/json', JSON.stringify({ status: 'ok', engines }));
      return;
    case 'POST /v1/audio/speech': {
      const text = (await bodyOf(request, MAX_JSON_BYTES)).toString('utf8');
      const { type, bytes } = await speak(text, { files, engines, signal });
      send(response, 200, type, bytes);
      return;
    }
    case 'POST /v1/audio/transcriptions': {
      const { type, body } = await transcribe(await formOf(request), { files, engines, signal });
      send(response, 200, type, body);
      return;
    }
    default:
      throw new ApiError(404, 'not_found', 'There is nothing at this path.');
  }
}

const server = createServer((request, response) => {
  const client = new AbortController();
  // The engines stop when the client has left.
  response.on('close', () => client.abort());
  answer(request, response, client.signal).catch((error: unknown) => {
    if (client.signal.aborted) return;
    const failure =
      error instanceof ApiError ? error : new ApiError(500, 'engine_failed', 'The engine failed.');
    if (failure !== error) console.error(error);
    // The unread rest of a body must not be read as the next request.
    response.setHeader('connection', 'close');
    send(response, failure.status, 'application/json', JSON.stringify(failure.body));
  });
});

server.on('error', (error) => {
  console.error(`The speech server cannot start: ${error.message}`);
  process.exit(1);
});

// For this machine only: the engines need no credentials.
server.listen(port, 'localhost', () => {
  console.log(`
  The speech server is ready: http://localhost:${port}/v1

  In another terminal, "npm start" finds it and switches voice on${port === 8790 ? '' : ` with SPEECH_PORT=${port}`}.
  It understands and speaks English; ${engines.sox ? 'WAV, FLAC, OGG and MP3.' : `WAV at 16 kHz, and more with sox: ${INSTALL}`}
`);
});
