import { CandidateSource, merged, type Bound, type Candidate, type Origin } from './candidates.ts';
import type { DirectoryPage, PageQuery } from './summary.ts';
import { WANTED_TERM, type TagIndex } from './tag-index.ts';

/** Maximums of one search. Turns of the shard's users wait for it. */
export interface SearchBounds {
  /** Maximum number of conversations that it reads. */
  scanned: number;
  /** Maximum number of conversations of format 1 that it adds to the index of tags. */
  indexed: number;
}

/** Maximums that keep a search within a few milliseconds. */
export const SEARCH_BOUNDS: SearchBounds = { scanned: 2_000, indexed: 500 };
/** Maximum number of users or services whose indexes are merged. Longer lists are filters. */
const MAX_MERGED = 32;

/**
 * SQL that is true if every wanted tag has a match: one expression for any number of tags. An entry without `value`
 * matches any value; JSON leaves it out.
 */
const ALL_TAGS_MATCH = `NOT EXISTS (
  SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS (
    SELECT 1 FROM json_each(c.tags) AS tag
    WHERE tag.key = json_extract(wanted.value, '$.key')
    AND CASE json_type(wanted.value, '$.value')
      WHEN 'null' THEN tag.type = 'null'
      WHEN 'text' THEN tag.value = json_extract(wanted.value, '$.value')
      ELSE TRUE
    END
  )
)`;

/** Returns the filters of a query as one SQL expression. Each list is bound as one JSON value. */
function filters(query: PageQuery): Bound {
  const sql = [`c.state <> 'creating'`];
  const bindings: SqlStorageValue[] = [];
  const oneOf = (column: string, values: readonly string[]) => {
    sql.push(`c.${column} IN (SELECT value FROM json_each(?))`);
    bindings.push(JSON.stringify(values));
  };
  if (query.user_ids !== null) oneOf('user_id', query.user_ids);
  if (query.service_ids.length > 0) oneOf('service_id', query.service_ids);
  if (query.ids.length > 0) oneOf('id', query.ids);
  if (query.is_finished !== null) {
    sql.push(query.is_finished ? `c.state = 'finished'` : `c.state <> 'finished'`);
  }
  if (query.tags.length > 0) {
    sql.push(ALL_TAGS_MATCH);
    bindings.push(JSON.stringify(query.tags));
  }
  return { sql: sql.join(' AND '), bindings };
}

function origin(from: string, sql: string, ...bindings: SqlStorageValue[]): Origin {
  return { from, where: { sql, bindings }, position: 'c.position' };
}

const EVERYTHING = 'conversations c NOT INDEXED';

/** Returns one origin for each value of an indexed column. */
function byValue(index: string, column: string, values: readonly string[]): Origin[] {
  return [...new Set(values)].map((value) =>
    origin(`conversations c INDEXED BY ${index}`, `c.${column} = ?`, value),
  );
}

/** Finds the conversations of one shard that match a query, by the index that leads to the fewest of them. */
export class Search {
  readonly #sql: SqlStorage;
  readonly #tags: TagIndex;
  readonly #maxScanned: number;

  constructor(sql: SqlStorage, tags: TagIndex, maxScanned: number) {
    this.#sql = sql;
    this.#tags = tags;
    this.#maxScanned = maxScanned;
  }

  /**
   * Returns the positions of at most `limit` conversations that match and that `visible` accepts. `scanned_to` is the
   * position up to which the shard was searched; null for its end.
   */
  find(
    query: PageQuery,
    visible: (candidate: Candidate) => boolean,
  ): { found: number[] } & Pick<DirectoryPage, 'scanned_to'> {
    const found: number[] = [];
    const origins = this.#origins(query);
    const reading = {
      ascending: query.ascending,
      after: query.after,
      chunk: Math.ceil(query.limit / Math.max(1, origins.length)),
    };
    const fits = filters(query);
    const sources = origins.map((one) => new CandidateSource(this.#sql, one, fits, reading));
    let scanned = 0;
    for (const candidate of merged(sources, query.ascending)) {
      if (candidate.fits === 1 && visible(candidate)) found.push(candidate.position);
      scanned += 1;
      if (found.length === query.limit || scanned === this.#maxScanned) {
        return { found, scanned_to: candidate.position };
      }
    }
    return { found, scanned_to: null };
  }

  #origins(query: PageQuery): Origin[] {
    const { ids, user_ids: users, service_ids: services, tags, is_finished } = query;
    if (ids.length > 0) {
      const wanted =
        '(SELECT DISTINCT value FROM json_each(?)) w CROSS JOIN conversations c ON c.id = w.value';
      return [origin(wanted, 'TRUE', JSON.stringify(ids))];
    }
    // A rare tag leads to fewer conversations than a user may have.
    if (users !== null && this.#tags.hasRare(tags)) return this.#tagged(query);
    if (users !== null && users.length <= MAX_MERGED) return byValue('by_user', 'user_id', users);
    if (tags.length > 0) return this.#tagged(query);
    if (is_finished === false && this.#hasFewUnfinished()) {
      return [origin('conversations c INDEXED BY one_unfinished', `c.state <> 'finished'`)];
    }
    if (services.length > 0 && services.length <= MAX_MERGED) {
      return byValue('by_service', 'service_id', services);
    }
    return [origin(EVERYTHING, 'TRUE')];
  }

  /** Returns the origins for tags: the index, and the conversations that are not in it yet. */
  #tagged({ tags }: PageQuery): Origin[] {
    this.#tags.indexOlder();
    const tag = this.#tags.rarest(tags);
    const from = this.#tags.indexedFrom;
    const indexed: Origin = {
      from: 'tags t CROSS JOIN conversations c ON c.position = t.position',
      where: {
        sql: `t.term = ${WANTED_TERM} AND t.position >= ?`,
        bindings: [JSON.stringify(tag), from ?? 0],
      },
      position: 't.position',
    };
    return from === null ? [indexed] : [indexed, origin(EVERYTHING, 'c.position < ?', from)];
  }

  /** Tells whether all unfinished conversations may be read and sorted. */
  #hasFewUnfinished(): boolean {
    const { count } = this.#sql
      .exec<{ count: number }>(
        `SELECT count(*) AS count FROM (SELECT 1 FROM conversations INDEXED BY one_unfinished
         WHERE state <> 'finished' LIMIT ?)`,
        this.#maxScanned,
      )
      .one();
    return count < this.#maxScanned;
  }
}
