import type { PostProcessing } from '../contract/conversations.ts';
import type { ModelCall } from '../contract/insights.ts';
import { logInfo } from '../log.ts';
import { ProblemError } from '../problems.ts';
import type { ConversationRecord } from './records.ts';
import { versionFields } from './turns/turn-line.ts';
import { usageFields } from './turns/usage-fields.ts';

/** Counts one run of an analysis, and logs a line at its end: identifiers and figures, and no text. */
export class AnalysisReport {
  /** The calls of models that it made. */
  readonly calls: ModelCall[] = [];
  readonly #type: PostProcessing;
  readonly #provider: string;
  readonly #begunAt = Date.now();

  constructor(type: PostProcessing, provider: string) {
    this.#type = type;
    this.#provider = provider;
  }

  /** Logs the line. `error` is null for a run whose result is stored. Durations are in milliseconds. */
  end({ identity, analysis }: ConversationRecord, error: unknown): void {
    const code = error instanceof ProblemError ? error.problem.code : 'analysis_failed';
    logInfo('analysis', {
      ...versionFields(identity),
      analysis: this.#type,
      attempt: analysis.attempts + 1,
      outcome: error === null ? 'completed' : 'failed',
      code: error === null ? null : code,
      provider: this.#provider,
      ...usageFields(this.calls),
      total_ms: Date.now() - this.#begunAt,
    });
  }
}
