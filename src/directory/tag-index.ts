/**
 * Index of tags: for each term, the conversations that have it, in the order of the list. A tag has two terms: its key
 * with its value, and its key with any value.
 */
import { has } from '../storage/migrate.ts';
import type { Bound } from './candidates.ts';
import { termsOf } from './schema.ts';

/** Maximum number of conversations that are counted for each of several tags, to find the rarest tag. */
const COUNTED = 256;

/** Maximum number of wanted tags that are looked up in the index: each is a bound value, of which a statement has 100. */
const MAX_LOOKED_UP = 16;

/** A wanted tag: with a text, with null, or, without `value`, with any value. */
export interface WantedTag {
  key: string;
  value?: string | null;
}

/**
 * SQL of the term of a wanted tag, which is bound as JSON. SQL reads both it and the stored tags, so that equal texts
 * have equal terms.
 */
export const WANTED_TERM = `(
  SELECT json_extract(wanted, '$.key') || CASE json_type(wanted, '$.value')
    WHEN 'null' THEN ':null'
    WHEN 'text' THEN ':=' || json_extract(wanted, '$.value')
    ELSE ':*'
  END FROM (SELECT ? AS wanted))`;

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

/** Reads the index of tags, and completes it for conversations of format 1. */
export class TagIndex {
  readonly #storage: DurableObjectStorage;
  readonly #maxIndexed: number;
  /** Position before which conversations are not indexed; null if all are. */
  #indexedFrom: number | null;

  /** Indexes at most `maxIndexed` conversations of format 1 at once. */
  constructor(storage: DurableObjectStorage, maxIndexed: number) {
    this.#storage = storage;
    this.#maxIndexed = maxIndexed;
    this.#indexedFrom = has(storage.sql, 'tags_indexed_from')
      ? storage.sql.exec<{ position: number }>('SELECT position FROM tags_indexed_from').one().position
      : null;
  }

  /** Position before which conversations are not indexed; null if all are. */
  get indexedFrom(): number | null {
    return this.#indexedFrom;
  }

  /** Indexes the newest conversations of format 1 that are not indexed yet. */
  indexOlder(): void {
    const until = this.#indexedFrom;
    if (until === null) return;
    const { sql } = this.#storage;
    this.#indexedFrom = this.#storage.transactionSync(() => {
      const { from, count } = sql
        .exec<{ from: number | null; count: number }>(
          `SELECT min(position) AS "from", count(*) AS count FROM
             (SELECT position FROM conversations WHERE position < ? ORDER BY position DESC LIMIT ?)`,
          until,
          this.#maxIndexed,
        )
        .one();
      const rows = '(SELECT * FROM conversations WHERE position >= ?1 AND position < ?2) AS c';
      const terms = termsOf('c', `${rows}, json_each(c.tags) AS tag`);
      sql.exec(`INSERT OR IGNORE INTO tags (term, position) ${terms}`, from ?? until, until);
      if (count < this.#maxIndexed) sql.exec('DROP TABLE tags_indexed_from');
      else sql.exec('UPDATE tags_indexed_from SET position = ?', from);
      return count < this.#maxIndexed ? null : from;
    });
  }

  /**
   * Returns SQL that is true for a conversation `c` that has all wanted tags, of which there is at least one. It asks the
   * index, which is several times as fast as reading the conversation's tags.
   */
  filter(tags: readonly WantedTag[]): Bound {
    const isIndexed = this.#indexedFrom === null && tags.length <= MAX_LOOKED_UP;
    if (!isIndexed) return { sql: ALL_TAGS_MATCH, bindings: [JSON.stringify(tags)] };
    const has = `EXISTS (SELECT 1 FROM tags AS own WHERE own.term = ${WANTED_TERM} AND own.position = c.position)`;
    return { sql: tags.map(() => has).join(' AND '), bindings: tags.map((tag) => JSON.stringify(tag)) };
  }

  /** Returns the tag that the fewest conversations have, by counts up to `COUNTED`; null if `tags` is empty. */
  rarest(tags: readonly WantedTag[]): WantedTag | null {
    const [only] = tags;
    if (tags.length < 2) return only ?? null;
    const counts = tags.map((tag) => ({ tag, count: this.#count(tag) }));
    return counts.reduce((least, next) => (next.count < least.count ? next : least)).tag;
  }

  /** Tells whether one of the tags is that of fewer conversations than `COUNTED`. False while some are not indexed. */
  hasRare(tags: readonly WantedTag[]): boolean {
    return this.#indexedFrom === null && tags.some((tag) => this.#count(tag) < COUNTED);
  }

  #count(tag: WantedTag): number {
    return this.#storage.sql
      .exec<{ count: number }>(
        `SELECT count(*) AS count FROM (SELECT 1 FROM tags WHERE term = ${WANTED_TERM} LIMIT ?)`,
        JSON.stringify(tag),
        COUNTED,
      )
      .one().count;
  }
}
