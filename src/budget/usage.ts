/** Usage of models as it is reported and counted. Pure. */

/** The kinds of work that call models. */
export const USAGE_KINDS = ['turn', 'summary', 'analysis', 'starters', 'recommendation'] as const;
export type UsageKind = (typeof USAGE_KINDS)[number];

/** Counts of calls of models. Money is in millionths of a US dollar. */
export interface UsageCounts {
  input_tokens: number;
  /** Those of the input that the provider had in its cache. */
  cached_input_tokens: number;
  output_tokens: number;
  model_calls: number;
  /** Calls of which the provider did not count the tokens: they are estimated. */
  estimated_calls: number;
  micro_usd: number;
}

/** Counts of one day (UTC), model and kind. */
export interface UsageRow extends UsageCounts {
  day: string;
  model: string;
  kind: UsageKind;
}

/**
 * A report of a conversation. It has the number of the last report that was answered, plus one. One that is sent again may
 * have more in it: only what is new in it is counted.
 */
export interface UsageReport {
  reporter: string;
  service_id: string;
  number: number;
  rows: readonly UsageRow[];
}

/** The last report of a reporter, as it was counted. */
export interface CountedReport {
  number: number;
  rows: readonly UsageRow[];
}

export const NO_USAGE: UsageCounts = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  model_calls: 0,
  estimated_calls: 0,
  micro_usd: 0,
};

const COUNTS = Object.keys(NO_USAGE) as (keyof UsageCounts)[];

function combined(one: UsageCounts, other: UsageCounts, sign: 1 | -1): UsageCounts {
  const counts = { ...NO_USAGE };
  for (const name of COUNTS) counts[name] = one[name] + sign * other[name];
  return counts;
}

/** Returns the sum of two counts. */
export function sumOf(one: UsageCounts, other: UsageCounts): UsageCounts {
  return combined(one, other, 1);
}

/** Returns the key of a row: no two rows of a list have the same. */
export function rowKey({ day, model, kind }: Pick<UsageRow, 'day' | 'model' | 'kind'>): string {
  return JSON.stringify([day, model, kind]);
}

/** Returns rows with others added to them, one for each day, model and kind. */
export function addRows(rows: readonly UsageRow[], added: readonly UsageRow[]): UsageRow[] {
  const byKey = new Map(rows.map((row) => [rowKey(row), row]));
  for (const row of added) {
    const before = byKey.get(rowKey(row));
    byKey.set(rowKey(row), before === undefined ? row : { ...row, ...sumOf(before, row) });
  }
  return [...byKey.values()];
}

/** Returns rows without those that were counted: what is left of them. */
export function withoutRows(rows: readonly UsageRow[], counted: readonly UsageRow[]): UsageRow[] {
  const byKey = new Map(counted.map((row) => [rowKey(row), row]));
  return rows.flatMap((row) => {
    const before = byKey.get(rowKey(row));
    if (before === undefined) return [row];
    const left = combined(row, before, -1);
    return COUNTS.every((name) => left[name] <= 0) ? [] : [{ ...row, ...left }];
  });
}

/** Returns the rows of a report that are not counted yet; null for a report that an earlier one has overtaken. */
export function newRows(last: CountedReport | null, report: UsageReport): UsageRow[] | null {
  if (last === null || report.number > last.number) return [...report.rows];
  if (report.number < last.number) return null;
  return withoutRows(report.rows, last.rows);
}
