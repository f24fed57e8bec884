/** What is learnt from a conversation after its end, each step from the stored conversation alone: safe to repeat. */
import type { Reasoner, TranscriptLine } from '../agent/reasoner.ts';
import type { PostProcessing } from '../directory/summary.ts';
import type { MessageReader } from './messages.ts';
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
/** The pause after the first failure; it doubles with every further one. */
const FIRST_RETRY_MS = 2_000;

export function retryDelayMs(attempts: number): number {
  return FIRST_RETRY_MS * 2 ** (attempts - 1);
}

function transcriptOf(messages: readonly MessageRecord[]): TranscriptLine[] {
  return messages.map((message) => ({ ...utteranceOf(message), id: message.id }));
}

/** Numbers about the conversation's course. Durations in milliseconds. */
function metrics(record: ConversationRecord, messages: readonly MessageRecord[], states: string[]) {
  const first = messages[0]?.created_at ?? record.last_at;
  return {
    num_messages: record.num_messages,
    num_interactions: record.last_interaction,
    duration_ms: record.last_at - first,
    user_words: messages
      .filter(({ type }) => type === 'user-message')
      .reduce((words, { text }) => words + text.split(/\s+/).filter(Boolean).length, 0),
    states_visited: [...new Set(states)],
  };
}

/** Runs analyses over a stored conversation. */
export class Analyst {
  readonly #store: ConversationStore;
  readonly #messages: MessageReader;
  readonly #reasoner: Reasoner;

  constructor(store: ConversationStore, messages: MessageReader, reasoner: Reasoner) {
    this.#store = store;
    this.#messages = messages;
    this.#reasoner = reasoner;
  }

  /** The result of one analysis. */
  async run(type: PostProcessing, record: ConversationRecord): Promise<unknown> {
    const messages = this.#messages.window(ANALYSED_MESSAGES);
    switch (type) {
      case 'extract-memories':
        return this.#reasoner.extractMemories(transcriptOf(messages));
      case 'generate-user-models': {
        const memories = await this.#reasoner.extractMemories(transcriptOf(messages));
        return { name: record.identity.user_name, statements: memories.map(({ text }) => text) };
      }
      case 'compute-metrics': {
        const states = this.#store
          .logs()
          .flatMap(({ transitions, state }) => [
            ...transitions.map(({ previous_state }) => previous_state),
            state,
          ]);
        return metrics(record, messages, states);
      }
    }
  }
}
