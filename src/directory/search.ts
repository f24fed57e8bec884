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
export const SEARCH_BOUNDS: SearchBounds = { scanned: 1_000, indexed: 500 };
/** Maximum number of users or services whose indexes are merged. Longer lists are filters. */
const MAX_MERGED = 32;

/**
 * Returns the filters of a query as one SQL expression. Each list is bound as one JSON value. `ofTags` is the filter of
 * its tags.
 */
function filters(query: PageQuery, ofTags: Bound | null): Bound {
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
  if (ofTags !== null) {
    sql.push(ofTags.sql);
    bindings.push(...ofTags.bindings);
  }
  return { sql: sql.join(' AND '), bindings };
}

function origin(from: string, sql: string, ...bindings: SqlStorageValue[]): Origin {
  return { from, where: { sql, bindings }, position: 'c.position' };
}

const EVERYTHING = 'conversations c NOT INDEXED';

/** Returns one origin for each list of values of `where`, of which an index leads to the conversations in order. */
function byValues(index: string, where: string, lists: readonly (readonly string[])[]): Origin[] {
  return lists.map((values) => origin(`conversations c INDEXED BY ${index}`, where, ...values));
}

/** Returns the origins for a few users. */
function ofUsers(users: readonly string[], { is_finished, service_ids }: PageQuery): Origin[] {
  const each = [...new Set(users)];
  const services = [...new Set(service_ids)];
  // A user has few unfinished conversations: one of each service.
  if (is_finished === false) {
    const where = `c.state <> 'finished' AND c.user_id = ?`;
    return byValues(
      'one_unfinished',
      where,
      each.map((user) => [user]),
    );
  }
  if (services.length > 0 && each.length * services.length <= MAX_MERGED) {
    const pairs = each.flatMap((user) => services.map((service) => [user, service]));
    return byValues('by_user_and_service', 'c.user_id = ? AND c.service_id = ?', pairs);
  }
  return byValues(
    'by_user',
    'c.user_id = ?',
    each.map((user) => [user]),
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
      budget: { left: this.#maxScanned },
    };
    const fits = filters(query, query.tags.length === 0 ? null : this.#tags.filter(query.tags));
    const sources = origins.map((one) => new CandidateSource(this.#sql, one, fits, reading));
    for (const { position, candidate } of merged(sources, query.ascending)) {
      if (candidate === null) return { found, scanned_to: position };
      if (!visible(candidate)) continue;
      found.push(position);
      if (found.length === query.limit) return { found, scanned_to: position };
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
    if (users !== null && users.length <= MAX_MERGED) return ofUsers(users, query);
    if (tags.length > 0) return this.#tagged(query);
    if (is_finished === false && this.#hasFewUnfinished()) {
      return [origin('conversations c INDEXED BY one_unfinished', `c.state <> 'finished'`)];
    }
    if (services.length > 0 && services.length <= MAX_MERGED) {
      return byValues(
        'by_service',
        'c.service_id = ?',
        [...new Set(services)].map((service) => [service]),
      );
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
