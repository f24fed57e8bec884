import { isSelf, type Caller } from '../access/permissions.ts';
import { findsConversation } from '../access/visibility.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { ConversationStore } from './store.ts';

/** Tells whether the conversation's owner shows it to others: as the registry has it at this moment. */
export class OwnerVisibility {
  readonly #store: ConversationStore;
  readonly #registry: RegistryReader;

  constructor(store: ConversationStore, registry: RegistryReader) {
    this.#store = store;
    this.#registry = registry;
  }

  /**
   * Returns whether the owner shows the conversation to the caller. The registry is read only for a caller whose
   * permissions reach the conversation of another user. To be asked before access is decided, because that decision
   * awaits nothing.
   */
  async shownTo(caller: Caller): Promise<boolean> {
    const identity = this.#store.load()?.identity;
    if (identity !== undefined && isSelf(caller, identity.user_id)) return true;
    if (identity === undefined || !findsConversation(caller, identity, true)) return false;
    const preferences = await this.#registry.preferences(identity.organization, identity.user_id);
    return preferences.conversations_visible_to_admins;
  }
}
