/** The chat: what the visitor does becomes requests, and what the API answers becomes what the page shows. */
import { describeAction } from './activity.ts';
import { ConversationApi, type AnswerEvent, type StoredMessage } from './api-client.ts';
import { ApiError, ConnectionLostError } from './api-request.ts';
import { Composer } from './composer.ts';
import { requireElement } from './elements.ts';
import { Notice } from './notice.ts';
import { explain, type Remedy } from './problem-words.ts';
import { Session } from './session.ts';
import { Transcript } from './transcript.ts';

type Completion = Extract<AnswerEvent, { type: 'interaction-complete' }>;

class Chat {
  readonly #api = new ConversationApi(new Session());
  readonly #agent: string;
  readonly #transcript: Transcript;
  readonly #composer: Composer;
  readonly #notice: Notice;
  /** Says in few words what state the conversation is in; screen readers hear it. */
  readonly #status: HTMLElement;
  readonly #ended: HTMLElement;
  readonly #endButton: HTMLButtonElement;
  readonly #startButton: HTMLButtonElement;
  #conversation: string | null = null;
  #isBusy = false;
  /** A message of which it is not known whether the API has kept it. */
  #unconfirmed: string | null = null;

  constructor(root: HTMLElement) {
    this.#agent = root.dataset['agentName'] ?? 'The agent';
    this.#transcript = new Transcript(root, this.#agent);
    this.#composer = new Composer(root, (text) => void this.send(text));
    this.#notice = new Notice(root, (remedy) => void this.#remedy(remedy));
    this.#status = requireElement(root, '#status', HTMLElement);
    this.#ended = requireElement(root, '#ended', HTMLElement);
    this.#endButton = requireElement(root, '#end', HTMLButtonElement);
    this.#startButton = requireElement(root, '#start', HTMLButtonElement);
    this.#endButton.addEventListener('click', () => void this.finish());
    this.#startButton.addEventListener('click', () => void this.startNew());
  }

  /** Resumes the unfinished conversation, or begins one. */
  open(): Promise<void> {
    return this.#exclusively(async () => {
      const unfinished = await this.#api.unfinishedConversation();
      if (unfinished === null) await this.#begin();
      else await this.#resume(unfinished);
    });
  }

  startNew(): Promise<void> {
    return this.#exclusively(async () => {
      const answer = this.#begin();
      // The button that was pressed is gone by now, and with it the focus.
      this.#focusWriting();
      await answer;
    });
  }

  send(text: string): Promise<void> {
    const conversation = this.#conversation;
    if (conversation === null) return Promise.resolve();
    this.#focusWriting();
    return this.#exclusively(async () => {
      const takeBack = this.#transcript.addUserMessage(text);
      try {
        await this.#follow(this.#api.say(conversation, text));
      } catch (error) {
        if (error instanceof ConnectionLostError) {
          // The turn may go on without us. Only opening the conversation again tells whether it did.
          this.#unconfirmed = text;
          this.#conversation = null;
        }
        if (!(error instanceof ApiError)) throw error;
        // Nothing of a turn that failed is stored, so nothing of it stays on the screen.
        takeBack();
        this.#composer.restore(text);
        this.#transcript.dropDraft();
        this.#showProblem(error, ' Your message is back in the field below.');
      }
    });
  }

  finish(): Promise<void> {
    const conversation = this.#conversation;
    if (conversation === null) return Promise.resolve();
    return this.#exclusively(async () => {
      await this.#api.finish(conversation);
      this.#showEnd();
    });
  }

  async #begin(): Promise<void> {
    this.#conversation = null;
    this.#transcript.show([]);
    try {
      await this.#follow(this.#api.create());
    } catch (error) {
      // A conversation whose first turn failed does not exist, whatever its stream said first.
      this.#conversation = null;
      throw error;
    }
  }

  async #resume(conversation: string): Promise<void> {
    const messages = await this.#api.messages(conversation);
    this.#conversation = conversation;
    this.#transcript.show(messages);
    this.#showOpen();
    this.#settleUnconfirmed(messages);
    const latest = messages.at(-1);
    if (latest !== undefined) void this.#suggest(conversation, latest.interaction_id);
  }

  #settleUnconfirmed(messages: readonly StoredMessage[]): void {
    const text = this.#unconfirmed;
    this.#unconfirmed = null;
    if (text === null) return;
    const newest = messages.findLast(({ message_type }) => message_type === 'user-message');
    if (newest?.message !== text) this.#composer.restore(text);
  }

  /** Shows an answer as it arrives. */
  async #follow(events: AsyncIterable<AnswerEvent>): Promise<void> {
    this.#showOpen();
    this.#status.textContent = `${this.#agent} is answering`;
    this.#transcript.beginDraft();
    for await (const event of events) {
      switch (event.type) {
        case 'conversation-created':
          this.#conversation = event.conversation_id;
          break;
        case 'user-message-available':
          // A text is on the screen since it was sent.
          break;
        case 'current-agent-action': {
          const words = describeAction(event.action);
          if (words !== null) this.#transcript.addStep(words);
          break;
        }
        case 'new-message':
          this.#transcript.addPiece(event.message);
          break;
        case 'interaction-complete':
          this.#complete(event);
      }
    }
  }

  #complete({ full_message, interaction_id, conversation_completed }: Completion): void {
    this.#transcript.completeDraft(full_message);
    if (conversation_completed) this.#showEnd();
    else if (this.#conversation !== null) void this.#suggest(this.#conversation, interaction_id);
  }

  /** Suggestions are a help and nothing more: without them the chat goes on as well, so a failure is not told. */
  async #suggest(conversation: string, interaction: string): Promise<void> {
    const texts = await this.#api.recommendResponses(conversation, interaction).catch(() => []);
    if (this.#isBusy || this.#conversation !== conversation) return;
    this.#transcript.followEnd(() => this.#composer.suggest(texts));
  }

  /** Carries out one thing at a time, and shows why it failed if it did. */
  async #exclusively(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#setBusy(true);
    this.#notice.clear();
    try {
      await work();
    } catch (error) {
      this.#transcript.dropDraft();
      this.#showProblem(error);
    } finally {
      this.#setBusy(false);
    }
  }

  #showProblem(error: unknown, afterword = ''): void {
    const { words, remedy } = explain(error, this.#agent);
    // Without a conversation there is nothing to write to: the way out is always to try again.
    const isStuck = remedy === 'none' && this.#conversation === null;
    if (remedy === 'read-document') this.#composer.setVisible(false);
    this.#transcript.followEnd(() =>
      this.#notice.show({ words: words + afterword, remedy: isStuck ? 'open-again' : remedy }),
    );
  }

  #setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    this.#composer.setReady(!isBusy && this.#conversation !== null);
    this.#endButton.hidden = this.#conversation === null;
    this.#endButton.setAttribute('aria-disabled', String(isBusy));
    if (!isBusy) this.#status.textContent = '';
  }

  #showOpen(): void {
    this.#ended.hidden = true;
    this.#composer.setVisible(true);
  }

  #showEnd(): void {
    this.#conversation = null;
    this.#composer.setVisible(false);
    this.#ended.hidden = false;
    this.#startButton.focus();
  }

  #remedy(remedy: Remedy): Promise<void> {
    if (remedy === 'start-new') return this.startNew();
    this.#focusWriting();
    return this.open();
  }

  /** On a touch screen, focus in the field would raise the keyboard over the answer. */
  #focusWriting(): void {
    if (matchMedia('(pointer: coarse)').matches) this.#transcript.focus();
    else this.#composer.focus();
  }
}

const chat = new Chat(requireElement(document, '#chat', HTMLElement));
void chat.open();
