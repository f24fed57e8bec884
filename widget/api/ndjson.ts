/** Lines of JSON as they arrive over a connection that may cut them anywhere, or fall silent. */

import { ConnectionLostError } from './request.ts';

/** The server sends a bare newline after 10 s of nothing else: when three of them are missing, the connection is dead. */
const MAX_SILENCE_MS = 30_000;

type Chunk = ReadableStreamReadResult<Uint8Array>;

/** The next chunk. A phone that changed its network keeps a dead connection open, so silence counts as loss. */
async function nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Chunk> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ConnectionLostError()), MAX_SILENCE_MS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (error) {
    throw error instanceof ConnectionLostError ? error : new ConnectionLostError(error);
  } finally {
    clearTimeout(timer);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    // The server writes whole lines only: what cannot be read was cut off on its way.
    throw new ConnectionLostError(error);
  }
}

/** The values of a stream of JSON lines, one by one. Blank lines are heartbeats and are left out. */
export async function* readJsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void> {
  const reader = body.getReader();
  // One decoder for the whole stream: a character of several bytes may lie across two chunks.
  const decoder = new TextDecoder();
  let unfinished = '';
  try {
    for (;;) {
      const { done, value } = await nextChunk(reader);
      unfinished += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = unfinished.split('\n');
      unfinished = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield parseLine(line);
      if (done) return;
    }
  } finally {
    // Not awaited: a reader who has what it came for does not wait for a connection to close.
    void reader.cancel().catch(() => undefined);
  }
}
