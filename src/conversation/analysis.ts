/** The analysis of a conversation after its end. Each step reads the stored conversation alone, and may be repeated. */
import { withDeadline } from '../deadline.ts';
import type { PostProcessing } from '../contract/conversations.ts';
import type { ModelCall } from '../contract/insights.ts';
import { logError } from '../log.ts';
import { ProblemError } from '../problems.ts';
import { AnalysisReport } from './analysis-report.ts';
import { analysedMessages, resultOf, type AnalysisSources } from './analysis-result.ts';
import type { AnalysisState, ConversationRecord } from './records.ts';
import { sideWork, type SideWorkParts } from './spending/side-work.ts';
import type { Spending } from './spending/spending.ts';

/** In the order in which they run. */
export const ANALYSES: readonly PostProcessing[] = [
  'generate-user-models',
  'extract-memories',
  'compute-metrics',
];

/** After so many failures the analysis is given up, until `finish` asks for it again: after half an hour. */
export const MAX_ANALYSIS_ATTEMPTS = 8;
/** The pause after the first failure, in milliseconds. Every further one is four times as long, up to ten minutes. */
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 10 * 60_000;
/** No single analysis may take longer than this, in milliseconds. */
const ANALYSIS_DEADLINE_MS = 120_000;
/** The time over which analyses begin again that a budget refused, in milliseconds. */
const SPREAD_MS = 10 * 60_000;

/** Returns the time at which the budget begins anew that refused an analysis; null for another error. */
function resetOf(error: unknown): number | null {
  if (!(error instanceof ProblemError) || error.problem.code !== 'budget_exhausted') return null;
  return Date.parse(error.problem.extra?.resets_at ?? '') || Date.now();
}

/** Returns the pause in milliseconds after so many failures, from 1. */
export function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 4 ** (attempts - 1), LAST_RETRY_MS);
}

/** The parts that analyses need. */
export interface AnalystParts extends AnalysisSources, SideWorkParts {
  spending: Spending;
  /** The provider of the deployment's models, for the log. */
  provider: string;
}

/** Runs analyses over a stored conversation. */
export class Analyst {
  readonly #parts: AnalystParts;

  constructor(parts: AnalystParts) {
    this.#parts = parts;
  }

  /**
   * Runs what is missing of a conversation's analysis, each part on its own: one that fails does not hold up the next.
   * Returns the pause in milliseconds after which the rest is to be tried again; `null` when nothing is left, and when
   * the rest is given up. What a budget refuses waits until its period ends, and has not failed.
   */
  async runPending(record: ConversationRecord): Promise<number | null> {
    let complete = true;
    for (const type of ANALYSES.filter((type) => !record.analysis.completed.includes(type))) {
      const report = new AnalysisReport(type, this.#parts.provider);
      try {
        await this.#run(type, record, report);
        report.end(record, null);
      } catch (error) {
        report.end(record, error);
        const resetsAt = resetOf(error);
        if (resetsAt !== null) return this.#postponed(resetsAt);
        complete = false;
        logError('analysis_failed', error, { conversation_id: record.identity.id, analysis: type });
      }
    }
    if (complete) return null;
    const failed = this.#advance(({ completed, attempts }) => ({
      completed,
      attempts: attempts + 1,
      status: attempts + 1 < MAX_ANALYSIS_ATTEMPTS ? 'pending' : 'failed',
    }));
    this.#parts.store.save(failed);
    return failed.analysis.status === 'pending' ? retryDelayMs(failed.analysis.attempts) : null;
  }

  /** Keeps what was spent, and returns the pause until the budget begins anew: not the same for all conversations. */
  #postponed(resetsAt: number): number {
    this.#parts.store.save(this.#advance((analysis) => analysis));
    return Math.max(resetsAt - Date.now(), LAST_RETRY_MS) + Math.random() * SPREAD_MS;
  }

  /** Runs one analysis and stores its result with the progress that it makes. */
  async #run(type: PostProcessing, record: ConversationRecord, report: AnalysisReport): Promise<void> {
    const { spending } = this.#parts;
    const messages = analysedMessages(this.#parts.messages);
    const work = {
      spender: record.identity,
      holder: `${record.identity.id}/${type}`,
      texts: messages.map(({ text }) => text),
      reports: false,
      isOpen: true,
      onCall: (call: ModelCall) => {
        spending.count(call);
        report.calls.push(call);
      },
    };
    const result = await sideWork(this.#parts, work, (meter, isEconomical) =>
      withDeadline(ANALYSIS_DEADLINE_MS, (signal) =>
        resultOf(this.#parts, { type, record, messages, signal, meter, isEconomical }),
      ),
    );
    const advanced = this.#advance(({ completed, attempts }) => {
      const now = [...completed, type];
      return now.length === ANALYSES.length
        ? { completed: now, attempts: 0, status: 'done' }
        : { completed: now, attempts, status: 'pending' };
    });
    this.#parts.store.saveAnalysis(advanced, type, result);
  }

  /** Returns the conversation as it is now with its analysis moved on: tags may have changed during the analysis. */
  #advance(move: (analysis: AnalysisState) => AnalysisState): ConversationRecord {
    const latest = this.#parts.store.load();
    if (latest === null) throw new Error('The conversation is gone.');
    return {
      ...latest,
      spending: this.#parts.spending.record,
      analysis: { ...latest.analysis, ...move(latest.analysis) },
      revision: latest.revision + 1,
    };
  }
}
