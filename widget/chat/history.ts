/** Reading earlier conversations of the visitor, which are finished. */
import type { ConversationInstance } from '../../src/contract/conversations.ts';
import type { ConversationApi } from '../api/client.ts';
import type { ChatView } from '../view/chat-view.ts';
import { HistoryView } from '../view/history-view.ts';
import type { Language } from '../words/language.ts';
import { Feedback } from './feedback.ts';
import type { Emit } from './events.ts';
import type { LazyVoice } from './lazy-voice.ts';

/** The parts that the reading of earlier conversations depends on. */
export interface HistoryParts {
  api: ConversationApi;
  view: ChatView;
  language: Language;
  voice: LazyVoice;
  emit: Emit;
  /** Shows why something could not be read. */
  onFailure: (error: unknown) => void;
}

/** Earlier conversations, in place of the present one for as long as the visitor reads them. */
export class History {
  readonly #parts: HistoryParts;
  readonly #view: HistoryView;
  readonly #feedback: Feedback;
  #listed: ConversationInstance[] = [];
  #token: number | null = null;
  /** The conversation that is read; `null`: the list is. */
  #chosen: ConversationInstance | null = null;

  constructor(parts: HistoryParts) {
    const { api, view, language, voice, emit, onFailure } = parts;
    this.#parts = parts;
    this.#view = new HistoryView(
      language,
      {
        language,
        agentName: () => view.agentName,
        nameOfAgent: (learned) => view.nameOfAgent(learned),
        onPlay: (message, button) => {
          voice.toggle(message, button, this.#chosen?.id).catch(onFailure);
        },
        onRate: (interaction, rating) => {
          if (this.#chosen !== null) this.#feedback.rate(this.#chosen.id, interaction, rating);
        },
        ratingOf: (interaction) => this.#feedback.of(interaction),
      },
      {
        choose: (conversation) => void this.#choose(conversation),
        more: () => void this.#read(),
        back: () => this.#back(),
      },
    );
    this.#feedback = new Feedback({ api, transcript: this.#view.transcript, emit, onFailure });
  }

  /** Shows the list, or the present conversation again. */
  toggle(): void {
    const { view } = this.#parts;
    if (view.isReadingHistory) {
      view.showHistory(null);
      return;
    }
    this.#chosen = null;
    this.#listed = [];
    this.#token = null;
    view.showHistory(this.#view.element);
    this.#view.focus();
    void this.#read();
  }

  async #read(): Promise<void> {
    const { api, onFailure } = this.#parts;
    try {
      const page = await api.finishedConversations(this.#token);
      this.#listed.push(...page.conversations);
      this.#token = page.continuation_token;
    } catch (error) {
      onFailure(error);
    }
    if (this.#chosen === null) this.#view.showList(this.#listed, this.#token !== null);
  }

  async #choose(conversation: ConversationInstance): Promise<void> {
    const { api, onFailure } = this.#parts;
    this.#chosen = conversation;
    try {
      const messages = await api.messages(conversation.id);
      if (this.#chosen !== conversation) return;
      this.#feedback.turnTo(conversation.id, conversation.tags);
      this.#view.showConversation(messages);
    } catch (error) {
      onFailure(error);
    }
  }

  #back(): void {
    if (this.#chosen === null) {
      this.toggle();
      return;
    }
    this.#chosen = null;
    this.#view.showList(this.#listed, this.#token !== null);
    this.#view.focus();
  }
}
