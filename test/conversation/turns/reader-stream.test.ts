import { describe, expect, it } from 'vitest';
import { MAX_UNREAD_BYTES, ReaderStream, type Line } from '../../../src/conversation/turns/reader-stream.ts';

async function chunksOf(stream: ReaderStream): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of stream.readable.pipeThrough(new TextDecoderStream())) chunks.push(chunk);
  return chunks;
}

function linesOf(count: number, length = 1): Line[] {
  return Array.from({ length: count }, (_, index) => [String(index).padEnd(length, '.'), index + 1]);
}

describe('the stream of a reader', () => {
  it('sends the first event at once, and together what a tick makes', async () => {
    const stream = new ReaderStream();
    const reader = stream.readable.pipeThrough(new TextDecoderStream()).getReader();
    stream.send('0', 1);
    expect((await reader.read()).value).toBe('0\n');
    for (let index = 1; index <= 10; index += 1) stream.send(String(index), index + 1);
    expect((await reader.read()).value).toBe('1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n');
    stream.end();
    expect((await reader.read()).done).toBe(true);
  });

  it('sends what is left when it ends', async () => {
    const stream = new ReaderStream();
    stream.send('0', 1);
    stream.send('1', 2);
    stream.end();
    expect((await chunksOf(stream)).join('')).toBe('0\n1\n');
  });

  it('beats without content while nothing is sent, in either framing', async () => {
    for (const [framing, beat] of [
      ['ndjson', '\n'],
      ['sse', ':\n\n'],
    ] as const) {
      const stream = new ReaderStream({ framing, heartbeatMs: 5 });
      const reader = stream.readable.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader.read()).value).toBe(beat);
      expect((await reader.read()).value).toBe(beat);
      stream.end();
    }
  });

  it('is quiet after its reader has left, in the past and in the present', async () => {
    const stream = new ReaderStream({ heartbeatMs: 5 });
    stream.begin(linesOf(20_000, 1_000).values());
    expect(stream.isBehind).toBe(true);
    await stream.readable.cancel();
    expect(stream.isOpen).toBe(false);
    expect(stream.isBehind).toBe(false);
    stream.send('late', 1);
    stream.flush();
    stream.end();
  });

  it('makes no more of the past than its reader may leave unread', async () => {
    const stream = new ReaderStream();
    let made = 0;
    const past = linesOf(12_000, 1_000)
      .values()
      .map((line) => {
        made += 1;
        return line;
      });
    stream.begin(past);
    expect(made * 1_000).toBeLessThan(1.1 * MAX_UNREAD_BYTES.text);
    stream.end();
    const text = (await chunksOf(stream)).join('');
    expect(text.split('\n')).toHaveLength(12_001);
  });

  it('goes on with the present where the past ends', async () => {
    const stream = new ReaderStream();
    stream.begin(linesOf(3).values());
    expect(stream.isBehind).toBe(false);
    stream.send('now', 4);
    stream.end();
    expect((await chunksOf(stream)).join('')).toBe('0\n1\n2\nnow\n');
  });

  it('drops a reader that does not read, with a bounded amount waiting for it', async () => {
    const stream = new ReaderStream();
    const line = 'x'.repeat(64 * 1024);
    for (let index = 0; index < (4 * MAX_UNREAD_BYTES.text) / line.length; index += 1) {
      stream.send(line, index + 1);
      stream.flush();
    }
    stream.end();
    await expect(chunksOf(stream)).rejects.toThrow('The reader is too slow.');
  });
});
