/** Tests of the queue in which a shard of the list reads its pages. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_WAITING_PAGES, PageQueue, PAUSE_MS, TOO_MANY_PAGES } from '../../src/directory/page-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the pages of a shard', () => {
  it('are read one after the other in their order, and what arrives meanwhile passes between two of them', async () => {
    const queue = new PageQueue();
    const order: string[] = [];
    const pages = ['one', 'two', 'three'].map((page) =>
      queue.read(() => {
        order.push(page);
        return page;
      }),
    );
    expect(order).toEqual(['one']);
    for (const report of ['first report', 'second report']) {
      order.push(report);
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(await Promise.all(pages)).toEqual(['one', 'two', 'three']);
    expect(order).toEqual(['one', 'first report', 'two', 'second report', 'three']);
  });

  it('leave most of the time to other calls: a page is read when the whole pause behind the one before has passed', async () => {
    const queue = new PageQueue();
    const read = vi.fn(() => 'page');
    const pages = Array.from({ length: 3 }, () => queue.read(read));
    expect(PAUSE_MS).toBeGreaterThanOrEqual(3);
    for (const page of [1, 2]) {
      await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
      expect(read).toHaveBeenCalledTimes(page);
      await vi.advanceTimersByTimeAsync(1);
      expect(read).toHaveBeenCalledTimes(page + 1);
    }
    await vi.runAllTimersAsync();
    expect(await Promise.all(pages)).toEqual(['page', 'page', 'page']);
  });

  it('are refused where too many wait, and leave no timer behind', async () => {
    const queue = new PageQueue();
    const read = vi.fn(() => 'page');
    const pages = Array.from({ length: MAX_WAITING_PAGES + 1 }, () => queue.read(read));
    await expect(queue.read(read)).rejects.toThrow(TOO_MANY_PAGES);
    await vi.runAllTimersAsync();
    await Promise.all(pages);
    expect(read).toHaveBeenCalledTimes(MAX_WAITING_PAGES + 1);
    expect(vi.getTimerCount()).toBe(0);
    expect(await queue.read(read)).toBe('page');
  });

  it('go on behind one that fails', async () => {
    const queue = new PageQueue();
    const failed = queue.read(() => {
      throw new Error('broken');
    });
    const next = queue.read(() => 'page');
    await expect(failed).rejects.toThrow('broken');
    await vi.runAllTimersAsync();
    expect(await next).toBe('page');
  });
});
