/** The date and time as a model is told them. Pure. */
import type { Clock } from '../../reasoner.ts';

/** Formatters by time zone: making one takes longer than all the rest of a prompt. There are about 600 zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();
/** The most formatters that are kept. More names than that are not those of users. */
const MAX_FORMATTERS = 1_000;

/** Returns the formatter of a time zone. Throws a `RangeError` where there is no such zone. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, formatter);
  return formatter;
}

/** Makes the words of a moment in a time zone. Throws a `RangeError` where there is no such zone. */
function formatted(now: number, timeZone: string): string {
  return formatterOf(timeZone).format(now);
}

/** Returns the sentence that tells the time of the user; nothing where it is not known. */
export function moment(clock: Clock | undefined): string[] {
  if (clock === undefined) return [];
  const { now, timezone } = clock;
  const zone = timezone ?? 'UTC';
  try {
    return [`It is now ${formatted(now, zone)} where the user is (time zone ${zone}).`];
  } catch {
    return [`It is now ${formatted(now, 'UTC')}.`];
  }
}
