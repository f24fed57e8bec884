/** The conversation: what the visitor does becomes requests, and what the API answers becomes what is shown. */
import type { AnswerEvent, ConversationApi } from '../api/client.ts';
import { ApiError, ConnectionLostError } from '../api/request.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { Remedy } from '../words/problems.ts';
import { fill, type Words } from '../words/words.ts';
import { followAnswer, type Completion, type Speaker } from './answer.ts';
import { wasStored } from './arrival.ts';
import type { Emit } from './events.ts';
import type { Outbox, Outgoing } from './outbox.ts';
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
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#queue = new Queue(parts.outbox, parts.view, parts.words);
    this.#thread = new Thread(parts.api, parts.view, parts.emit);
    this.#patience = new Patience(parts, (error) => this.#showWaiting(error));
  }

  /** Resumes the unfinished conversation, or begins one. */
  open(): Promise<void> {
    return this.#exclusively(() => this.#open());
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
      await this.#open();
    });
  }

  /** Sends a text, or a recording that `text` stands for until it is understood. Resolves when it was answered. */
  send(text: string, recording: Blob | null = null): Promise<void> {
    const { conversation, newest } = this.#thread;
    const isOpening = this.#pending > 0;
    if (this.#isEnded || (conversation === null && this.#parts.site.starters === null && !isOpening)) {
      return Promise.resolve();
    }
    this.#parts.speaker?.stop();
    this.#queue.show(this.#parts.outbox.add({ text, recording, conversation, after: newest }));
    this.#parts.view.focusWriting();
    return this.#exclusively(() => this.#deliverAll());
  }

  finish(): Promise<void> {
    this.#parts.speaker?.stop();
    return this.#exclusively(async () => {
      const { conversation } = this.#thread;
      if (conversation === null) return;
      try {
        await this.#patience.repeat(() => this.#parts.api.finish(conversation));
      } catch (error) {
        // Who asks twice because the first answer was lost is told that it is done.
        if (!(error instanceof ApiError) || error.code !== 'conversation_finished') throw error;
      }
      this.#showEnd(conversation);
      this.#parts.tellTabs();
    });
  }

  /** Another window has changed something. */
  refresh(): void {
    this.#thread.isStale = true;
    this.#parts.waiting.wake();
    if (this.#pending === 0) void this.#exclusively(() => this.#reread());
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

  async #open(): Promise<void> {
    const { view, words, api } = this.#parts;
    view.say(words.opening);
    await this.#patience.repeat(async () => {
      this.#parts.onUser(await api.user());
      const unfinished = await api.unfinishedConversation();
      if (unfinished !== null) await this.#resume(unfinished);
      else if (this.#parts.site.starters === null) await this.#create(null);
      else view.showOpen(false);
    });
    await this.#deliverAll();
    if (this.#thread.conversation === null) void this.#showStarters();
  }

  async #resume(conversation: string): Promise<void> {
    await this.#thread.show(conversation);
    this.#isEnded = false;
    this.#queue.showAll(conversation);
    if (this.#queue.first === undefined) void this.#suggest();
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

  /**
   * Brings one message to the API, once. There is no key that would make a repeated request harmless, so whenever it
   * is not known whether one arrived, the conversation is asked, when no turn runs in it any more.
   */
  #deliver(item: Outgoing): Promise<void> {
    const { outbox, api } = this.#parts;
    return this.#patience.repeat(async () => {
      if (item.sent && (await this.#hasArrived(item))) {
        this.#queue.settle(item);
        void this.#suggest();
        return;
      }
      const { isStale } = this.#thread;
      if (isStale && this.#thread.conversation !== null) await this.#thread.update(this.#thread.conversation);
      const { conversation, newest } = this.#thread;
      this.#queue.messageOf(item)?.setNote(null);
      outbox.mark(item, { sent: true, conversation, after: newest });
      try {
        if (conversation === null) await this.#create(item);
        else await this.#follow(api.interact(conversation, item.recording ?? item.text), item);
      } catch (error) {
        this.#afterFailedTurn(item, error);
        throw error;
      }
    });
  }

  #afterFailedTurn(item: Outgoing, error: unknown): void {
    this.#parts.view.transcript.dropDraft();
    if (!(error instanceof ApiError)) return;
    const isBusy = error.code === 'operation_in_progress';
    // Of a turn that failed nothing is stored. But a create that is refused because there is a conversation may be
    // refused for its own first attempt.
    const isOwnCreate = item.conversation === null && (isBusy || error.code === 'conversation_open');
    if (!isOwnCreate) this.#parts.outbox.mark(item, { sent: false });
    // Another turn is running: what it says is read before ours is sent.
    if (isBusy) this.#thread.isStale = true;
  }

  /**
   * Tells whether a message that was sent has been stored. Throws 409 while a turn runs, because it cannot be known
   * then.
   */
  async #hasArrived(item: Outgoing): Promise<boolean> {
    const { api } = this.#parts;
    const conversation =
      item.conversation ?? this.#thread.conversation ?? (await api.unfinishedConversation());
    if (conversation === null) return false;
    await api.requireIdle(conversation);
    return wasStored(item, await this.#thread.update(conversation));
  }

  async #create(item: Outgoing | null): Promise<void> {
    if (item === null) this.#parts.view.transcript.show([]);
    try {
      await this.#follow(this.#parts.api.create(item?.text ?? null), item);
    } catch (error) {
      // A conversation whose first turn failed does not exist, whatever its stream said first.
      this.#thread.forget();
      throw error;
    }
  }

  async #follow(events: AsyncIterable<AnswerEvent>, item: Outgoing | null): Promise<void> {
    const { view, words } = this.#parts;
    this.#isWaiting = false;
    this.#showReady();
    await followAnswer(events, {
      view,
      words,
      question: item === null ? null : this.#queue.messageOf(item),
      speaker: item?.recording == null ? null : this.#parts.speaker,
      showsActions: () => this.#parts.site.showsActions,
      onCreated: (conversation) => {
        this.#thread.conversation = conversation;
      },
      onComplete: (completion) => this.#complete(completion, item),
    });
    if (this.#isEnded) view.showEnded();
    else void this.#thread.learnAgentName().then(() => this.#suggest());
  }

  /** A turn is stored: whatever happens now, it is not sent again. */
  #complete(completion: Completion, item: Outgoing | null): void {
    const { emit, tellTabs, view, outbox } = this.#parts;
    const { conversation, newest } = this.#thread;
    if (conversation === null) return;
    this.#thread.newest = completion.interaction_id;
    view.showOpen(true);
    if (newest === null) emit('open', { conversation, resumed: false });
    if (item !== null) {
      const question = this.#queue.messageOf(item);
      this.#queue.settle(item);
      emit('message', { role: 'user', text: question?.text ?? item.text, id: question?.id ?? null });
    }
    outbox.advance(conversation, completion.interaction_id);
    emit('message', { role: 'agent', text: completion.full_message, id: completion.message_id });
    tellTabs();
    if (completion.conversation_completed) this.#end(conversation);
  }

  /** Reads again what another window has changed: new messages, or the end. */
  #reread(): Promise<void> {
    return this.#patience.repeat(async () => {
      const unfinished = await this.#parts.api.unfinishedConversation();
      const { conversation } = this.#thread;
      this.#thread.isStale = false;
      if (unfinished !== null && unfinished !== conversation) await this.#resume(unfinished);
      else if (unfinished !== null) {
        await this.#thread.update(unfinished);
        void this.#suggest();
      } else if (conversation !== null) this.#showEnd(conversation);
    });
  }

  /** Says why it takes long; `null`: for want of a network. */
  #showWaiting(error: unknown): void {
    const { view, words } = this.#parts;
    this.#isWaiting = true;
    this.#showReady();
    this.#queue.explainWaiting();
    if (error === null || error instanceof ConnectionLostError) view.transcript.dropDraft();
    if (!(error instanceof ApiError) || error.code !== 'operation_in_progress') return;
    const agent = { agent: view.agentName };
    view.transcript.beginDraft(fill(words.stillAnswering, agent));
    view.say(fill(words.stillAnswering, agent));
    const isAnothers = this.#queue.first !== undefined && !this.#queue.hasSent;
    if (isAnothers)
      view.notice.show({
        words: () => fill(words.busyElsewhere, { agent: view.agentName }),
        remedy: 'none',
      });
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
    if (this.#thread.isStale && this.#pending === 0) void this.#exclusively(() => this.#reread());
  }

  /** Says what went wrong. `isBack`: what was to be sent stands in the field again. */
  #fail(error: unknown, isBack = false): void {
    const { view, emit, words: own } = this.#parts;
    view.transcript.dropDraft();
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
