/** Usage of models by day, by service and by model, from the groups of an answer. Pure. */
import type { UsageAnswer } from '../../src/contract/usage.ts';

export type UsageGroup = UsageAnswer['groups'][number];
export type UsageTotal = UsageAnswer['total'];

const DAY_MS = 86_400_000;

/** Counts under a name: those of a day, a service or a model. */
export interface Counted extends UsageTotal {
  name: string;
}

/** Returns the days from `from` to `to`, both inclusive, such as `2026-11-26` (UTC). */
function daysBetween(from: string, to: string): string[] {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const count = Math.round((last - first) / DAY_MS) + 1;
  return Array.from({ length: count }, (_, day) => new Date(first + day * DAY_MS).toISOString().slice(0, 10));
}

/** Returns the last `count` days that end at `now` (UTC), as the two ends of a range. */
export function lastDays(count: number, now: number): { from: string; to: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - (count - 1) * DAY_MS), to: day(now) };
}

function sum(one: UsageTotal, other: UsageTotal): UsageTotal {
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    cached_input_tokens: one.cached_input_tokens + other.cached_input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    model_calls: one.model_calls + other.model_calls,
    estimated_calls: one.estimated_calls + other.estimated_calls,
    cost_usd: one.cost_usd + other.cost_usd,
  };
}

const NOTHING: UsageTotal = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  model_calls: 0,
  estimated_calls: 0,
  cost_usd: 0,
};

/** Returns the tokens of counts, in and out together. Cached ones are among those in. */
export function tokensOf({ input_tokens, output_tokens }: UsageTotal): number {
  return input_tokens + output_tokens;
}

/** Returns the sums of groups by one of their columns; the name with the most tokens is first. */
export function countedBy(groups: readonly UsageGroup[], column: 'service_id' | 'model'): Counted[] {
  const sums = new Map<string, UsageTotal>();
  for (const group of groups) {
    const name = group[column] ?? '';
    sums.set(name, sum(sums.get(name) ?? NOTHING, group));
  }
  return [...sums]
    .map(([name, counts]) => ({ name, ...counts }))
    .sort((one, other) => tokensOf(other) - tokensOf(one));
}

/** Returns the counts of each day of a range. A day without usage has zeros. */
export function countedByDay({ from, to, groups }: Pick<UsageAnswer, 'from' | 'to' | 'groups'>): Counted[] {
  const found = new Map(groups.map((group) => [group.day, group]));
  return daysBetween(from, to).map((name) => ({ name, ...sum(NOTHING, found.get(name) ?? NOTHING) }));
}
