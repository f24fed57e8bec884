/** The date and time as a model is told them. Pure. */
import type { Clock } from '../../reasoner.ts';

/** Makes the words of a moment in a time zone, UTC where there is no such zone. */
function formatted(now: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  }).format(now);
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
