/** The turns of a conversation: the visitor's messages are sent one after the other, and each answer is followed. */
import type { TurnState } from '../../src/contract/turns.ts';
import { newCourse, type AnswerEvent, type Course } from '../api/client.ts';
import { ApiError } from '../api/request.ts';
import { fill } from '../words/words.ts';
import { Answer, type Completion } from './answer.ts';
import type { ChatParts } from './chat-parts.ts';
import type { KeptAnswer } from './kept-answers.ts';
import type { Outgoing } from './outbox.ts';
import { Patience } from './patience.ts';
import type { Queue } from './queue.ts';
import type { Thread } from './thread.ts';

/** The chat around the turns. */
export interface TurnsOwner {
  queue: Queue;
  thread: Thread;
  /** Waiting has begun or ended. */
  onWaiting: () => void;
  /** The agent has ended the conversation. */
  onEnd: (conversation: string) => void;
  /** An answer is whole. */
  onAnswered: () => void;
}

/** Sends messages and follows answers, with the patience that a network needs. */
export class Turns {
  readonly patience: Patience;
  readonly #parts: ChatParts;
  readonly #owner: TurnsOwner;
  /** True while something waits: for the network, a limit, or another turn. */
  isWaiting = false;
  /** The turn whose answer is on its way; `null` when none is. */
  #course: Course | null = null;
  #answer: Answer | null = null;

  constructor(parts: ChatParts, owner: TurnsOwner) {
    this.#parts = parts;
    this.#owner = owner;
    this.patience = new Patience(parts, (error) => this.#showWaiting(error));
    parts.answers.current = () => this.#kept();
  }

  /** Ends the agent's answer. What was shown of it stays. */
  stop(): void {
    const { api, view } = this.#parts;
    if (this.#course?.interaction == null) return;
    const shown = Array.from(view.transcript.draft).length;
    // Should it not get through, the answer goes on, which is seen.
    api.stop(this.#course, shown).catch(() => undefined);
  }

  /** Brings one message to the API. It is named by its key, so that it is said once, however often it is sent. */
  deliver(item: Outgoing): Promise<void> {
    const { api, answers } = this.#parts;
    const { queue, thread } = this.#owner;
    const { conversation, key } = item;
    const kept = answers.take({ key });
    if (kept !== null) thread.conversation ??= kept.conversation;
    if (kept !== null && thread.knows(kept.interaction)) {
      // It was answered while the page was away.
      queue.drop(item);
      return Promise.resolve();
    }
    const [course, answer] = [courseOf(conversation, kept), this.answerTo(item, kept)];
    return this.patience.repeat(async () => {
      // The visitor may have removed it while it waited.
      if (queue.first !== item) return;
      queue.messageOf(item)?.setNote(null);
      await this.follow(answer, course, () =>
        conversation === null
          ? api.create(item.text, key)
          : api.interact(conversation, item.recording ?? item.text, key),
      );
      // It was known already, from the messages that were read.
      if (queue.first === item) queue.drop(item);
    });
  }

  /** Follows a turn that runs in the conversation and is not this window's. */
  async watch(turn: TurnState | null): Promise<void> {
    const { thread } = this.#owner;
    const { conversation } = thread;
    const interaction = turn?.interaction_id;
    if (conversation === null || interaction == null || thread.knows(interaction)) return;
    const kept = this.#parts.answers.take({ interaction });
    const course = { ...courseOf(conversation, kept), interaction };
    const answer = this.answerTo(null, kept, () => undefined);
    const gone = () => Promise.reject(new ApiError(404, { code: 'interaction_void' }));
    await this.patience
      .repeat(() => this.follow(answer, course, gone))
      .catch((error: unknown) => {
        answer.drop();
        // What failed there is told there.
        if (!(error instanceof ApiError)) throw error;
      });
  }

  /** Makes what shows the answer to a message. `tell` tells other windows that it has begun. */
  answerTo(item: Outgoing | null, kept: KeptAnswer | null = null, tell = this.#parts.tellTabs): Answer {
    const { view, words, speaker, site } = this.#parts;
    return new Answer({
      ...{ view, words, kept },
      key: item?.key ?? '',
      question: item === null ? null : this.#owner.queue.messageOf(item),
      speaker: item?.recording == null ? null : speaker,
      showsActions: () => site.showsActions,
      onBegin: (event) => this.#begin(event, tell),
      onComplete: (completion) => this.#complete(completion, item),
    });
  }

  /** Shows an answer to its end. `begin` asks for it and must be safe to repeat. */
  async follow(answer: Answer, course: Course, begin: () => Promise<Response>): Promise<void> {
    const { view, api } = this.#parts;
    const { thread, onWaiting, onAnswered } = this.#owner;
    this.isWaiting = false;
    onWaiting();
    this.#course = course;
    this.#answer = answer;
    view.setAnswering(true);
    try {
      await answer.follow(api.follow(course, begin));
    } catch (error) {
      if (error instanceof ApiError) {
        this.#answer = null;
        view.transcript.dropDraft();
      }
      // A conversation whose first turn failed does not exist, whatever its stream said first.
      if (error instanceof ApiError && thread.newest === null) thread.forget();
      throw error;
    } finally {
      this.#course = null;
      view.setAnswering(false);
    }
    this.#answer = null;
    onAnswered();
  }

  /** Returns the answer that is on its way, or was cut off, for the page that comes after this one. */
  #kept(): KeptAnswer | null {
    return this.#answer?.kept(this.#owner.thread.conversation) ?? null;
  }

  /** A turn has begun. Returns whether it is to be shown. */
  #begin(event: AnswerEvent, tell: () => void): boolean {
    const { thread } = this.#owner;
    if (event.type === 'conversation-created') thread.conversation = event.conversation_id;
    if (this.#course !== null) this.#course.conversation = thread.conversation;
    if ('interaction_id' in event && thread.knows(event.interaction_id)) return false;
    tell();
    return true;
  }

  /** A turn is stored: whatever happens now, it is not sent again. */
  #complete(completion: Completion, item: Outgoing | null): void {
    const { emit, tellTabs, view } = this.#parts;
    const { thread, queue, onEnd } = this.#owner;
    const { conversation, newest } = thread;
    if (conversation === null) return;
    thread.add(completion.interaction_id);
    view.showOpen(true);
    if (newest === null) emit('open', { conversation, resumed: false });
    if (item !== null) {
      const question = queue.messageOf(item);
      queue.settle(item);
      emit('message', { role: 'user', text: question?.text ?? item.text, id: question?.id ?? null });
    }
    emit('message', { role: 'agent', text: completion.full_message, id: completion.message_id });
    tellTabs();
    if (completion.conversation_completed) onEnd(conversation);
  }

  /** Says why it takes long; `null`: for want of a network. */
  #showWaiting(error: unknown): void {
    const { view, words } = this.#parts;
    this.isWaiting = true;
    this.#owner.onWaiting();
    this.#owner.queue.explainWaiting();
    view.transcript.dropDraft();
    if (error instanceof ApiError && error.code === 'operation_in_progress')
      view.notice.show({ words: () => fill(words.busyElsewhere, { agent: view.agentName }), remedy: 'none' });
  }
}

/** Returns the course of a turn that a kept answer is of, or of one that has not begun. */
function courseOf(conversation: string | null, kept: KeptAnswer | null): Course {
  if (kept === null) return newCourse(conversation);
  return { conversation: kept.conversation, interaction: kept.interaction, cursor: kept.cursor };
}
