import { DurableObject } from 'cloudflare:workers';
import type { Reasoner } from '../agent/reasoner.ts';
import type { Caller, Permission } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import type { InteractionInsights } from '../contract/insights.ts';
import { failure, outcomeOf, success, type Outcome } from '../problems.ts';
import { MAX_TAGS, type Tags } from '../registry/primitives.ts';
import type { Catalog } from '../registry/organization.ts';
import { RegistryReader } from '../registry/reader.ts';
import { speechOf } from '../speech/configured.ts';
import type { Speech } from '../speech/ports.ts';
import { conversationNotFound, maySeeMessages, refuseAccess } from './admission.ts';
import { Afterwards } from './afterwards.ts';
import { Alarm } from './alarm.ts';
import { Analyst } from './analysis.ts';
import { logConversationChange } from './audit.ts';
import { insightsOf } from './insights.ts';
import { MessageReader, type MessagePage, type MessageQuery } from './messages.ts';
import { OwnerVisibility } from './owner.ts';
import { memoryPort, reasonerOf, toolsOf } from './reasoner.ts';
import type { ConversationRecord, MessageRecord } from './records.ts';
import { Recommendations } from './recommendations.ts';
import { REPLAY_PERMISSIONS, replayOf, type Replay, type ReplayQuery } from './replay.ts';
import type { TurnRequest } from './requests.ts';
import { standingOfNothing, type Standing } from './reservation.ts';
import type { StoredRecording } from './recording-table.ts';
import { ConversationStore } from './store.ts';
import { TURN_DEADLINE_MS } from './turn.ts';
import { TurnQueue } from './turn-queue.ts';
import { Voice } from './voice.ts';

/** What a conversation can be given other than the usual, to build it in another setting. */
export interface ConversationParts {
  reasoner: Reasoner;
  speech: Speech;
  deadlineMs: number;
}

/**
 * One conversation: its messages, its place in the graph, and the one turn that may run at a time. A shell: turns
 * are `TurnQueue`'s, what happens after them is `Afterwards`', and what is stored is `ConversationStore`'s.
 */
export class Conversation extends DurableObject<Env> {
  readonly #store: ConversationStore;
  readonly #messages: MessageReader;
  readonly #registry: RegistryReader;
  readonly #reasoner: (catalog: Catalog) => Reasoner;
  readonly #owner: OwnerVisibility;
  readonly #alarm: Alarm;
  readonly #afterwards: Afterwards;
  readonly #recommendations: Recommendations;
  readonly #turns: TurnQueue;

  constructor(ctx: DurableObjectState, env: Env, parts: Partial<ConversationParts> = {}) {
    super(ctx, env);
    this.#store = new ConversationStore(ctx.storage);
    this.#messages = new MessageReader(ctx.storage);
    this.#registry = new RegistryReader(env.REGISTRY);
    this.#owner = new OwnerVisibility(this.#store, this.#registry);
    const { reasoner, deadlineMs = TURN_DEADLINE_MS } = parts;
    this.#reasoner = reasoner === undefined ? (catalog) => reasonerOf(env, catalog) : () => reasoner;
    const analyst = new Analyst(env, this.#store, this.#messages, this.#registry, this.#reasoner);
    this.#alarm = new Alarm(ctx);
    this.#afterwards = new Afterwards(ctx.storage, env, this.#store, this.#messages, analyst, this.#alarm);
    this.#recommendations = new Recommendations(this.#registry, this.#messages, this.#reasoner, deadlineMs);
    this.#turns = new TurnQueue(ctx, this.#store, this.#afterwards, {
      registry: this.#registry,
      messages: this.#messages,
      reasoner: this.#reasoner,
      tools: (catalog, caller) => toolsOf(env, catalog, caller),
      memory: (identity) => memoryPort(env, identity),
      voice: new Voice(this.#registry, () => parts.speech ?? speechOf(env)),
      recordings: this.#afterwards.recordings,
      deadlineMs,
    });
  }

  /** Takes a turn (a `TurnRequest`): 200 with its stream of events, or 409 and so on with the problem as JSON. */
  override async fetch(request: Request): Promise<Response> {
    const outcome = await this.#turns.take(await request.json<TurnRequest>());
    if (outcome.ok) return new Response(outcome.value);
    return Response.json(outcome.problem, { status: 400 });
  }

  override async alarm(): Promise<void> {
    await this.#afterwards.alarm(this.#turns.running !== null);
  }

  /**
   * How this conversation, whose identifier is `id`, stands, for a create of the same user and service that finds it in
   * its way. One whose create died is gone, and cleans up after the answer.
   */
  standing(id: string): Standing {
    const record = this.#store.load();
    if (record !== null && record.state !== 'creating') {
      return this.#afterwards.standing(record, record.state);
    }
    if (this.#turns.running !== null) return { kind: 'creating' };
    if (record === null) return standingOfNothing(id, Date.now());
    this.#alarm.arm(0);
    return { kind: 'gone' };
  }

  async messages(caller: Caller, query: MessageQuery): Promise<Outcome<MessagePage>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), []);
    if (!access.ok) return access;
    const types = query.types.filter((type) => maySeeMessages(access.value, caller, type));
    return success(this.#messages.page({ ...query, types }));
  }

  async #message(caller: Caller, id: string): Promise<Outcome<MessageRecord>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), []);
    if (!access.ok) return access;
    const message = this.#messages.byId(id);
    if (message === null) return failure('message_not_found', 'There is no such message.');
    if (!maySeeMessages(access.value, caller, message.type)) {
      return failure(
        'permission_missing',
        'This requires the permission Conversation:GetMessage on the message.',
      );
    }
    return success(message);
  }

  /** Prepares for a recording that answers this conversation: the key under which it is to be stored. */
  expectRecording(caller: Caller): Promise<Outcome<{ key: string }>> {
    return this.#turns.expectRecording(caller);
  }

  /** Notes the multipart upload that brings an expected recording, so that it can be ended if its sender dies. */
  noteUpload(key: string, uploadId: string): void {
    this.#afterwards.recordings.noteUpload(key, uploadId);
  }

  /** The recording behind a voice message, for a caller who may see the message. */
  async recording(caller: Caller, messageId: string): Promise<Outcome<StoredRecording>> {
    const found = await this.#message(caller, messageId);
    if (!found.ok) return found;
    const { format, sequence } = found.value;
    const recording = format === 'voice' ? this.#afterwards.recordings.of(sequence) : null;
    if (recording !== null) return success(recording);
    return failure('message_is_text', 'The message is a text message: there is no audio behind it.');
  }

  async insights(caller: Caller, interactionId: string): Promise<Outcome<InteractionInsights>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), [
      'Conversation:GetInteractionInsights',
      'Organization:GetServiceHierarchicalStateMachine',
    ]);
    if (!access.ok) return access;
    const interaction = this.#store.interaction(interactionId);
    if (interaction === null) return failure('interaction_not_found', 'There is no such interaction.');
    return success(insightsOf(interaction, maySeeMessages(access.value, caller, 'agent-inner-thought')));
  }

  /** What the agent did in each interaction, by page, so that the workbench can show it again. */
  async replay(caller: Caller, query: ReplayQuery): Promise<Outcome<Replay>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), REPLAY_PERMISSIONS);
    return access.ok ? success(replayOf(this.ctx.storage.sql, access.value, caller, query)) : access;
  }

  /** What the user could say next. Reads what is committed and changes nothing, so a turn may begin meanwhile. */
  async recommendResponses(
    caller: Caller,
    interactionId: string,
    context: string,
  ): Promise<Outcome<string[]>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), [
      'Conversation:GetRecommendedResponses',
    ]);
    if (!access.ok) return access;
    const { state, last_interaction } = access.value;
    if (state !== 'open') return failure('interaction_not_latest', 'The conversation is finished.');
    const latest = this.#store.interactionAt(last_interaction);
    if (this.#turns.running !== null || latest?.id !== interactionId) {
      return failure('interaction_not_latest', 'The interaction is not the latest completed one.');
    }
    return outcomeOf(this.#recommendations.make(access.value, context).then(success));
  }

  /**
   * Ends the conversation and begins its analysis. On a finished one, takes up what is undone: an analysis that failed,
   * or a list that does not know the end.
   */
  async finish(caller: Caller): Promise<Outcome<null>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), [
      'User:UpdateUserInfo',
      'Conversation:FinishConversation',
    ]);
    if (!access.ok) return access;
    const busy = this.#turns.refuseWhileRunning();
    if (busy !== null) return { ok: false, problem: busy };
    const record = access.value;
    if (record.state === 'finished' && !(await this.#afterwards.resume(record, caller.request_id))) {
      return failure('conversation_finished', 'The conversation is already finished.');
    }
    if (record.last_interaction === 0) {
      return failure('conversation_without_interactions', 'The conversation has no interactions.');
    }
    // It is stored before anything is awaited, and logged then: the process may die while the list is told.
    const told = record.state === 'open' ? this.#afterwards.finish(record, caller.request_id) : null;
    logConversationChange('finish-conversation', record.identity, caller);
    await told;
    return success(null);
  }

  /** Deletes tags, then sets tags; all of it or, when that would make too many, nothing. */
  async modifyTags(caller: Caller, updates: Tags, deletes: string[]): Promise<Outcome<null>> {
    const access = this.#access(caller, await this.#owner.shownTo(caller), [
      'Conversation:ModifyConversation',
    ]);
    if (!access.ok) return access;
    const record = access.value;
    const gone = new Set(deletes);
    const kept = Object.entries(record.tags).filter(([key]) => !gone.has(key));
    const tags = { ...Object.fromEntries(kept), ...updates };
    if (Object.keys(tags).length > MAX_TAGS) {
      return failure('too_many_tags', `A conversation has at most ${MAX_TAGS} tags.`);
    }
    const changed = { ...record, tags, revision: record.revision + 1 };
    const told = this.#afterwards.changed(changed, caller.request_id);
    logConversationChange('modify-tags-of-conversation', record.identity, caller);
    await told;
    return success(null);
  }

  /**
   * The conversation, for a caller who may see it and has all the permissions. `visible` is what `#owner` says. It
   * awaits nothing, so that what is decided still holds when it is acted upon.
   */
  #access(caller: Caller, visible: boolean, permissions: readonly Permission[]): Outcome<ConversationRecord> {
    const record = this.#store.load();
    if (record === null) return { ok: false, problem: conversationNotFound() };
    const refused = refuseAccess(record, caller, visible, permissions);
    if (refused !== null) return { ok: false, problem: refused };
    // A conversation without a committed turn is known only to the turn that makes it.
    if (record.state === 'creating') {
      return { ok: false, problem: this.#turns.refuseWhileRunning() ?? conversationNotFound() };
    }
    return success(record);
  }
}
