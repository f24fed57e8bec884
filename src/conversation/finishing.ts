import { logError } from '../log.ts';
import type { AlarmDuties } from './alarm-duties.ts';
import type { Alarm } from './alarm.ts';
import type { ConversationWriter } from './conversation-writer.ts';
import type { DirectoryReport } from './directory-report.ts';
import type { ConversationRecord } from './records.ts';
import type { ConversationStore } from './store.ts';

/** The parts that the end of a conversation needs. */
export interface FinishingParts {
  store: ConversationStore;
  writer: ConversationWriter;
  report: DirectoryReport;
  alarm: Alarm;
  duties: AlarmDuties;
}

/** Ends the conversation, and takes up again what is undone after its end. */
export class Finishing {
  readonly #parts: FinishingParts;

  constructor(parts: FinishingParts) {
    this.#parts = parts;
  }

  /** Ends the conversation, and begins its analysis or what is left of it. `key` is that of the request. */
  async finish(record: ConversationRecord, request_id: string, key: string | null = null): Promise<void> {
    const finished: ConversationRecord = {
      ...record,
      state: 'finished',
      revision: record.revision + 1,
      analysis: {
        ...record.analysis,
        ...(key !== null && { finish_key: key }),
        status: 'pending',
        attempts: 0,
      },
    };
    await this.#parts.writer.save(finished, request_id);
  }

  /**
   * Takes up again what is undone of a finished conversation: an analysis that failed or that no alarm is set for, or
   * a summary that the Directory does not have. Returns false when nothing is.
   */
  async resume(record: ConversationRecord, request_id: string): Promise<boolean> {
    const { store, report, alarm, duties } = this.#parts;
    const isSet = await alarm.isSet();
    // What changed meanwhile, such as a tag, must not be lost.
    const latest = store.load() ?? record;
    const { status, attempts } = latest.analysis;
    const waits = status === 'pending' && !duties.areRunning && (attempts > 0 || !isSet);
    if (status === 'failed' || waits) {
      await this.finish(latest, request_id);
      return true;
    }
    if (report.knows(latest)) return false;
    try {
      return await report.deliver(latest);
    } catch (error) {
      logError('summary_not_delivered', error, { request_id, conversation_id: latest.identity.id });
      alarm.arm(0);
      return true;
    }
  }
}
