/** The result of each analysis of a finished conversation. */
import type { FinishedConversation, Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import type { PostProcessing } from '../contract/conversations.ts';
import type { Memory } from '../memory/memory.ts';
import type { Catalog } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import { memoryFor } from './adopter.ts';
import { modelPreferences } from './agent-input.ts';
import type { MessageReader } from './messages.ts';
import { computeMetrics, type Course } from './metrics.ts';
import type { ConversationRecord, MessageRecord } from './records.ts';
import type { ConversationStore } from './store.ts';
import { utteranceOf } from './utterances.ts';

/** The analyses look at this much of a conversation: its newest part. */
const ANALYSED_MESSAGES = 2_000;
const ANALYSED_BYTES = 1024 * 1024;
/** The number of times that a user model is made again because another conversation changed it meanwhile. */
const MAX_MERGES = 3;

/** The parts that an analysis reads from. */
export interface AnalysisSources {
  env: Env;
  store: ConversationStore;
  messages: MessageReader;
  registry: RegistryReader;
  /** The reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
}

/** One analysis: its conversation, and the means with which it thinks. */
export interface Analysis extends Pick<FinishedConversation, 'signal' | 'meter'> {
  type: PostProcessing;
  record: ConversationRecord;
  messages: readonly MessageRecord[];
  /** True when the economical models are to be used. */
  isEconomical: boolean;
}

/** Returns the messages that analyses look at. */
export function analysedMessages(messages: MessageReader): MessageRecord[] {
  return messages.window(ANALYSED_MESSAGES, ANALYSED_BYTES);
}

/** Returns the result of one analysis. What it teaches about the user goes to their memory, once. */
export async function resultOf(
  sources: AnalysisSources,
  { type, record, messages, isEconomical, ...thinking }: Analysis,
): Promise<unknown> {
  const { organization, user_id, user_name, id, anonymous } = record.identity;
  if (anonymous === true && type !== 'compute-metrics') return type === 'extract-memories' ? [] : '';
  const catalog = await sources.registry.catalog(organization);
  const reasoner = sources.reasoner(catalog);
  const { owner, memory } = await memoryFor(sources.env, record.identity);
  const timezone = await sources.registry.timezone(organization, user_id);
  const conversation = (model: string | null): FinishedConversation => ({
    user: { name: user_name, model },
    transcript: messages.map((message) => ({
      ...utteranceOf({ type: message.type, text: message.text }),
      id: message.id,
    })),
    models: modelPreferences(catalog, record.identity, isEconomical),
    ...thinking,
    clock: { now: record.last_at, timezone },
  });
  switch (type) {
    case 'extract-memories': {
      const memories = await reasoner.extractMemories(conversation(await memory.model()));
      await memory.learn(id, memories);
      // A visitor who was adopted meanwhile: the copy of their memories may not have these.
      const latest = await memoryFor(sources.env, record.identity);
      if (latest.owner !== owner) await latest.memory.learn(id, memories);
      return memories;
    }
    case 'generate-user-models':
      return mergeUserModel(memory, id, (model) => reasoner.userModel(conversation(model)));
    case 'compute-metrics': {
      const course = courseOf(sources.store, record, messages);
      return computeMetrics(catalog.metrics, course, conversation(null), reasoner);
    }
  }
}

function courseOf(
  store: ConversationStore,
  record: ConversationRecord,
  messages: readonly MessageRecord[],
): Course {
  const first = messages[0]?.created_at ?? record.last_at;
  return {
    completed: record.completed,
    num_interactions: record.last_interaction,
    num_messages: record.num_messages,
    duration_seconds: (record.last_at - first) / 1000,
    states: store
      .logs()
      .flatMap(({ transitions, state }) => [
        ...transitions.map(({ previous_state }) => previous_state),
        state,
      ])
      .toArray(),
  };
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
