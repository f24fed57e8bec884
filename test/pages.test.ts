import { describe, expect, it } from 'vitest';
import { bytesOfTexts, MAX_PAGE_BYTES, pageOf } from '../src/pages.ts';

describe('a page', () => {
  const one = () => 1;

  it('ends at its maximum number, and tells whether more entries follow', () => {
    expect(pageOf([1, 2, 3], 2, one)).toEqual({ entries: [1, 2], hasMore: true });
    expect(pageOf([1, 2, 3], 3, one)).toEqual({ entries: [1, 2, 3], hasMore: false });
    expect(pageOf([], 3, one)).toEqual({ entries: [], hasMore: false });
  });

  it('ends at its maximum size, but not before its first entry', () => {
    const self = (bytes: number) => bytes;
    expect(pageOf([5, 5, 5], 9, self, 10)).toEqual({ entries: [5, 5], hasMore: true });
    expect(pageOf([50, 5], 9, self, 10)).toEqual({ entries: [50], hasMore: true });
    expect(pageOf([50], 9, self, 10)).toEqual({ entries: [50], hasMore: false });
    expect(pageOf([MAX_PAGE_BYTES, 1], 9, self)).toEqual({ entries: [MAX_PAGE_BYTES], hasMore: true });
  });

  it('reads only one entry more than it returns', () => {
    let read = 0;
    function* entries() {
      for (;;) {
        read += 1;
        yield read;
      }
    }
    expect(pageOf(entries(), 10, one).entries).toHaveLength(10);
    expect(read).toBe(11);
  });

  it('counts the texts of a row in bytes', () => {
    expect(bytesOfTexts({ id: 7, text: 'é語', more: 'ab', none: null })).toBe(7);
  });
});
