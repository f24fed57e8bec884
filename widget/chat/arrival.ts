/** Decisions about whether a message that was handed to the network has reached the conversation. Pure. */
import type { StoredMessage } from '../../src/contract/messages.ts';
import type { Outgoing } from './outbox.ts';

/** Returns the interaction of the last message, or null. */
export function newestInteraction(messages: readonly StoredMessage[]): string | null {
  return messages.at(-1)?.interaction_id ?? null;
}

/**
 * Looks for a message behind the interaction that was the newest when it was sent. A text is known by its words; of a
 * recording the words are not known, so any recording stored since is taken for it: better not sent than sent twice.
 */
export function wasStored(
  { text, recording, after }: Pick<Outgoing, 'text' | 'recording' | 'after'>,
  messages: readonly StoredMessage[],
): boolean {
  const since = messages.slice(messages.findLastIndex(({ interaction_id }) => interaction_id === after) + 1);
  return since.some(
    ({ message_type, message, format }) =>
      message_type === 'user-message' && (recording === null ? message === text : format === 'voice'),
  );
}
