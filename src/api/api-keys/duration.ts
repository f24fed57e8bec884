/** Durations of ISO 8601, as far as they have a fixed length: weeks, days, hours, minutes and seconds. */

/** The longest text of a duration that is read, in characters. */
export const MAX_DURATION_LENGTH = 40;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

/** Returns the milliseconds of a duration; null for a text that is none, or that has months or years. */
export function durationMs(text: string): number | null {
  const match = DURATION.exec(text);
  // `P`, and a `T` with nothing behind it, are no durations.
  if (match === null || /[PT]$/.test(text)) return null;
  const [weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number((part ?? '0').replace(',', '.')));
  const ms =
    (weeks ?? 0) * 7 * DAY_MS +
    (days ?? 0) * DAY_MS +
    (hours ?? 0) * HOUR_MS +
    (minutes ?? 0) * MINUTE_MS +
    (seconds ?? 0) * SECOND_MS;
  return Math.round(ms);
}
