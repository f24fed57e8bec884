import { describe, expect, it } from 'vitest';
import { EventStream, MAX_UNREAD_BYTES } from '../../../src/conversation/turns/event-stream.ts';
import { parseLines } from '../../support/client.ts';

function piece(sequence_number: number, message = 'x') {
  return {
    type: 'new-message' as const,
    message,
    transcript_alignment: null,
    stop: false,
    sequence_number,
    message_id: 'm',
  };
}

async function chunksOf(stream: EventStream): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of stream.readable.pipeThrough(new TextDecoderStream())) chunks.push(chunk);
  return chunks;
}

describe('a stream of events', () => {
  it('sends the first event at once, and what a tick makes together', async () => {
    const stream = new EventStream();
    const reader = stream.readable.getReader();
    stream.send(piece(0));
    const first = await reader.read();
    expect(parseLines(new TextDecoder().decode(first.value))).toHaveLength(1);
    for (let index = 1; index <= 10; index += 1) stream.send(piece(index));
    const second = await reader.read();
    expect(parseLines(new TextDecoder().decode(second.value))).toHaveLength(10);
    stream.end();
    expect((await reader.read()).done).toBe(true);
  });

  it('sends each event as one line, whatever line ends its text has', async () => {
    const stream = new EventStream();
    const message = 'one\u2028two\u2029three\u0085four\nfive';
    stream.send(piece(0, message));
    stream.end();
    const sent = (await chunksOf(stream)).join('');
    expect(sent).toMatch(/^[^\n\u0085\u2028\u2029]+\n$/);
    expect(parseLines(sent).map((event) => event['message'])).toEqual([message]);
  });

  it('sends what is left when it ends', async () => {
    const stream = new EventStream();
    stream.send(piece(0));
    stream.send(piece(1));
    stream.end();
    expect(parseLines((await chunksOf(stream)).join('')).map((event) => event.sequence_number)).toEqual([
      0, 1,
    ]);
  });

  it('beats a bare newline while nothing is sent', async () => {
    const stream = new EventStream('text', 5);
    stream.send(piece(0));
    const reader = stream.readable.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    expect((await reader.read()).value).toBe('\n');
    expect((await reader.read()).value).toBe('\n');
    stream.end();
  });

  it('drops a reader that does not read, with a bounded amount waiting for it', async () => {
    const stream = new EventStream();
    const message = 'x'.repeat(64 * 1024);
    const sends = Math.ceil((4 * MAX_UNREAD_BYTES.text) / message.length);
    for (let index = 0; index < sends; index += 1) {
      stream.send(piece(index, message));
      stream.flush();
    }
    stream.end();
    await expect(chunksOf(stream)).rejects.toThrow('The reader is too slow.');
  });

  it('is quiet after its reader has left', async () => {
    const stream = new EventStream('text', 5);
    stream.send(piece(0));
    await stream.readable.cancel();
    stream.send(piece(1));
    stream.flush();
    stream.end();
    expect(stream.readable.locked).toBe(false);
  });
});
