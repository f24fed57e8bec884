/** What is learnt from a conversation after its end, each step from the stored conversation alone: safe to repeat. */
import type { FinishedConversation, Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import type { PostProcessing } from '../directory/summary.ts';
import { memoryOf } from '../memory/client.ts';
import type { Catalog } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { MessageReader } from './messages.ts';
import { computeMetrics, type Course } from './metrics.ts';
import type { ConversationRecord, MessageRecord } from './records.ts';
import type { ConversationStore } from './store.ts';
import { utteranceOf } from './turn.ts';

/** In the order in which they run. */
export const ANALYSES: readonly PostProcessing[] = [
  'generate-user-models',
  'extract-memories',
  'compute-metrics',
];

/** After as many failures in a row the analysis is given up, until `finish` asks for it again. */
export const MAX_ANALYSIS_ATTEMPTS = 5;
/** The analyses look at this much of a conversation: its newest part. */
const ANALYSED_MESSAGES = 2_000;
const ANALYSED_BYTES = 1024 * 1024;
/** The pause after the first failure; it doubles with every further one. */
const FIRST_RETRY_MS = 2_000;
/** No single analysis may take longer than this. */
const ANALYSIS_DEADLINE_MS = 120_000;

export function retryDelayMs(attempts: number): number {
  return FIRST_RETRY_MS * 2 ** (attempts - 1);
}

/** Runs analyses over a stored conversation. */
export class Analyst {
  readonly #env: Env;
  readonly #store: ConversationStore;
  readonly #messages: MessageReader;
  readonly #registry: RegistryReader;
  readonly #reasoner: (catalog: Catalog) => Reasoner;

  constructor(
    env: Env,
    store: ConversationStore,
    messages: MessageReader,
    registry: RegistryReader,
    reasoner: (catalog: Catalog) => Reasoner,
  ) {
    this.#env = env;
    this.#store = store;
    this.#messages = messages;
    this.#registry = registry;
    this.#reasoner = reasoner;
  }

  /** Runs one analysis and gives its result. What it teaches about the user goes to their memory, once. */
  async run(type: PostProcessing, record: ConversationRecord): Promise<unknown> {
    const { organization, user_id, user_name, id, versions } = record.identity;
    const messages = this.#messages.window(ANALYSED_MESSAGES, ANALYSED_BYTES);
    const catalog = await this.#registry.catalog(organization);
    const reasoner = this.#reasoner(catalog);
    const memory = memoryOf(this.#env, organization, user_id);
    const conversation: FinishedConversation = {
      user: { name: user_name, model: await memory.model() },
      transcript: messages.map((message) => ({ ...utteranceOf(message), id: message.id })),
      models: versions.llm_model_preferences,
      signal: AbortSignal.timeout(ANALYSIS_DEADLINE_MS),
    };
    switch (type) {
      case 'extract-memories': {
        const memories = await reasoner.extractMemories(conversation);
        await memory.learn(id, memories);
        return memories;
      }
      case 'generate-user-models': {
        const model = await reasoner.userModel(conversation);
        await memory.setModel(id, model);
        return model;
      }
      case 'compute-metrics':
        return computeMetrics(catalog.metrics, this.#course(record, messages), conversation, reasoner);
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
