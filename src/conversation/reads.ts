import type { Caller, Permission } from '../access/permissions.ts';
import { failure, outcomeOf, success, type Outcome } from '../problems.ts';
import type { ConversationAccess } from './access.ts';
import { maySeeMessages } from './admission.ts';
import { ConversationExport } from './export.ts';
import { insightsOf } from './insights.ts';
import { metricsOf } from './metrics.ts';
import type { MessagePage, MessageQuery, MessageReader } from './messages.ts';
import type { StoredRecording } from './recording-table.ts';
import type { Recommendations } from './recommendations.ts';
import type { Recordings } from './recordings.ts';
import type { ConversationRecord, MessageRecord } from './records.ts';
import { REPLAY_PERMISSIONS, replayOf, type Replay, type ReplayQuery } from './replay.ts';
import type { ConversationStore } from './store.ts';
import type { RunningTurn } from './turns/running-turn.ts';

/** The parts that the questions to a conversation need. */
export interface ReadParts {
  sql: SqlStorage;
  access: ConversationAccess;
  store: ConversationStore;
  messages: MessageReader;
  recordings: Recordings;
  recommendations: Recommendations;
  running: RunningTurn;
}

/** Answers questions about the conversation, each for a caller who may ask it. */
export class ConversationReads {
  readonly exports: ConversationExport;
  readonly #parts: ReadParts;

  constructor(parts: ReadParts) {
    this.#parts = parts;
    this.exports = new ConversationExport(parts);
  }

  /** Returns a page of the messages that the caller may see. */
  async messages(caller: Caller, query: MessageQuery): Promise<Outcome<MessagePage>> {
    const opened = await this.#open(caller, []);
    if (!opened.ok) return opened;
    const types = query.types.filter((type) => maySeeMessages(opened.value, caller, type));
    return success(this.#parts.messages.page({ ...query, types }));
  }

  /** Returns the recording behind a voice message, for a caller who may see the message. */
  async recording(caller: Caller, messageId: string): Promise<Outcome<StoredRecording>> {
    const found = await this.#message(caller, messageId);
    if (!found.ok) return found;
    const { format, sequence } = found.value;
    const recording = format === 'voice' ? this.#parts.recordings.of(sequence) : null;
    if (recording !== null) return success(recording);
    if (format === 'voice')
      return failure('recording_not_found', 'The recording was removed: its time is over.');
    return failure('message_is_text', 'The message is a text message: there is no audio behind it.');
  }

  /** Returns what the agent did and noted in an interaction. */
  async insights(caller: Caller, interactionId: string): Promise<Outcome<ReturnType<typeof insightsOf>>> {
    const opened = await this.#open(caller, [
      'Conversation:GetInteractionInsights',
      'Organization:GetServiceHierarchicalStateMachine',
    ]);
    if (!opened.ok) return opened;
    const interaction = this.#parts.store.interaction(interactionId);
    if (interaction === null) return failure('interaction_not_found', 'There is no such interaction.');
    const seesThoughts = maySeeMessages(opened.value, caller, 'agent-inner-thought');
    const isCut = this.#parts.messages.isCut(interaction.last_message);
    return success(insightsOf(interaction, { isCut, seesThoughts }));
  }

  /** Returns the metrics of the conversation. They are computed after its end. */
  async metrics(caller: Caller): Promise<Outcome<ReturnType<typeof metricsOf>>> {
    const opened = await this.#open(caller, ['Conversation:GetInteractionInsights']);
    return opened.ok ? success(metricsOf(this.#parts.store, opened.value)) : opened;
  }

  /** Returns what the agent did in each interaction, by page, so that the workbench can show it again. */
  async replay(caller: Caller, query: ReplayQuery): Promise<Outcome<Replay>> {
    const opened = await this.#open(caller, REPLAY_PERMISSIONS);
    if (!opened.ok) return opened;
    const { sql, store, messages } = this.#parts;
    return success({
      ...replayOf(sql, messages, opened.value, caller, query),
      metrics: metricsOf(store, opened.value),
    });
  }

  /** Returns what the user could say next. Reads what is committed and changes nothing: a turn may begin meanwhile. */
  async recommendResponses(
    caller: Caller,
    interactionId: string,
    context: string,
  ): Promise<Outcome<string[]>> {
    const opened = await this.#open(caller, ['Conversation:GetRecommendedResponses']);
    if (!opened.ok) return opened;
    const { store, running, recommendations } = this.#parts;
    const { state, last_interaction } = opened.value;
    if (state !== 'open') return failure('interaction_not_latest', 'The conversation is finished.');
    const latest = store.interactionAt(last_interaction);
    if (running.isRunning || latest?.id !== interactionId) {
      return failure('interaction_not_latest', 'The interaction is not the latest completed one.');
    }
    return outcomeOf(recommendations.make(opened.value, context).then(success));
  }

  async #message(caller: Caller, id: string): Promise<Outcome<MessageRecord>> {
    const opened = await this.#open(caller, []);
    if (!opened.ok) return opened;
    const message = this.#parts.messages.byId(id);
    if (message === null) return failure('message_not_found', 'There is no such message.');
    if (!maySeeMessages(opened.value, caller, message.type)) {
      return failure(
        'permission_missing',
        'This requires the permission Conversation:GetMessage on the message.',
      );
    }
    return success(message);
  }

  async #open(caller: Caller, permissions: readonly Permission[]): Promise<Outcome<ConversationRecord>> {
    const { access } = this.#parts;
    return access.open(caller, await access.shownTo(caller), permissions);
  }
}
