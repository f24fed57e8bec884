import { DurableObject } from 'cloudflare:workers';
import type { Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import type { ConversationMetrics, InteractionInsights } from '../contract/insights.ts';
import type { BusyPolicy, StoppedTurn, TruncatedMessage, TurnState } from '../contract/turns.ts';
import type { Outcome } from '../problems.ts';
import type { Tags } from '../registry/primitives.ts';
import { compose, type Composition } from './composition.ts';
import { layFoundation } from './foundation.ts';
import type { MessagePage, MessageQuery } from './messages.ts';
import type { StoredRecording } from './recording-table.ts';
import type { Replay, ReplayQuery } from './replay.ts';
import type { Standing } from './reservation.ts';
import type { Heard } from './turns/stop.ts';
import { surroundingsOf, type ConversationParts } from './surroundings.ts';

type Erasure = Composition['erasure'];
type Forgetting = Composition['forgetting'];

/**
 * One conversation: its messages, its place in the graph, and the one turn that may run at a time. A shell: it composes
 * its parts and hands each call to the part that answers it.
 */
export class Conversation extends DurableObject<Env> {
  readonly #parts: Composition;

  constructor(ctx: DurableObjectState, env: Env, parts: Partial<ConversationParts> = {}) {
    super(ctx, env);
    this.#parts = compose(layFoundation(ctx, env), surroundingsOf(env, parts));
  }

  /** Answers a request for a turn or its events: 200 with the stream of events, or 400 with the problem as JSON. */
  override async fetch(request: Request): Promise<Response> {
    const outcome = await this.#parts.turns.receive(request);
    if (outcome.ok) return new Response(outcome.value.readable, { headers: outcome.value.headers });
    return Response.json(outcome.problem, { status: 400 });
  }

  override async alarm(): Promise<void> {
    const { duties, running, turns } = this.#parts;
    await duties.run(() => {
      turns.recover();
      return running.isRunning;
    });
  }

  /** Returns how the conversation stands: see `Creation.standing`. */
  standing(createdAt: number): Standing {
    return this.#parts.turns.standing(createdAt);
  }

  /** Returns whether a turn runs: see `turnState`. */
  turnState(caller: Caller): Promise<Outcome<TurnState>> {
    return this.#parts.turns.state(caller);
  }

  /** Stops a turn: see `Stopping.stop`. */
  stopInteraction(caller: Caller, interactionId: string, heard: Heard): Promise<Outcome<StoppedTurn>> {
    return this.#parts.turns.stop(caller, interactionId, heard);
  }

  /** Cuts the newest message: see `Stopping.truncate`. */
  truncateMessage(caller: Caller, messageId: string, heard: Heard): Promise<Outcome<TruncatedMessage>> {
    return this.#parts.turns.truncate(caller, messageId, heard);
  }

  /** Prepares for a recording that answers this conversation: see `Interactions.expectRecording`. */
  expectRecording(
    caller: Caller,
    key: string | null = null,
    if_busy?: BusyPolicy,
  ): Promise<Outcome<{ key: string | null }>> {
    return this.#parts.turns.expectRecording(caller, key, if_busy);
  }

  /** Notes the multipart upload that brings an expected recording, so that it can be ended if its sender dies. */
  noteUpload(key: string, uploadId: string): void {
    this.#parts.recordings.noteUpload(key, uploadId);
  }

  /** Returns a page of messages: see `ConversationReads.messages`. */
  messages(caller: Caller, query: MessageQuery): Promise<Outcome<MessagePage>> {
    return this.#parts.reads.messages(caller, query);
  }

  /** Returns the recording of a message: see `ConversationReads.recording`. */
  recording(caller: Caller, messageId: string): Promise<Outcome<StoredRecording>> {
    return this.#parts.reads.recording(caller, messageId);
  }

  /** Returns the metrics of the conversation: see `ConversationReads.metrics`. */
  metrics(caller: Caller): Promise<Outcome<ConversationMetrics>> {
    return this.#parts.reads.metrics(caller);
  }

  /** Returns the insights of an interaction: see `ConversationReads.insights`. */
  insights(caller: Caller, interactionId: string): Promise<Outcome<InteractionInsights>> {
    return this.#parts.reads.insights(caller, interactionId);
  }

  /** Returns a page of what the agent did: see `ConversationReads.replay`. */
  replay(caller: Caller, query: ReplayQuery): Promise<Outcome<Replay>> {
    return this.#parts.reads.replay(caller, query);
  }

  /** Returns what the user could say next: see `ConversationReads.recommendResponses`. */
  recommendResponses(caller: Caller, interactionId: string, context: string): Promise<Outcome<string[]>> {
    return this.#parts.reads.recommendResponses(caller, interactionId, context);
  }

  /** Ends the conversation: see `ConversationChanges.finish`. */
  finish(caller: Caller, key: string | null = null): Promise<Outcome<null>> {
    return this.#parts.changes.finish(caller, key);
  }

  /** Returns a page of everything that is stored: see `ConversationExport.page`. */
  exportPage(caller: Caller, cursor: string): ReturnType<Composition['reads']['exports']['page']> {
    return this.#parts.reads.exports.page(caller, cursor);
  }

  /** Erases the conversation: see `Erasure.erase`. */
  erase(caller: Caller): ReturnType<Erasure['erase']> {
    return this.#parts.erasure.erase(caller);
  }

  /** Erases the conversation for a cause that no caller has: see `Erasure.eraseFor`. */
  eraseFor(cause: Parameters<Erasure['eraseFor']>[0]): ReturnType<Erasure['eraseFor']> {
    return this.#parts.erasure.eraseFor(cause);
  }

  /** Removes what the conversation has of its user from elsewhere: see `Forgetting.forgetKnowledge`. */
  forgetKnowledge(): ReturnType<Forgetting['forgetKnowledge']> {
    return this.#parts.forgetting.forgetKnowledge();
  }

  /** Removes the name of the user: see `Forgetting.anonymise`. */
  anonymise(): ReturnType<Forgetting['anonymise']> {
    return this.#parts.forgetting.anonymise();
  }

  /** Removes recordings whose time is over: see `Forgetting.eraseRecordings`. */
  eraseRecordings(before: number): ReturnType<Forgetting['eraseRecordings']> {
    return this.#parts.forgetting.eraseRecordings(before);
  }

  /** Changes the tags: see `ConversationChanges.modifyTags`. */
  modifyTags(caller: Caller, updates: Tags, deletes: string[]): Promise<Outcome<null>> {
    return this.#parts.changes.modifyTags(caller, updates, deletes);
  }
}
