import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { problem } from '../problems.ts';
import { SAFETY_NET_MS, type Alarm } from './alarm.ts';
import type { DirectoryReport } from './directory-report.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationRecord } from './records.ts';
import type { ConversationStore } from './store.ts';
import type { CutMessage } from './turns/truncation.ts';
import type { FinishedTurn } from './turns/turn.ts';

/** The longest time that a caller waits for the list to know what changed, in milliseconds. The alarm tells it later. */
const SUMMARY_WAIT_MS = 1_000;

/** The parts that writes need. */
export interface WriterParts {
  storage: DurableObjectStorage;
  store: ConversationStore;
  messages: MessageReader;
  report: DirectoryReport;
  alarm: Alarm;
}

/** Writes changes of the conversation, each with the alarm that looks after it, and reports them to the Directory. */
export class ConversationWriter {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Writes a turn and its alarm in one transaction. Tags may have changed during the turn. */
  commit({ messages, recordings, interaction, changes }: FinishedTurn): ConversationRecord {
    const { store } = this.#parts;
    const latest = store.load();
    if (latest === null) throw problem('turn_failed', 'The conversation is gone.');
    const record = { ...latest, ...changes, revision: latest.revision + 1 };
    store.commit({ record, messages, recordings, interaction });
    this.#parts.messages.committed(messages);
    this.#arm(record);
    return record;
  }

  /** Writes a change outside a turn and reports it. */
  async save(record: ConversationRecord, request_id: string): Promise<void> {
    this.#parts.store.save(record);
    this.#arm(record);
    await this.settle(record, request_id);
  }

  /**
   * Writes a message that was cut, and reports it: two rows, one of them in the list. The conversation itself does not
   * change, and no alarm is set unless the report fails. When the process dies before the report, the list shows the
   * whole text until the alarm that the turn has set, or the next turn.
   */
  async saveCut(record: ConversationRecord, cut: CutMessage, request_id: string): Promise<void> {
    const { store, messages, report } = this.#parts;
    store.saveCut(cut);
    messages.forget();
    report.outdated();
    await this.settle(record, request_id, report.finalMessage(), () => this.#arm(record));
  }

  /**
   * Waits until what was written is durable and, for a moment at most, until the Directory has it. Calls `failed` when it
   * cannot be told.
   */
  async settle(
    record: ConversationRecord,
    request_id: string,
    finalMessage = this.#parts.report.finalMessage(),
    failed: () => void = () => undefined,
  ): Promise<void> {
    const { report, storage } = this.#parts;
    const delivered = report.deliver(record, finalMessage).catch((error: unknown) => {
      logError('summary_not_delivered', error, { request_id, conversation_id: record.identity.id });
      failed();
    });
    // The Directory may be late: the alarm reports again.
    const reported = inTime(SUMMARY_WAIT_MS, delivered).catch(() => undefined);
    await Promise.all([storage.sync(), reported]);
  }

  /** Sets the alarm of a write: at once for the analysis of a finished conversation, else the safety net. */
  #arm(record: ConversationRecord): void {
    this.#parts.alarm.arm(record.analysis.status === 'pending' ? 0 : SAFETY_NET_MS);
  }
}
