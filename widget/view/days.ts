/** Days and groups: a line where another day begins, and one author above messages that follow each other soon. */
import type { Language } from '../words/language.ts';
import { make } from './elements.ts';
import type { Message } from './message.ts';

/** Messages of one author within this time stand under one name. */
const GROUP_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** Returns the number of the day in the time zone of the page. */
function dayOf(at: Date): number {
  return Math.floor((at.getTime() - at.getTimezoneOffset() * 60_000) / DAY_MS);
}

/** Returns the name of a day: "yesterday", or its date. */
export function dayName(at: Date, now: Date, tag: string): string {
  const days = dayOf(at) - dayOf(now);
  if (days === 0 || days === -1)
    return new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(days, 'day');
  return new Intl.DateTimeFormat(tag, {
    ...{ weekday: 'long', day: 'numeric', month: 'long' },
    ...(at.getFullYear() !== now.getFullYear() && { year: 'numeric' }),
  }).format(at);
}

/** Arranges messages in their order on the screen. Days before today are named. */
export function arrange(messages: readonly Message[], language: Language): void {
  const now = new Date();
  let before: Message | null = null;
  for (const message of messages) {
    const { at, author, element } = message;
    const isSameDay = dayOf(at) === dayOf(before?.at ?? now);
    const isGrouped = isSameDay && before?.author === author && at.getTime() - before.at.getTime() < GROUP_MS;
    element.classList.toggle('grouped', isGrouped);
    if (isSameDay) {
      message.day?.remove();
      message.day = null;
    } else {
      message.day ??= language.write(make('p', { className: 'day' }), () => dayName(at, now, language.tag));
      element.before(message.day);
    }
    before = message;
  }
}
