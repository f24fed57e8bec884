/**
 * The index of tags: for each term, the conversations that have it, in the order of the list. A tag has two terms: its
 * key with its value, and its key with any value.
 */

/** SQL of the term of a key and a value. No key has the signs between them. */
function valueTerm(key: string, value: string): string {
  return `${key} || CASE WHEN ${value} IS NULL THEN ':null' ELSE ':=' || ${value} END`;
}

/** SQL of the terms of the tags in `from`, which belong to `row`. */
function termsOf(row: string, from: string): string {
  return `SELECT ${valueTerm('tag.key', 'tag.value')} AS term, ${row}.position AS position FROM ${from}
    UNION ALL SELECT tag.key || ':*', ${row}.position FROM ${from}`;
}

const ADD = `INSERT OR IGNORE INTO tags ${termsOf('NEW', 'json_each(NEW.tags) AS tag')};`;
const REMOVE = `DELETE FROM tags WHERE position = OLD.position
  AND term IN (SELECT term FROM (${termsOf('OLD', 'json_each(OLD.tags) AS tag')}));`;

/**
 * Triggers keep the index, so that it changes in the statement that changes a conversation. A turn that changes no tag
 * writes nothing here.
 */
const SCHEMA = `
  CREATE TABLE tags (
    term TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (term, position)
  ) WITHOUT ROWID;
  CREATE TRIGGER tags_added AFTER INSERT ON conversations BEGIN ${ADD} END;
  CREATE TRIGGER tags_changed AFTER UPDATE OF tags ON conversations WHEN NEW.tags IS NOT OLD.tags
    BEGIN ${REMOVE} ${ADD} END;
  CREATE TRIGGER tags_removed AFTER DELETE ON conversations BEGIN ${REMOVE} END;
`;

/** The conversations of an earlier version are not indexed yet: those before the one position that stands here. */
const OLDER = `
  CREATE TABLE tags_indexed_from (position INTEGER NOT NULL);
  INSERT INTO tags_indexed_from SELECT max(position) + 1 FROM conversations;
`;

/** How many conversations of each of several tags are counted, to find the tag that the fewest have. */
const COUNTED = 256;

/** A tag that is asked for: with a value, with the value null, or, without `value`, with any. */
export interface WantedTag {
  key: string;
  value?: string | null;
}

/** SQL of the term of a wanted tag, bound as JSON: read by SQL like the tags themselves, so that the texts are equal. */
export const WANTED_TERM = `(
  SELECT json_extract(wanted, '$.key') || CASE json_type(wanted, '$.value')
    WHEN 'null' THEN ':null'
    WHEN 'text' THEN ':=' || json_extract(wanted, '$.value')
    ELSE ':*'
  END FROM (SELECT ? AS wanted))`;

export class TagIndex {
  readonly #storage: DurableObjectStorage;
  readonly #maxIndexed: number;
  /** Conversations before this position are not indexed; `null` when all are. */
  #indexedFrom: number | null;

  /** Makes the index where there is none. `maxIndexed` conversations of an earlier version are indexed at once. */
  constructor(storage: DurableObjectStorage, maxIndexed: number) {
    this.#storage = storage;
    this.#maxIndexed = maxIndexed;
    if (!this.#has('tags')) {
      storage.transactionSync(() => {
        storage.sql.exec(SCHEMA);
        const older = storage.sql.exec('SELECT 1 FROM conversations LIMIT 1').toArray();
        if (older.length > 0) storage.sql.exec(OLDER);
      });
    }
    this.#indexedFrom = this.#has('tags_indexed_from')
      ? storage.sql.exec<{ position: number }>('SELECT position FROM tags_indexed_from').one().position
      : null;
  }

  get indexedFrom(): number | null {
    return this.#indexedFrom;
  }

  #has(table: string): boolean {
    return this.#storage.sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', table).toArray().length > 0;
  }

  /** Indexes some of the conversations of an earlier version, the newest first. */
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
      sql.exec(`INSERT OR IGNORE INTO tags ${terms}`, from ?? until, until);
      if (count < this.#maxIndexed) sql.exec('DROP TABLE tags_indexed_from');
      else sql.exec('UPDATE tags_indexed_from SET position = ?', from);
      return count < this.#maxIndexed ? null : from;
    });
  }

  /** Returns the tag that the fewest conversations have, as far as that can be told at little cost. */
  rarest(tags: readonly WantedTag[]): WantedTag | null {
    const [only] = tags;
    if (tags.length < 2) return only ?? null;
    const counts = tags.map((tag) => {
      const { count } = this.#storage.sql
        .exec<{ count: number }>(
          `SELECT count(*) AS count FROM (SELECT 1 FROM tags WHERE term = ${WANTED_TERM} LIMIT ?)`,
          JSON.stringify(tag),
          COUNTED,
        )
        .one();
      return { tag, count };
    });
    return counts.reduce((least, next) => (next.count < least.count ? next : least)).tag;
  }
}
