import { byId, offer } from './elements.ts';
import type { ConversationInstance } from '../src/contract/conversations.ts';

const NONE = '';

function titleOf(listed: ConversationInstance, withUser: boolean): string {
  const { created_at, is_finished, user_id } = listed;
  const when = new Date(created_at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  const whose = withUser ? ` · ${user_id}` : '';
  return `${when} · ${is_finished ? 'finished' : 'open'}${whose}`;
}

/** The conversations that can be opened, the newest first. */
export class ConversationPicker {
  readonly #select = byId('conversations', HTMLSelectElement);

  constructor(onOpen: (conversation: string) => void) {
    this.#select.addEventListener('change', () => {
      if (this.#select.value !== NONE) onOpen(this.#select.value);
    });
  }

  offer(listed: readonly ConversationInstance[], selected: string | null, withUser: boolean): void {
    const first = listed.length === 0 ? 'None yet' : 'Choose one';
    offer(
      this.#select,
      [
        { value: NONE, text: first },
        ...listed.map((conversation) => ({ value: conversation.id, text: titleOf(conversation, withUser) })),
      ],
      selected ?? NONE,
    );
  }

  /** Selects a conversation. One that is older than those listed is opened by its link, and not in the list. */
  select(conversation: string): void {
    this.#select.value = conversation;
    if (this.#select.selectedIndex === -1) this.#select.value = NONE;
  }

  lock(isLocked: boolean): void {
    this.#select.disabled = isLocked;
  }
}
