import type { PageOf } from './blueprint.ts';

/** A change as it is stored; `at` is in milliseconds since 1970. */
export interface StoredChange {
  seq: number;
  at: number;
  actor: string;
  operation: string;
  kind: string;
  id: string;
  request_id: string;
}

/** Filters of the audit. Empty texts do not filter. */
export interface ChangeQuery {
  actor: string;
  kind: string;
  id: string;
  limit: number;
  /** The change before which the page begins; 0 for the newest. */
  before: number;
}

/** Returns a page of changes, the newest first. The token is the number of the last change of the page. */
export function pageOfChanges(
  sql: SqlStorage,
  { actor, kind, id, limit, before }: ChangeQuery,
): PageOf<StoredChange> {
  const rows = sql
    .exec<Record<keyof StoredChange, SqlStorageValue>>(
      `SELECT * FROM changes WHERE (?1 = 0 OR seq < ?1) AND (?2 = '' OR actor = ?2) AND (?3 = '' OR kind = ?3)
       AND (?4 = '' OR id = ?4) ORDER BY seq DESC LIMIT ?5`,
      before,
      actor,
      kind,
      id,
      limit + 1,
    )
    .toArray() as unknown as StoredChange[];
  const entries = rows.slice(0, limit);
  return { entries, next: rows.length > limit ? (entries.at(-1)?.seq ?? null) : null };
}
