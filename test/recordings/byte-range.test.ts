import { describe, expect, it } from 'vitest';
import { byteRange } from '../../src/recordings/byte-range.ts';

describe('a range of a recording of 100 bytes', () => {
  it.each<[string | null, ReturnType<typeof byteRange>]>([
    [null, null],
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes= 10 - 19 ', { first: 10, last: 19 }],
    ['bytes=90-', { first: 90, last: 99 }],
    ['bytes=90-200', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-200', { first: 0, last: 99 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=20-10', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
    ['bytes=0-9,20-29', null],
    ['lines=0-9', null],
    ['bytes=99999999999999999999-', null],
  ])('is read from the header %s', (header, expected) => {
    expect(byteRange(header, 100)).toEqual(expected);
  });

  it('is outside an empty recording', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRange('bytes=-5', 0)).toBe('unsatisfiable');
  });
});
