import type { PostProcessing } from '../contract/conversations.ts';
import type { Home } from '../home.ts';
import { sequenceOf } from '../identifiers.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import type {
  ConversationIdentity,
  ConversationRecord,
  InteractionRecord,
  MessageRecord,
} from './records.ts';
import type { CutMessage } from './turns/truncation.ts';
import { ErasureNotes } from './erasure/tombstone.ts';
import { RecordingTable, type StoredRecording } from './recording-table.ts';
import { boundedJson, boundedWhole, MAX_ALIGNMENT_BYTES, MAX_RESULT_BYTES } from './row-bounds.ts';
import { CONVERSATION_SCHEMA } from './schema.ts';
import { insertInteraction, insertMessage } from './turn-rows.ts';
import {
  upgradeConversation,
  upgradeInteraction,
  upgradeLog,
  type ConversationRow,
  type InteractionRow,
} from './upgrade.ts';

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
  readonly notes: ErasureNotes;
  readonly #storage: DurableObjectStorage;
  /** Tells whether the tables exist; null until that was read. */
  #exists: boolean | null = null;
  /** Tells whether the tables are known to have the present version: the first write gives it to them. */
  #isCurrent = false;
  #known: ConversationRecord | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.recordings = new RecordingTable(storage);
    this.notes = new ErasureNotes(storage);
  }

  /**
   * The conversation. Kept between turns: no other code writes to this database, and records are never changed. Throws
   * `NewerStorageError` when a later version of the code wrote it. The constructor does not, so that the alarm is tried
   * again and not lost.
   */
  load(): ConversationRecord | null {
    // An object that no conversation was created in must stay empty: reading a random identifier stores nothing.
    this.#exists ??= versionOf(this.#storage.sql, CONVERSATION_SCHEMA) > 0;
    if (this.#exists) this.#known ??= this.#read();
    return this.#known;
  }

  #read(): ConversationRecord | null {
    const [row] = this.#storage.sql
      .exec<ConversationRow>(`SELECT * FROM conversation WHERE state <> 'erasing'`)
      .toArray();
    return row === undefined ? null : upgradeConversation(row);
  }

  /** Returns the conversation that is being erased. For everything else it does not exist any more. */
  erasing(): ConversationRecord | null {
    if (this.load() !== null || this.#exists !== true) return null;
    const [row] = this.#storage.sql
      .exec<ConversationRow>(`SELECT * FROM conversation WHERE state = 'erasing'`)
      .toArray();
    return row === undefined ? null : { ...upgradeConversation(row), state: 'finished' };
  }

  /** Returns whether the conversation is being erased, or was. */
  isErased(): boolean {
    return this.load() === null && (this.erasing() !== null || this.notes.tombstone !== null);
  }

  /** Has the conversation not exist from now on but for its erasure. `note` writes in the same transaction. */
  markErasing(note: () => void): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      this.#storage.sql.exec(`UPDATE conversation SET state = 'erasing'`);
      note();
    });
    this.#isCurrent = true;
    this.#known = null;
  }

  /** Returns the home of the conversation's recordings, also while it is being erased. */
  home(): Pick<Home, 'jurisdiction'> {
    return this.load()?.identity ?? this.erasing()?.identity ?? {};
  }

  /** Counts what is stored. `hasPending` is true while a recording is on its way. */
  contents(): { messages: number; recordings: number; hasPending: boolean } {
    const { messages } = this.#storage.sql
      .exec<{ messages: number }>('SELECT count(*) AS messages FROM messages')
      .one();
    const hasPending = this.recordings.pending().length > 0;
    return { messages, recordings: this.recordings.count(), hasPending };
  }

  /** Changes what never changes but for an erasure: `change` writes the rest in the same transaction. */
  replaceIdentity(identity: ConversationIdentity, change: (sql: SqlStorage) => void): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      this.#storage.sql.exec('UPDATE conversation SET identity = ?', JSON.stringify(identity));
      change(this.#storage.sql);
    });
    this.#isCurrent = true;
    if (this.#known !== null) this.#known = { ...this.#known, identity };
  }

  /** Forgets that there are tables: they are about to be removed. */
  forgetAll(): void {
    this.#exists = false;
    this.#isCurrent = false;
    this.#known = null;
  }

  /** Marks the conversation as being created. Until the first commit this is all there is of it. */
  begin(identity: ConversationIdentity, tags: ConversationRecord['tags']): ConversationRecord {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      this.#storage.sql.exec(
        `INSERT INTO conversation (key, identity, tags, analysis, state, position, revision, num_messages,
           last_message, last_interaction, last_at, completed)
         VALUES (1, ?, ?, ?, 'creating', 'null', 0, 0, 0, 0, 0, 0)`,
        JSON.stringify(identity),
        JSON.stringify(tags),
        JSON.stringify({ status: 'none', completed: [], attempts: 0 }),
      );
    });
    this.#exists = true;
    this.#isCurrent = true;
    const record = this.load();
    if (record === null) throw new Error('The conversation that was written is not there.');
    return record;
  }

  /** Makes the tables, or gives those of an earlier version the present one. To be called in the transaction of a write. */
  #bringUpToDate(): void {
    if (!this.#isCurrent) migrate(this.#storage, CONVERSATION_SCHEMA);
  }

  /** Writes a turn, all or nothing. */
  commit({ record, messages, recordings, interaction }: CommittedTurn): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      for (const message of messages) insertMessage(this.#storage.sql, message);
      for (const [message, recording] of recordings) this.recordings.commit(message, recording);
      insertInteraction(this.#storage.sql, interaction);
      this.#write(record);
    });
    this.#isCurrent = true;
    this.#known = record;
  }

  /** Writes what changed about the conversation itself. */
  save(record: ConversationRecord): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      this.#write(record);
    });
    this.#isCurrent = true;
    this.#known = record;
  }

  #write(record: ConversationRecord): void {
    this.#storage.sql.exec(
      `UPDATE conversation SET state = ?, position = ?, tags = ?, revision = ?, num_messages = ?,
       last_message = ?, last_interaction = ?, last_at = ?, analysis = ?, completed = ?, spending = ?`,
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
      record.spending === null ? null : JSON.stringify(record.spending),
    );
  }

  /** Writes the turn that is to be run again when this process dies. There is one row for it, which each turn replaces. */
  accept(interaction: number, turn: string): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      this.#storage.sql.exec(
        `INSERT INTO accepted_turn (key, interaction, turn) VALUES (1, ?1, ?2)
         ON CONFLICT (key) DO UPDATE SET interaction = ?1, turn = ?2`,
        interaction,
        turn,
      );
    });
    this.#isCurrent = true;
  }

  /** Returns the accepted turn of an interaction; null when there is none. */
  accepted(interaction: number): string | null {
    if (versionOf(this.#storage.sql, CONVERSATION_SCHEMA) < 3) return null;
    const [row] = this.#storage.sql
      .exec<{ turn: string }>('SELECT turn FROM accepted_turn WHERE interaction = ?', interaction)
      .toArray();
    return row?.turn ?? null;
  }

  /** Removes the accepted turn. */
  forgetAccepted(): void {
    this.#storage.sql.exec('DELETE FROM accepted_turn');
  }

  /** Writes a message that was cut: one row. That its interaction was stopped, the message says. */
  saveCut({ sequence, text, alignment, stopped }: CutMessage): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      this.#storage.sql.exec(
        'UPDATE messages SET text = ?, alignment = ?, stopped = ? WHERE sequence = ?',
        text,
        alignment === null ? null : boundedWhole(alignment, MAX_ALIGNMENT_BYTES),
        stopped,
        sequence,
      );
    });
    this.#isCurrent = true;
  }

  /** The result of an analysis and the progress it makes, together. */
  saveAnalysis(record: ConversationRecord, type: PostProcessing, result: unknown): void {
    this.#storage.transactionSync(() => {
      this.#bringUpToDate();
      const stored = boundedJson(result, MAX_RESULT_BYTES, null);
      this.#storage.sql.exec('INSERT OR REPLACE INTO analyses (type, result) VALUES (?, ?)', type, stored);
      this.#write(record);
    });
    this.#isCurrent = true;
    this.#known = record;
  }

  /** Returns the result of an analysis, or null before it was made. */
  analysisResult(type: PostProcessing): unknown {
    if (!this.#exists) return null;
    const [row] = this.#storage.sql
      .exec<{ result: string }>('SELECT result FROM analyses WHERE type = ?', type)
      .toArray();
    return row === undefined ? null : JSON.parse(row.result);
  }

  interaction(id: string): InteractionRecord | null {
    return this.interactionAt(sequenceOf(id), id);
  }

  /** The interaction of a number; with `id`, only if that is its identifier. */
  interactionAt(sequence: number, id?: string): InteractionRecord | null {
    const [row] = this.#storage.sql
      .exec<InteractionRow>('SELECT * FROM interactions WHERE sequence = ?', sequence)
      .toArray();
    if (row === undefined || (id !== undefined && row.id !== id)) return null;
    return upgradeInteraction(row);
  }

  /** Returns the keys of the interactions from a number on, oldest first, each with its number. */
  *keysFrom(first: number): Generator<[number, InteractionRecord['idempotency']], void> {
    if (versionOf(this.#storage.sql, CONVERSATION_SCHEMA) < 3) return;
    const rows = this.#storage.sql.exec<{ sequence: number; idempotency: string }>(
      `SELECT sequence, idempotency FROM interactions WHERE sequence >= ? AND idempotency IS NOT NULL
       ORDER BY sequence`,
      first,
    );
    for (const { sequence, idempotency } of rows) {
      yield [sequence, JSON.parse(idempotency) as InteractionRecord['idempotency']];
    }
  }

  /** Every interaction's log, oldest first and one at a time: all of them may be larger than the memory. */
  *logs(): Generator<InteractionRecord['log'], void> {
    const rows = this.#storage.sql.exec<{ log: string }>('SELECT log FROM interactions ORDER BY sequence');
    for (const { log } of rows) yield upgradeLog(log);
  }

  /**
   * Forgets everything, as if the conversation had never been. In one step, so that a crash leaves all or nothing:
   * `deleteAll` takes the alarm along from the compatibility date 2026-02-24 on.
   */
  async clear(): Promise<void> {
    this.forgetAll();
    await this.#storage.deleteAll();
  }
}
