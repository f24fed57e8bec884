import type { PostProcessing } from '../directory/summary.ts';
import { sequenceOf } from '../identifiers.ts';
import { cutBytes } from '../text.ts';
import type {
  ConversationIdentity,
  ConversationRecord,
  InteractionRecord,
  MessageRecord,
} from './records.ts';
import { RecordingTable, type StoredRecording } from './recording-table.ts';
import {
  boundedJson,
  MAX_ACTIONS_BYTES,
  MAX_LOG_BYTES,
  MAX_RESULT_BYTES,
  MAX_TEXT_BYTES,
} from './row-bounds.ts';

const SCHEMA = `
  CREATE TABLE conversation (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    identity TEXT NOT NULL,
    state TEXT NOT NULL,
    position TEXT NOT NULL,
    tags TEXT NOT NULL,
    revision INTEGER NOT NULL,
    num_messages INTEGER NOT NULL,
    last_message INTEGER NOT NULL,
    last_interaction INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    analysis TEXT NOT NULL,
    completed INTEGER NOT NULL
  );
  CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    interaction INTEGER NOT NULL,
    interaction_id TEXT NOT NULL,
    type TEXT NOT NULL,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    format TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sender_user_id TEXT
  );
  CREATE TABLE interactions (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    first_message INTEGER NOT NULL,
    last_message INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    log TEXT NOT NULL,
    actions TEXT NOT NULL
  );
  CREATE TABLE analyses (
    type TEXT PRIMARY KEY,
    result TEXT NOT NULL
  ) WITHOUT ROWID;
`;

/** Columns that hold JSON text come back as the value they were written from. */
function parsed<T>(row: Record<string, SqlStorageValue>, jsonColumns: readonly string[]): T {
  const value: Record<string, unknown> = { ...row };
  for (const column of jsonColumns) value[column] = JSON.parse(row[column] as string);
  return value as T;
}

/** What is kept of a log that cannot be made to fit: where the turn ended. */
function emptyLog({ state, behavior }: InteractionRecord['log']): InteractionRecord['log'] {
  return {
    state,
    behavior,
    action: '',
    objective: '',
    transitions: [],
    working_memory: [],
    reflections: [],
    select_next_action_tool_calls: [],
    engage_user_tool_calls: [],
    model_calls: [],
  };
}

/** Everything that one turn writes. */
export interface CommittedTurn {
  record: ConversationRecord;
  messages: readonly MessageRecord[];
  /** By the numbers of their messages. */
  recordings: ReadonlyMap<number, StoredRecording>;
  interaction: InteractionRecord;
}

/** The conversation's own database. Every method is one synchronous step; the numbers of rows are the keys. */
export class ConversationStore {
  readonly recordings: RecordingTable;
  readonly #storage: DurableObjectStorage;
  #exists: boolean;
  /** Whether `messages` is known to have the columns of `SCHEMA`: one that an earlier version made lacks the last. */
  #isCurrent = false;
  #known: ConversationRecord | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.recordings = new RecordingTable(storage.sql);
    // An object that nobody created a conversation in must stay empty: reading a random identifier stores nothing.
    const tables = storage.sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'conversation'`);
    this.#exists = tables.toArray().length > 0;
  }

  /** The conversation. Kept between turns: nobody else writes to this database, and records are never changed. */
  load(): ConversationRecord | null {
    if (this.#exists) this.#known ??= this.#read();
    return this.#known;
  }

  #read(): ConversationRecord | null {
    const [row] = this.#storage.sql.exec('SELECT * FROM conversation').toArray();
    if (row === undefined) return null;
    const record = parsed<ConversationRecord>(row, ['identity', 'position', 'tags', 'analysis']);
    return { ...record, completed: row.completed === 1 };
  }

  /** Marks the conversation as being created. Until the first commit this is all there is of it. */
  begin(identity: ConversationIdentity, tags: ConversationRecord['tags']): ConversationRecord {
    const isNew = !this.#exists;
    this.#storage.transactionSync(() => {
      if (isNew) this.#storage.sql.exec(SCHEMA);
      this.#storage.sql.exec(
        `INSERT INTO conversation VALUES (1, ?, 'creating', 'null', ?, 0, 0, 0, 0, 0, ?, 0)`,
        JSON.stringify(identity),
        JSON.stringify(tags),
        JSON.stringify({ status: 'none', completed: [], attempts: 0 }),
      );
    });
    this.#exists = true;
    if (isNew) this.#isCurrent = true;
    const record = this.load();
    if (record === null) throw new Error('The conversation that was written is not there.');
    return record;
  }

  /** Adds what a database of an earlier version lacks: once, with the first turn that is written to it. */
  #bringUpToDate(): void {
    if (this.#isCurrent) return;
    const { sql } = this.#storage;
    const found = sql.exec(`SELECT 1 FROM pragma_table_info('messages') WHERE name = 'sender_user_id'`);
    if (found.toArray().length === 0) sql.exec('ALTER TABLE messages ADD COLUMN sender_user_id TEXT');
  }

  /** Writes a turn, all or nothing. */
  commit({ record, messages, recordings, interaction }: CommittedTurn): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      for (const message of messages) {
        this.#storage.sql.exec(
          'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          message.sequence,
          message.id,
          message.interaction,
          message.interaction_id,
          message.type,
          message.sender,
          cutBytes(message.text, MAX_TEXT_BYTES),
          message.format,
          message.created_at,
          message.sender_user_id,
        );
      }
      for (const [message, recording] of recordings) this.recordings.commit(message, recording);
      this.#storage.sql.exec(
        'INSERT INTO interactions VALUES (?, ?, ?, ?, ?, ?, ?)',
        interaction.sequence,
        interaction.id,
        interaction.first_message,
        interaction.last_message,
        interaction.started_at,
        boundedJson(interaction.log, MAX_LOG_BYTES, emptyLog(interaction.log)),
        boundedJson(interaction.actions, MAX_ACTIONS_BYTES, []),
      );
      this.#write(record);
    });
    this.#isCurrent = true;
    this.#known = record;
  }

  /** Writes what changed about the conversation itself. */
  save(record: ConversationRecord): void {
    this.#write(record);
    this.#known = record;
  }

  #write(record: ConversationRecord): void {
    this.#storage.sql.exec(
      `UPDATE conversation SET state = ?, position = ?, tags = ?, revision = ?, num_messages = ?,
       last_message = ?, last_interaction = ?, last_at = ?, analysis = ?, completed = ?`,
      record.state,
      JSON.stringify(record.position),
      JSON.stringify(record.tags),
      record.revision,
      record.num_messages,
      record.last_message,
      record.last_interaction,
      record.last_at,
      JSON.stringify(record.analysis),
      record.completed ? 1 : 0,
    );
  }

  /** The result of an analysis and the progress it makes, together. */
  saveAnalysis(record: ConversationRecord, type: PostProcessing, result: unknown): void {
    this.#storage.transactionSync(() => {
      const stored = boundedJson(result, MAX_RESULT_BYTES, null);
      this.#storage.sql.exec('INSERT OR REPLACE INTO analyses VALUES (?, ?)', type, stored);
      this.#write(record);
    });
    this.#known = record;
  }

  interaction(id: string): InteractionRecord | null {
    return this.interactionAt(sequenceOf(id), id);
  }

  /** The interaction of a number; with `id`, only if that is its identifier. */
  interactionAt(sequence: number, id?: string): InteractionRecord | null {
    const [row] = this.#storage.sql.exec('SELECT * FROM interactions WHERE sequence = ?', sequence).toArray();
    if (row === undefined || (id !== undefined && row.id !== id)) return null;
    return parsed(row, ['log', 'actions']);
  }

  /** Every interaction's log, oldest first and one at a time: all of them may be larger than the memory. */
  *logs(): Generator<InteractionRecord['log'], void> {
    const rows = this.#storage.sql.exec<{ log: string }>('SELECT log FROM interactions ORDER BY sequence');
    for (const { log } of rows) yield JSON.parse(log) as InteractionRecord['log'];
  }

  /**
   * Forgets everything, as if the conversation had never been. In one step, so that a crash leaves all or nothing:
   * `deleteAll` takes the alarm along from the compatibility date 2026-02-24 on.
   */
  async clear(): Promise<void> {
    this.#exists = false;
    this.#known = null;
    await this.#storage.deleteAll();
  }
}
