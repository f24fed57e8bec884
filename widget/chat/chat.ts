/** The conversation: what the visitor does becomes requests, and what the API answers becomes what is shown. */
import type { TurnState } from '../../src/contract/turns.ts';
import { newCourse } from '../api/client.ts';
import { ApiError } from '../api/request.ts';
import type { Remedy } from '../words/problems.ts';
import type { ChatParts } from './chat-parts.ts';
import { Ending } from './ending.ts';
import { Finder } from './finder.ts';
import { newKey, type Outgoing } from './outbox.ts';
import { Queue } from './queue.ts';
import { Suggestions } from './suggestions.ts';
import { Thread } from './thread.ts';
import { Turns } from './turns.ts';

const VOICE_REFUSALS = ['voice_not_configured', 'agent_without_voice', 'language_without_voice'];

/** Sends the visitor's messages one after the other and follows the answers. */
export class Chat {
  readonly #parts: ChatParts;
  readonly #queue: Queue;
  readonly #thread: Thread;
  readonly #turns: Turns;
  readonly #ending: Ending;
  readonly #finder: Finder;
  readonly #suggestions: Suggestions;
  #pending = 0;
  #isEnded = false;
  /** Another window has changed something. */
  #isTold = false;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#queue = new Queue(parts.outbox, parts.view, parts.words, (item) => this.#remove(item));
    this.#thread = new Thread(parts.api, parts.view, parts.emit);
    this.#suggestions = new Suggestions(parts, this.#thread, async () => {
      await this.#last;
      return this.#pending === 0;
    });
    this.#finder = new Finder(parts, this.#thread, this.#queue, () => {
      this.#isEnded = false;
    });
    this.#ending = new Ending(parts.signal, ({ conversation, key }) => {
      // What does not get through leaves the conversation unfinished, which the next page shows.
      parts.api.finish(conversation, key, true).catch(() => undefined);
    });
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
      const ending = this.#ending.take();
      if (ending !== null) await this.#finish(ending.key);
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
    this.undo();
    this.#queue.show(outbox.add({ text, recording, conversation }));
    view.focusWriting();
    return this.#exclusively(() => this.#deliverAll());
  }

  /** Ends the conversation, at once. */
  finish(): Promise<void> {
    this.#parts.speaker?.stop();
    const key = newKey();
    return this.#exclusively(() => this.#finish(this.#ending.take()?.key ?? key));
  }

  /** Ends the conversation for the visitor, and for the API when it cannot be undone any more. */
  finishSoon(): Promise<void> {
    this.#parts.speaker?.stop();
    return this.#exclusively(() => {
      const { conversation } = this.#thread;
      if (conversation === null || this.#ending.isPending) return Promise.resolve();
      this.#parts.view.showEnded(true);
      this.#ending.begin(conversation, () => void this.finish());
      return Promise.resolve();
    });
  }

  /** Takes back an end that waits. */
  undo(): void {
    if (this.#ending.take() === null) return;
    this.#parts.view.showOpen(true);
    this.#parts.view.focus();
    this.#afterWork();
  }

  async #finish(key: string): Promise<void> {
    const { api, view, tellTabs } = this.#parts;
    const { conversation } = this.#thread;
    if (conversation === null) return;
    try {
      await this.#turns.patience.repeat(() => api.finish(conversation, key));
    } catch (error) {
      view.showOpen(true);
      throw error;
    }
    this.#showEnd(conversation);
    tellTabs();
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
      turn = await this.#finder.find(course);
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
    else if (turn !== null) void this.#suggestions.suggest();
    else if (begins) void this.#suggestions.showStarters();
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
    else void this.#thread.learnAgentName().then(() => this.#suggestions.suggest());
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
    if (isStale && this.#pending === 0 && !this.#ending.isPending)
      void this.#exclusively(() => this.#open(false));
  }

  /** Shows why something beside the conversation failed. */
  showFailure(error: unknown): void {
    if (!this.#parts.signal.aborted) this.#fail(error);
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
