/** The conversation as this page knows it: which one, how far it has come, and reading what others have added. */
import type { StoredMessage } from '../../src/contract/messages.ts';
import type { ConversationApi } from '../api/client.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { Emit, EventDetails } from './events.ts';
import { numberOf } from './ratings.ts';

const ROLES = {
  'agent-message': 'agent',
  'agent-inner-thought': 'agent',
  'user-message': 'user',
  'external-event': 'event',
} as const satisfies Record<StoredMessage['message_type'], EventDetails['message']['role']>;

/** The conversation that is shown, and the interactions that the page knows. */
export class Thread {
  conversation: string | null = null;
  /** The newest interaction that this page knows of. */
  newest: string | null = null;
  /** A turn that was not ours came in between: its messages are not on the screen. */
  isStale = false;
  #isAgentLearned = false;
  /** The interactions that are on the screen. */
  #known = new Set<string>();
  readonly #api: ConversationApi;
  readonly #view: ChatView;
  readonly #emit: Emit;

  constructor(api: ConversationApi, view: ChatView, emit: Emit) {
    this.#api = api;
    this.#view = view;
    this.#emit = emit;
  }

  forget(): void {
    this.conversation = null;
    this.newest = null;
    this.isStale = false;
    this.#isAgentLearned = false;
    this.#known.clear();
  }

  /** Returns whether an interaction is on the screen, whole. */
  knows(interaction: string | undefined): boolean {
    return interaction !== undefined && this.#known.has(interaction);
  }

  /** An interaction is stored, and on the screen. */
  add(interaction: string): void {
    const before = this.newest === null ? 0 : numberOf(this.newest);
    if (numberOf(interaction) > before + 1) this.isStale = true;
    this.newest = interaction;
    this.#known.add(interaction);
  }

  /** Shows a conversation from its beginning, or from as far back as it is shown. */
  async show(conversation: string): Promise<void> {
    const messages = await this.#api.messages(conversation);
    this.#known.clear();
    this.#learn(conversation, messages);
    this.#view.transcript.show(messages);
    this.#view.showOpen(true);
    this.#emit('open', { conversation, resumed: true });
  }

  /** Adds what has been stored since. */
  async update(conversation: string): Promise<void> {
    const messages = await this.#api.messages(conversation);
    this.#learn(conversation, messages);
    this.#view.transcript.dropDraft();
    this.#view.showOpen(true);
    for (const { message_type, id, message } of this.#view.transcript.update(messages)) {
      this.#emit('message', { role: ROLES[message_type], text: message, id });
    }
  }

  /** The stream does not tell the agent's name, the stored messages do. Not worth a word when it fails. */
  async learnAgentName(): Promise<void> {
    const { conversation } = this;
    if (this.#isAgentLearned || this.#view.isAgentNamed || conversation === null) return;
    this.#nameAgent(await this.#api.messages(conversation).catch(() => []));
  }

  /** Returns texts that the user could send next. The chat goes on without them, so a failure is not shown. */
  async suggestions(): Promise<string[]> {
    const { conversation, newest } = this;
    if (conversation === null || newest === null) return [];
    const texts = await this.#api.recommendResponses(conversation, newest).catch(() => []);
    return this.newest === newest ? texts : [];
  }

  #learn(conversation: string, messages: readonly StoredMessage[]): void {
    this.conversation = conversation;
    for (const { interaction_id } of messages) this.add(interaction_id);
    this.isStale = false;
    this.#nameAgent(messages);
  }

  #nameAgent(messages: readonly StoredMessage[]): void {
    const agent = messages.findLast(({ message_type }) => message_type === 'agent-message');
    if (agent === undefined) return;
    this.#isAgentLearned = true;
    this.#view.learnAgentName(agent.sender);
  }
}
