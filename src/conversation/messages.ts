import { sequenceOf } from '../identifiers.ts';
import { bytesOfTexts, pageOf } from '../pages.ts';
import { cut, utf8Length } from '../text.ts';
import type { MessageType } from '../contract/messages.ts';
import type { MessageRecord } from './records.ts';
import { upgradeMessage, type MessageRow } from './upgrade.ts';

/** A selection of messages and their order. Empty lists do not filter, but `types` does: no type is no message. */
export interface MessageQuery {
  ids: string[];
  interaction_ids: string[];
  types: MessageType[];
  /** The order of the interactions, and of the messages inside each. */
  interactions_ascending: boolean;
  messages_ascending: boolean;
  /** The number of the last message seen, or 0 to begin. */
  after: number;
  limit: number;
}

/** A page of messages. */
export interface MessagePage {
  messages: MessageRecord[];
  /** The token of the next page; `null` when there is none. */
  next: number | null;
}

type Bound = { sql: string; bindings: SqlStorageValue[] };

/** Identifiers hold their row's number, so rows are found by number and then compared by identifier. */
function identified(column: 'm' | 'i', ids: readonly string[]): Bound {
  return {
    sql: `${column}.sequence IN (SELECT value FROM json_each(?)) AND ${column}.id IN (SELECT value FROM json_each(?))`,
    bindings: [JSON.stringify(ids.map(sequenceOf)), JSON.stringify(ids)],
  };
}

function direction(ascending: boolean): { order: string; beyond: string } {
  return ascending ? { order: 'ASC', beyond: '>' } : { order: 'DESC', beyond: '<' };
}

/** Returns the condition for what follows the last message seen, in the order asked for. */
function beyond(query: MessageQuery): Bound {
  if (query.after === 0) return { sql: 'TRUE', bindings: [] };
  const message = `m.sequence ${direction(query.messages_ascending).beyond} ?`;
  if (query.interactions_ascending === query.messages_ascending) {
    return { sql: message, bindings: [query.after] };
  }
  const interaction = '(SELECT interaction FROM messages WHERE sequence = ?)';
  return {
    sql: `(m.interaction ${direction(query.interactions_ascending).beyond} ${interaction}
           OR (m.interaction = ${interaction} AND ${message}))`,
    bindings: [query.after, query.after, query.after],
  };
}

/**
 * The SQL of a page. Messages are numbered through all interactions, so one direction needs the messages alone;
 * interactions in one direction with their messages in the other are walked interaction by interaction, each of
 * which knows its first and last message. Neither sorts, and neither reads behind its page.
 */
function statement(query: MessageQuery): Bound {
  const where: Bound[] = [
    { sql: 'm.type IN (SELECT value FROM json_each(?))', bindings: [JSON.stringify(query.types)] },
    beyond(query),
  ];
  if (query.ids.length > 0) where.push(identified('m', query.ids));
  if (query.interaction_ids.length > 0) where.push(identified('i', query.interaction_ids));
  const mixed = query.interactions_ascending !== query.messages_ascending;
  const joined = mixed || query.interaction_ids.length > 0;
  const interactions = direction(query.interactions_ascending).order;
  const messages = direction(query.messages_ascending).order;
  return {
    sql: `SELECT m.* FROM ${
      joined
        ? 'interactions i CROSS JOIN messages m ON m.sequence BETWEEN i.first_message AND i.last_message'
        : 'messages m'
    } WHERE ${where.map(({ sql }) => sql).join(' AND ')}
    ORDER BY ${joined ? `i.sequence ${interactions}, ` : ''}m.sequence ${messages} LIMIT ?`,
    // One more than the page, to know whether there is more.
    bindings: [...where.flatMap(({ bindings }) => bindings), query.limit + 1],
  };
}

/**
 * The messages before a turn that an agent is given, whatever the length of the conversation. A model is shown as many as
 * fit into its prompt.
 */
const RECENT_MESSAGES = 400;
/** The most text of them that is kept in memory, in UTF-16 units. */
const MAX_RECENT_TEXT = 256 * 1024;
/** The most of each of them that is kept, in UTF-16 units: the longest message that a caller can send. */
const MAX_RECENT_LENGTH = 32 * 1024;

/** A message without what only its storage knows. */
type Said = { type: MessageType; text: string; stopped: boolean };

function saidOf({ type, text, stopped }: MessageRecord): Said {
  return { type, text: cut(text, MAX_RECENT_LENGTH), stopped: stopped !== null };
}

/** The messages of a conversation, by page, by identifier, and as the window an agent is given. */
export class MessageReader {
  readonly #sql: SqlStorage;
  #recent: Said[] | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
  }

  page(query: MessageQuery): MessagePage {
    const { sql, bindings } = statement(query);
    // The cursor is lazy: rows behind the page are not read.
    const rows = this.#sql.exec<MessageRow>(sql, ...bindings);
    const { entries, hasMore } = pageOf(rows, query.limit, bytesOfTexts);
    const messages = entries.map(upgradeMessage);
    return { messages, next: hasMore ? (messages.at(-1)?.sequence ?? null) : null };
  }

  /** Returns the messages of these numbers, inclusive, in order. */
  between(first: number, last: number): MessageRecord[] {
    return this.#sql
      .exec<MessageRow>(
        'SELECT * FROM messages WHERE sequence BETWEEN ? AND ? ORDER BY sequence',
        first,
        last,
      )
      .toArray()
      .map(upgradeMessage);
  }

  /** Tells whether the message of a number was cut short. */
  isCut(sequence: number): boolean {
    return this.between(sequence, sequence).some(({ stopped }) => stopped !== null);
  }

  byId(id: string): MessageRecord | null {
    const [row] = this.#sql
      .exec<MessageRow>('SELECT * FROM messages WHERE sequence = ?', sequenceOf(id))
      .toArray();
    return row !== undefined && row.id === id ? upgradeMessage(row) : null;
  }

  /**
   * Returns the last messages, oldest first, at most `limit`. Read once and then kept up, because every turn asks for
   * it.
   */
  recent(limit = RECENT_MESSAGES): Said[] {
    this.#recent ??= this.#read();
    return limit >= this.#recent.length ? this.#recent : this.#recent.slice(-limit);
  }

  #read(): Said[] {
    const rows = this.#sql.exec<MessageRow>(
      'SELECT * FROM messages ORDER BY sequence DESC LIMIT ?',
      RECENT_MESSAGES,
    );
    const read: Said[] = [];
    let left = MAX_RECENT_TEXT;
    // The cursor is lazy: rows behind the window are not read.
    for (const row of rows) {
      const said = saidOf(upgradeMessage(row));
      left -= said.text.length;
      if (left < 0) break;
      read.push(said);
    }
    return read.reverse();
  }

  /** Forgets the last messages: one of them was changed. */
  forget(): void {
    this.#recent = null;
  }

  /** To be called with the messages of a turn that was committed. */
  committed(messages: readonly MessageRecord[]): void {
    if (this.#recent === null) return;
    const recent = [...this.#recent, ...messages.map(saidOf)].slice(-RECENT_MESSAGES);
    let length = recent.reduce((sum, { text }) => sum + text.length, 0);
    while (length > MAX_RECENT_TEXT) length -= recent.shift()?.text.length ?? length;
    this.#recent = recent;
  }

  /**
   * The newest messages, oldest first: a window, whatever the length of the conversation. `limit` counts messages,
   * `maxBytes` the bytes of their texts.
   */
  window(limit: number, maxBytes: number): MessageRecord[] {
    const rows = this.#sql.exec<MessageRow>('SELECT * FROM messages ORDER BY sequence DESC');
    return pageOf(rows, limit, ({ text }) => utf8Length(text), maxBytes)
      .entries.map(upgradeMessage)
      .reverse();
  }
}
