/** Periods of budgets: calendar days and months in UTC. Pure; times are in milliseconds since 1970. */

export type Period = 'day' | 'month';

/** Returns the name of the period at a time: `2026-11-26` for a day, `2026-11` for a month. */
export function periodAt(period: Period, now: number): string {
  return new Date(now).toISOString().slice(0, period === 'day' ? 10 : 7);
}

/** Returns the end of a period from its name: the first moment that is no longer in it. */
export function endOf(name: string): number {
  const [year = 0, month = 1, day] = name.split('-').map(Number);
  return day === undefined ? Date.UTC(year, month, 1) : Date.UTC(year, month - 1, day + 1);
}
