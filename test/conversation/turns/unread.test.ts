import { describe, expect, it } from 'vitest';
import { COUNTED_CHUNKS, Unread } from '../../../src/conversation/turns/unread.ts';

/** Returns a stream, its controller and the count of what is unread. */
function counted() {
  const { promise, resolve } = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
  const readable = new ReadableStream<Uint8Array>({ start: resolve }, COUNTED_CHUNKS);
  const unread = new Unread();
  return { promise, readable, unread };
}

describe('the bytes that a reader has left unread', () => {
  it('are those of the chunks that are still in the stream, of whatever sizes', async () => {
    const { promise, readable, unread } = counted();
    const controller = await promise;
    const write = (bytes: number) => {
      controller.enqueue(new Uint8Array(bytes));
      unread.wrote(bytes);
    };
    for (const bytes of [10, 0, 300, 7]) write(bytes);
    expect(unread.bytes(controller)).toBe(317);
    const reader = readable.getReader();
    await reader.read();
    expect(unread.bytes(controller)).toBe(307);
    await reader.read();
    await reader.read();
    expect(unread.bytes(controller)).toBe(7);
    await reader.read();
    expect(unread.bytes(controller)).toBe(0);
    write(5);
    expect(unread.bytes(controller)).toBe(5);
  });

  it('exceed a number only while they do, however much was written and read', async () => {
    const { promise, readable, unread } = counted();
    const controller = await promise;
    const reader = readable.getReader();
    for (let chunk = 0; chunk < 1_000; chunk += 1) {
      controller.enqueue(new Uint8Array(100));
      unread.wrote(100);
      expect(unread.exceeds(150, controller)).toBe(false);
      await reader.read();
    }
    for (let chunk = 0; chunk < 2; chunk += 1) {
      controller.enqueue(new Uint8Array(100));
      unread.wrote(100);
    }
    expect(unread.exceeds(150, controller)).toBe(true);
    expect(unread.exceeds(200, controller)).toBe(false);
    await reader.read();
    expect(unread.exceeds(150, controller)).toBe(false);
  });
});
