import * as z from 'zod';
import { atMost } from '../registry/primitives.ts';

/** A day, a time, a fraction of a second, and an offset as its sign, hours and minutes (RFC 3339, section 5.6). */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?$/;

/** Longer than any time with nanoseconds and an offset. */
const MAX_LENGTH = 64;

/**
 * Returns the time of a date and time of RFC 3339 in milliseconds since 1970, or null when it does not exist: the 30th of
 * February, the hour 24, an offset of 24 hours. The offset may be missing, for UTC, and so may the seconds. A leap second
 * (second 60) is the first instant of the next minute, because the clocks of computers do not count it.
 */
export function timeOf(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const [fraction = '', sign = '+', offsetHour = '0', offsetMinute = '0'] = match.slice(7);
  if (hour > 23 || minute > 59 || second > 60 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) {
    return null;
  }
  // Not `Date.UTC`, to which the year 26 is 1926.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const milliseconds = second === 60 ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds;
}

/** A date and time of a request, as `timeOf` reads it. */
export const Timestamp = atMost(MAX_LENGTH)
  .meta({ format: 'date-time' })
  .transform((text, ctx) => {
    const at = timeOf(text);
    if (at !== null) return at;
    const isTime = DATE_TIME.test(text);
    ctx.addIssue({
      code: 'custom',
      message: isTime ? 'must be a date and time that exists' : 'must be a date and time of RFC 3339',
    });
    return z.NEVER;
  });
