import { describe, expect, it } from 'vitest';
import { timeOf, Timestamp } from '../../src/api/timestamp.ts';

describe('a date and time of a request', () => {
  it.each<[string, string]>([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01t00:00:00z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01 12:30:15', '2026-01-01T12:30:15.000Z'],
    ['2026-01-01T12:30Z', '2026-01-01T12:30:00.000Z'],
    ['2026-01-01T12:30:15.5Z', '2026-01-01T12:30:15.500Z'],
    ['2026-01-01T12:30:15.123456789Z', '2026-01-01T12:30:15.123Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['2026-01-01T00:30:00-0130', '2026-01-01T02:00:00.000Z'],
    ['2026-01-01T00:00:00-00:00', '2026-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T23:59:59Z', '2000-02-29T23:59:59.000Z'],
    ['0026-03-01T00:00:00Z', '0026-03-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(timeOf(text) ?? NaN).toISOString()).toBe(expected);
  });

  it.each<[string, string]>([
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.7Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T15:59:60-08:00', '2017-01-01T00:00:00.000Z'],
    ['1990-12-31T23:59:60Z', '1991-01-01T00:00:00.000Z'],
    ['2026-05-04T10:20:60Z', '2026-05-04T10:21:00.000Z'],
  ])('the leap second %s is the first instant of the next minute', (text, expected) => {
    expect(new Date(timeOf(text) ?? NaN).toISOString()).toBe(expected);
  });

  it.each([
    '2026-01-01T24:00:00Z',
    '2026-01-01T24:00:00',
    '2026-01-01T24:00Z',
    '2026-01-01T24:00:00.000+00:00',
    '2026-01-01T25:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T23:59:61Z',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2100-02-29T12:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+01:60',
    '2026-01-01T00:00:00+99:99',
  ])('%s does not exist', (text) => {
    expect(timeOf(text)).toBeNull();
    const parsed = Timestamp.safeParse(text);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      'must be a date and time that exists',
    ]);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-01',
    '12:00:00Z',
    '2026-1-1T00:00:00Z',
    '2026-01-01T1:00:00Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00 Z',
    '2026-01-01T00:00:00+1:00',
    '+002026-01-01T00:00:00Z',
    '2026-W01-1T00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    '٢٠٢٦-01-01T00:00:00Z',
  ])('%j is none', (text) => {
    expect(timeOf(text)).toBeNull();
    const parsed = Timestamp.safeParse(text);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      'must be a date and time of RFC 3339',
    ]);
  });

  it('is at most 64 characters long', () => {
    const text = `2026-01-01T00:00:00.${'0'.repeat(60)}Z`;
    expect(Timestamp.safeParse(text).error?.issues.map(({ code }) => code)).toEqual(['too_big']);
  });
});
