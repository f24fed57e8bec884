/** The analysis of a conversation after its end. Each step reads the stored conversation alone, and may be repeated. */
import type { FinishedConversation, Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import { withDeadline } from '../deadline.ts';
import type { PostProcessing } from '../contract/conversations.ts';
import { logError } from '../log.ts';
import type { Memory } from '../memory/memory.ts';
import { memoryFor } from './adopter.ts';
import type { Catalog } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import { AnalysisReport } from './analysis-report.ts';
import type { MessageReader } from './messages.ts';
import { computeMetrics, type Course } from './metrics.ts';
import type { AnalysisState, ConversationRecord, MessageRecord } from './records.ts';
import type { ConversationStore } from './store.ts';
import { utteranceOf } from './utterances.ts';

/** In the order in which they run. */
export const ANALYSES: readonly PostProcessing[] = [
  'generate-user-models',
  'extract-memories',
  'compute-metrics',
];

/** After so many failures the analysis is given up, until `finish` asks for it again: after half an hour. */
export const MAX_ANALYSIS_ATTEMPTS = 8;
/** The analyses look at this much of a conversation: its newest part. */
const ANALYSED_MESSAGES = 2_000;
const ANALYSED_BYTES = 1024 * 1024;
/** The pause after the first failure, in milliseconds. Every further one is four times as long, up to ten minutes. */
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 10 * 60_000;
/** No single analysis may take longer than this, in milliseconds. */
const ANALYSIS_DEADLINE_MS = 120_000;
/** The number of times that a user model is made again because another conversation changed it meanwhile. */
const MAX_MERGES = 3;

/** Returns the pause in milliseconds after so many failures, from 1. */
export function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 4 ** (attempts - 1), LAST_RETRY_MS);
}

/** Runs analyses over a stored conversation. */
export class Analyst {
  readonly #env: Env;
  readonly #store: ConversationStore;
  readonly #messages: MessageReader;
  readonly #registry: RegistryReader;
  readonly #reasoner: (catalog: Catalog) => Reasoner;
  readonly #provider: string;

  constructor(
    env: Env,
    store: ConversationStore,
    messages: MessageReader,
    registry: RegistryReader,
    reasoner: (catalog: Catalog) => Reasoner,
    provider: string,
  ) {
    this.#env = env;
    this.#store = store;
    this.#messages = messages;
    this.#registry = registry;
    this.#reasoner = reasoner;
    this.#provider = provider;
  }

  /**
   * Runs what is missing of a conversation's analysis, each part on its own: one that fails does not hold up the next.
   * Returns the pause in milliseconds after which the rest is to be tried again; `null` when nothing is left, and when
   * the rest is given up.
   */
  async runPending(record: ConversationRecord): Promise<number | null> {
    let complete = true;
    for (const type of ANALYSES.filter((type) => !record.analysis.completed.includes(type))) {
      const report = new AnalysisReport(type, this.#provider);
      try {
        await this.#run(type, record, report);
        report.end(record, null);
      } catch (error) {
        report.end(record, error);
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
    this.#store.save(failed);
    return failed.analysis.status === 'pending' ? retryDelayMs(failed.analysis.attempts) : null;
  }

  /** Runs one analysis and stores its result with the progress that it makes. */
  async #run(type: PostProcessing, record: ConversationRecord, report: AnalysisReport): Promise<void> {
    const result = await withDeadline(ANALYSIS_DEADLINE_MS, (signal) =>
      this.#result(type, record, signal, report),
    );
    const advanced = this.#advance(({ completed, attempts }) => {
      const now = [...completed, type];
      return now.length === ANALYSES.length
        ? { completed: now, attempts: 0, status: 'done' }
        : { completed: now, attempts, status: 'pending' };
    });
    this.#store.saveAnalysis(advanced, type, result);
  }

  /** Returns the conversation as it is now with its analysis moved on: tags may have changed during the analysis. */
  #advance(move: (analysis: AnalysisState) => AnalysisState): ConversationRecord {
    const latest = this.#store.load();
    if (latest === null) throw new Error('The conversation is gone.');
    return {
      ...latest,
      analysis: { ...latest.analysis, ...move(latest.analysis) },
      revision: latest.revision + 1,
    };
  }

  /** Returns the result of one analysis. What it teaches about the user goes to their memory, once. */
  async #result(
    type: PostProcessing,
    record: ConversationRecord,
    signal: AbortSignal,
    { meter }: AnalysisReport,
  ): Promise<unknown> {
    const { organization, user_id, user_name, id, versions, anonymous } = record.identity;
    if (anonymous === true && type !== 'compute-metrics') return type === 'extract-memories' ? [] : '';
    const messages = this.#messages.window(ANALYSED_MESSAGES, ANALYSED_BYTES);
    const catalog = await this.#registry.catalog(organization);
    const reasoner = this.#reasoner(catalog);
    const { owner, memory } = await memoryFor(this.#env, record.identity);
    const timezone = await this.#registry.timezone(organization, user_id);
    const conversation = (model: string | null): FinishedConversation => ({
      user: { name: user_name, model },
      transcript: messages.map((message) => ({
        ...utteranceOf({ type: message.type, text: message.text }),
        id: message.id,
      })),
      models: versions.llm_model_preferences,
      signal,
      meter,
      clock: { now: record.last_at, timezone },
    });
    switch (type) {
      case 'extract-memories': {
        const memories = await reasoner.extractMemories(conversation(await memory.model()));
        await memory.learn(id, memories);
        // A visitor who was adopted meanwhile: the copy of their memories may not have these.
        const latest = await memoryFor(this.#env, record.identity);
        if (latest.owner !== owner) await latest.memory.learn(id, memories);
        return memories;
      }
      case 'generate-user-models':
        return mergeUserModel(memory, id, (model) => reasoner.userModel(conversation(model)));
      case 'compute-metrics': {
        const course = this.#course(record, messages);
        return computeMetrics(catalog.metrics, course, conversation(null), reasoner);
      }
    }
  }

  #course(record: ConversationRecord, messages: readonly MessageRecord[]): Course {
    const first = messages[0]?.created_at ?? record.last_at;
    return {
      completed: record.completed,
      num_interactions: record.last_interaction,
      num_messages: record.num_messages,
      duration_seconds: (record.last_at - first) / 1000,
      states: this.#store
        .logs()
        .flatMap(({ transitions, state }) => [
          ...transitions.map(({ previous_state }) => previous_state),
          state,
        ])
        .toArray(),
    };
  }
}

/**
 * Adds what a conversation teaches to the user model, and returns the new model. A conversation is added once, however
 * often this is repeated, and not on top of a model that another conversation replaced meanwhile.
 */
async function mergeUserModel(
  memory: DurableObjectStub<Memory>,
  conversationId: string,
  think: (model: string | null) => Promise<string>,
): Promise<string> {
  for (let attempt = 0; attempt < MAX_MERGES; attempt += 1) {
    const known = await memory.modelBefore(conversationId);
    if (known.includes_conversation) return known.text ?? '';
    const model = await think(known.text);
    if (await memory.setModel(conversationId, model, known.last_conversation_id)) return model;
  }
  throw new Error('Other conversations kept changing the user model.');
}
