/** The conversation: what the visitor does becomes requests, and what the API answers becomes what is shown. */
import type { TurnState } from '../../src/contract/turns.ts';
import { newCourse, type AnswerEvent, type ConversationApi, type Course } from '../api/client.ts';
import { ApiError } from '../api/request.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { Remedy } from '../words/problems.ts';
import { fill, type Words } from '../words/words.ts';
import { Answer, type Completion, type Speaker } from './answer.ts';
import type { Emit } from './events.ts';
import { newKey, type Outbox, type Outgoing } from './outbox.ts';
import { Patience } from './patience.ts';
import { Queue } from './queue.ts';
import { Thread } from './thread.ts';
import type { Waiting } from './waiting.ts';

/** The settings of the site that the conversation depends on. */
export interface ChatSettings {
  /** The facets of the starters; `null`: the agent speaks first. */
  readonly starters: string[] | null;
  readonly showsActions: boolean;
}

/** The parts that a chat is composed of. */
export interface ChatParts {
  api: ConversationApi;
  view: ChatView;
  words: Words;
  outbox: Outbox;
  waiting: Waiting;
  signal: AbortSignal;
  emit: Emit;
  /** Tells other windows that something has changed. */
  tellTabs: () => void;
  /** The speaker of the answer to a recording. */
  speaker: Speaker | null;
  site: ChatSettings;
  /** The visitor is known to be this user, from before the first request about a conversation. */
  onUser: (user: string) => void;
}

const VOICE_REFUSALS = ['voice_not_configured', 'agent_without_voice', 'language_without_voice'];

/** Sends the visitor's messages one after the other and follows the answers. */
export class Chat {
  readonly #parts: ChatParts;
  readonly #patience: Patience;
  readonly #queue: Queue;
  readonly #thread: Thread;
  #pending = 0;
  #isWaiting = false;
  #isEnded = false;
  /** The turn whose answer is on its way; `null` when none is. */
  #course: Course | null = null;
  /** Another window has changed something. */
  #isTold = false;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#queue = new Queue(parts.outbox, parts.view, parts.words);
    this.#thread = new Thread(parts.api, parts.view, parts.emit);
    this.#patience = new Patience(parts, (error) => this.#showWaiting(error));
  }

  /** Resumes the unfinished conversation, or begins one. */
  open(): Promise<void> {
    return this.#exclusively(() => {
      this.#thread.forget();
      return this.#open(true);
    });
  }

  /** Begins a conversation after the end of another. */
  startNew(): Promise<void> {
    this.#parts.speaker?.stop();
    return this.#exclusively(async () => {
      this.#thread.forget();
      this.#isEnded = false;
      this.#parts.view.transcript.show([]);
      this.#parts.view.showOpen(false);
      this.#parts.view.focusWriting();
      await this.#open(true);
    });
  }

  /** Sends a text, or a recording that `text` stands for until it is understood. Resolves when it was answered. */
  send(text: string, recording: Blob | null = null): Promise<void> {
    const { site, speaker, outbox, view } = this.#parts;
    const { conversation } = this.#thread;
    const mayBegin = site.starters !== null || this.#pending > 0;
    if (this.#isEnded || (conversation === null && !mayBegin)) return Promise.resolve();
    speaker?.stop();
    this.#queue.show(outbox.add({ text, recording, conversation }));
    view.focusWriting();
    return this.#exclusively(() => this.#deliverAll());
  }

  finish(): Promise<void> {
    this.#parts.speaker?.stop();
    const key = newKey();
    return this.#exclusively(async () => {
      const { conversation } = this.#thread;
      if (conversation === null) return;
      await this.#patience.repeat(() => this.#parts.api.finish(conversation, key));
      this.#showEnd(conversation);
      this.#parts.tellTabs();
    });
  }

  /** Ends the agent's answer. What was shown of it stays. */
  stop(): void {
    const { api, view, speaker } = this.#parts;
    speaker?.stop();
    if (this.#course?.interaction == null) return;
    const shown = Array.from(view.transcript.draft).length;
    // Should it not get through, the answer goes on, which is seen.
    api.stop(this.#course, shown).catch(() => undefined);
  }

  /** Another window has changed something. */
  refresh(): void {
    this.#isTold = true;
    this.#parts.waiting.wake();
    if (this.#pending === 0) this.#afterWork();
  }

  remedy(remedy: Remedy): void {
    this.#parts.view.focusWriting();
    if (this.#pending > 0) this.#parts.waiting.wake();
    else if (remedy === 'start-new') void this.startNew();
    else void this.open();
  }

  /** Tries again what failed for want of a token, after the source of tokens has changed. */
  retry(): void {
    if (this.#pending > 0) this.#parts.waiting.wake();
    else if (this.#thread.conversation === null && !this.#isEnded) void this.open();
    else this.#parts.view.notice.clear();
  }

  /** Finds out who the agent is, once the site does not say it (any more). */
  learnAgentName(): Promise<void> {
    return this.#thread.learnAgentName();
  }

  get conversation(): string | null {
    return this.#thread.conversation;
  }

  /** Reads what others have changed. Where no conversation is unfinished, `begins` one. */
  async #open(begins: boolean): Promise<void> {
    const { view, words, api, site, onUser } = this.#parts;
    const [course, key, answer] = [newCourse(null), newKey(), this.#answerTo(null)];
    let turn: TurnState | null = null;
    if (begins) view.say(words.opening);
    await this.#patience.repeat(async () => {
      onUser(await api.user());
      this.#isTold = false;
      turn = await this.#find(course);
      const { conversation } = this.#thread;
      if (turn !== null) return;
      if (conversation !== null && course.interaction === null) this.#showEnd(conversation);
      if (!begins) return;
      this.#queue.showAll(null);
      view.showOpen(false);
      if (site.starters !== null) return;
      view.transcript.show([]);
      await this.#follow(answer, course, () => api.create(null, key));
    });
    await this.#deliverAll();
    await this.#watch(turn);
    if (turn !== null) void this.#suggest();
    else if (begins) void this.#showStarters();
  }

  /** Finds the unfinished conversation, and shows what is stored of it. Returns what it does now; `null` without one. */
  async #find({ interaction }: Course): Promise<TurnState | null> {
    const { api } = this.#parts;
    const { conversation } = this.#thread;
    // One that this page is just beginning is gone on with.
    if (interaction !== null) return null;
    if (conversation !== null) {
      const turn = await api.turn(conversation);
      const { last_interaction_id: last } = turn;
      const isBehind = this.#thread.isStale || (last !== null && !this.#thread.knows(last));
      if (!turn.is_finished && isBehind) await this.#thread.update(conversation);
      if (!turn.is_finished) return turn;
    }
    const unfinished = await api.unfinishedConversation();
    if (unfinished === null) return null;
    // Asked first: what ends in between is in the messages.
    const turn = await api.turn(unfinished);
    await this.#thread.show(unfinished);
    this.#isEnded = false;
    this.#queue.showAll(unfinished);
    return turn;
  }

  /** A help and nothing more: without them one can write as well, so a failure is not told. */
  async #showStarters(): Promise<void> {
    const { api, view } = this.#parts;
    const starters = this.#parts.site.starters;
    if (starters === null) return;
    const texts = await api.starters(starters).catch(() => []);
    await this.#last;
    if (this.#thread.conversation === null && this.#pending === 0) view.composer.suggest(texts, 'starters');
  }

  async #suggest(): Promise<void> {
    const texts = await this.#thread.suggestions();
    await this.#last;
    const { transcript, composer } = this.#parts.view;
    if (texts.length > 0 && this.#pending === 0) transcript.followEnd(() => composer.suggest(texts));
  }

  /** Sends what waits, in order. What cannot be sent goes back into the field, and with it what came after it. */
  async #deliverAll(): Promise<void> {
    for (let item = this.#queue.first; item !== undefined; item = this.#queue.first) {
      try {
        await this.#deliver(item);
      } catch (error) {
        if (this.#parts.signal.aborted) throw error;
        const isBack = this.#queue.takeAllBack();
        this.#fail(error, isBack);
      }
    }
  }

  /** Brings one message to the API. It is named by its key, so that it is said once, however often it is sent. */
  #deliver(item: Outgoing): Promise<void> {
    const { api } = this.#parts;
    const { conversation, key } = item;
    const [course, answer] = [newCourse(conversation), this.#answerTo(item)];
    return this.#patience.repeat(async () => {
      this.#queue.messageOf(item)?.setNote(null);
      await this.#follow(answer, course, () =>
        conversation === null
          ? api.create(item.text, key)
          : api.interact(conversation, item.recording ?? item.text, key),
      );
      // It was known already, from the messages that were read.
      if (this.#queue.first === item) this.#queue.drop(item);
    });
  }

  /** Follows a turn that runs in the conversation and is not this window's. */
  async #watch(turn: TurnState | null): Promise<void> {
    const { conversation } = this.#thread;
    const interaction = turn?.interaction_id;
    if (conversation === null || interaction == null || this.#thread.knows(interaction)) return;
    const course = { ...newCourse(conversation), interaction };
    const answer = this.#answerTo(null, () => undefined);
    const gone = () => Promise.reject(new ApiError(404, { code: 'interaction_void' }));
    await this.#patience
      .repeat(() => this.#follow(answer, course, gone))
      .catch((error: unknown) => {
        answer.drop();
        // What failed there is told there.
        if (!(error instanceof ApiError)) throw error;
      });
  }

  /** Makes what shows the answer to a message. `tell` tells other windows that it has begun. */
  #answerTo(item: Outgoing | null, tell = this.#parts.tellTabs): Answer {
    const { view, words, speaker, site } = this.#parts;
    return new Answer({
      ...{ view, words },
      question: item === null ? null : this.#queue.messageOf(item),
      speaker: item?.recording == null ? null : speaker,
      showsActions: () => site.showsActions,
      onBegin: (event) => this.#begin(event, tell),
      onComplete: (completion) => this.#complete(completion, item),
    });
  }

  async #follow(answer: Answer, course: Course, begin: () => Promise<Response>): Promise<void> {
    const { view, api } = this.#parts;
    this.#isWaiting = false;
    this.#showReady();
    this.#course = course;
    view.setAnswering(true);
    try {
      await answer.follow(api.follow(course, begin));
    } catch (error) {
      if (error instanceof ApiError) view.transcript.dropDraft();
      // A conversation whose first turn failed does not exist, whatever its stream said first.
      if (error instanceof ApiError && this.#thread.newest === null) this.#thread.forget();
      throw error;
    } finally {
      this.#course = null;
      view.setAnswering(false);
    }
    if (this.#isEnded) view.showEnded();
    else void this.#thread.learnAgentName().then(() => this.#suggest());
  }

  /** A turn has begun. Returns whether it is to be shown. */
  #begin(event: AnswerEvent, tell: () => void): boolean {
    if (event.type === 'conversation-created') this.#thread.conversation = event.conversation_id;
    if (this.#course !== null) this.#course.conversation = this.#thread.conversation;
    if ('interaction_id' in event && this.#thread.knows(event.interaction_id)) return false;
    tell();
    return true;
  }

  /** A turn is stored: whatever happens now, it is not sent again. */
  #complete(completion: Completion, item: Outgoing | null): void {
    const { emit, tellTabs, view } = this.#parts;
    const { conversation, newest } = this.#thread;
    if (conversation === null) return;
    this.#thread.add(completion.interaction_id);
    view.showOpen(true);
    if (newest === null) emit('open', { conversation, resumed: false });
    if (item !== null) {
      const question = this.#queue.messageOf(item);
      this.#queue.settle(item);
      emit('message', { role: 'user', text: question?.text ?? item.text, id: question?.id ?? null });
    }
    emit('message', { role: 'agent', text: completion.full_message, id: completion.message_id });
    tellTabs();
    if (completion.conversation_completed) this.#end(conversation);
  }

  /** Says why it takes long; `null`: for want of a network. */
  #showWaiting(error: unknown): void {
    const { view, words } = this.#parts;
    this.#isWaiting = true;
    this.#showReady();
    this.#queue.explainWaiting();
    view.transcript.dropDraft();
    if (error instanceof ApiError && error.code === 'operation_in_progress')
      view.notice.show({ words: () => fill(words.busyElsewhere, { agent: view.agentName }), remedy: 'none' });
  }

  /** Carries out one thing at a time, in order, and shows why it failed if it did. Never rejects. */
  #exclusively(work: () => Promise<void>): Promise<void> {
    const { signal } = this.#parts;
    this.#pending += 1;
    this.#showReady();
    const before = this.#last;
    const run = async () => {
      await before;
      if (signal.aborted) return;
      this.#parts.view.notice.clear();
      await work().catch((error: unknown) => {
        if (!signal.aborted) this.#fail(error);
      });
      this.#pending -= 1;
      this.#isWaiting = false;
      if (!signal.aborted) this.#afterWork();
    };
    this.#last = run();
    return this.#last;
  }

  #afterWork(): void {
    this.#showReady();
    const isStale = this.#isTold || this.#thread.isStale;
    if (isStale && this.#pending === 0) void this.#exclusively(() => this.#open(false));
  }

  /** Says what went wrong. `isBack`: what was to be sent stands in the field again. */
  #fail(error: unknown, isBack = false): void {
    const { view, emit, words: own } = this.#parts;
    view.transcript.dropDraft();
    // The visitor knows: the words are in the field again.
    if (isBack && error instanceof ApiError && error.code === 'turn_stopped') return;
    const { words, remedy } = this.#patience.explain(error);
    if (error instanceof ApiError && VOICE_REFUSALS.includes(error.code)) view.refuseVoice();
    // Without a conversation there is nothing to write to: the way out is always to try again.
    const isStuck = remedy === 'none' && this.#thread.conversation === null;
    const explanation = {
      words: () => (isBack ? `${words()} ${own.backInField}` : words()),
      remedy: isStuck ? ('try-again' as const) : remedy,
    };
    view.transcript.followEnd(() => view.notice.show(explanation));
    const code = error instanceof ApiError ? error.code : (error as Error).name;
    emit('error', { code, status: error instanceof ApiError ? error.status : null, message: words() });
  }

  #showReady(): void {
    const { view, site } = this.#parts;
    const isBusy = this.#pending > 0;
    view.setBusy(isBusy);
    const canWrite = !this.#isEnded && (this.#thread.conversation !== null || site.starters !== null);
    // What is written while something waits joins the queue.
    view.composer.setReady(canWrite && (!isBusy || this.#isWaiting));
  }

  #showEnd(conversation: string): void {
    this.#end(conversation);
    this.#parts.view.showEnded();
  }

  #end(conversation: string): void {
    this.#thread.forget();
    this.#isEnded = true;
    this.#parts.emit('finish', { conversation });
  }
}
