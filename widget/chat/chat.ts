/** The conversation: what the visitor does becomes requests, and what the API answers becomes what is shown. */
import type { TurnState } from '../../src/contract/turns.ts';
import { newCourse, type Course } from '../api/client.ts';
import { ApiError } from '../api/request.ts';
import type { Remedy } from '../words/problems.ts';
import type { ChatParts } from './chat-parts.ts';
import { newKey, type Outgoing } from './outbox.ts';
import { Queue } from './queue.ts';
import { Thread } from './thread.ts';
import { Turns } from './turns.ts';

const VOICE_REFUSALS = ['voice_not_configured', 'agent_without_voice', 'language_without_voice'];

/** Sends the visitor's messages one after the other and follows the answers. */
export class Chat {
  readonly #parts: ChatParts;
  readonly #queue: Queue;
  readonly #thread: Thread;
  readonly #turns: Turns;
  #pending = 0;
  #isEnded = false;
  /** Another window has changed something. */
  #isTold = false;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#queue = new Queue(parts.outbox, parts.view, parts.words, (item) => this.#remove(item));
    this.#thread = new Thread(parts.api, parts.view, parts.emit);
    this.#turns = new Turns(parts, {
      queue: this.#queue,
      thread: this.#thread,
      onWaiting: () => this.#showReady(),
      onEnd: (conversation) => this.#end(conversation),
      onAnswered: () => this.#onAnswered(),
    });
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
      await this.#turns.patience.repeat(() => this.#parts.api.finish(conversation, key));
      this.#showEnd(conversation);
      this.#parts.tellTabs();
    });
  }

  /** Ends the agent's answer. What was shown of it stays. */
  stop(): void {
    this.#parts.speaker?.stop();
    this.#turns.stop();
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
    const [course, key, answer] = [newCourse(null), newKey(), this.#turns.answerTo(null)];
    let turn: TurnState | null = null;
    if (begins) view.say(words.opening);
    await this.#turns.patience.repeat(async () => {
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
      await this.#turns.follow(answer, course, () => api.create(null, key));
    });
    await this.#deliverAll();
    await this.#turns.watch(turn);
    // The first turn of the conversation came to nothing, and the conversation with it.
    if (turn !== null && this.#thread.conversation === null && !this.#isEnded) await this.#open(begins);
    else if (turn !== null) void this.#suggest();
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
    if (unfinished === null) return this.#findBeginning();
    // Asked first: what ends in between is in the messages.
    const turn = await api.turn(unfinished);
    await this.#thread.show(unfinished);
    this.#isEnded = false;
    this.#queue.showAll(unfinished);
    return turn;
  }

  /** Finds the conversation that this tab was beginning when its page was left: it is not listed yet. */
  async #findBeginning(): Promise<TurnState | null> {
    const { api, answers, view } = this.#parts;
    const { kept } = answers;
    if (kept === null || kept.key !== '') return null;
    const turn = await api.turn(kept.conversation).catch((error: unknown) => {
      if (error instanceof ApiError) return null;
      throw error;
    });
    if (turn?.interaction_id !== kept.interaction) return null;
    this.#thread.conversation = kept.conversation;
    this.#isEnded = false;
    view.transcript.show([]);
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
        await this.#turns.deliver(item);
      } catch (error) {
        if (this.#parts.signal.aborted) throw error;
        const isBack = this.#queue.takeAllBack();
        this.#fail(error, isBack);
      }
    }
  }

  #onAnswered(): void {
    if (this.#isEnded) this.#parts.view.showEnded();
    else void this.#thread.learnAgentName().then(() => this.#suggest());
  }

  /** Takes back a message that waits. Had it arrived all the same, it is found among those that are read. */
  #remove(item: Outgoing): void {
    this.#queue.remove(item);
    this.#isTold = true;
    this.#parts.waiting.wake();
    this.#parts.view.focusWriting();
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
      this.#turns.isWaiting = false;
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
    const { words, remedy } = this.#turns.patience.explain(error);
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
    view.composer.setReady(canWrite && (!isBusy || this.#turns.isWaiting));
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
