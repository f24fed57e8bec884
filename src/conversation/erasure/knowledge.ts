/**
 * Removes from a conversation what it has of its user from elsewhere: the copy of the user model, and the memories that its
 * turns were given. Messages stay: they belong to the conversation.
 */
import type { AgentAction } from '../../contract/agent-actions.ts';
import type { ConversationIdentity } from '../records.ts';
import { upgradeInteraction, type InteractionRow } from '../upgrade.ts';

/** The name of a user who was deleted, in conversations that are kept. */
export const DELETED_USER_NAME = 'Deleted user';

/** Answer to a request to forget. `busy` while a turn or the analysis runs: to be asked again. */
export type Forgotten = 'done' | 'unknown' | 'busy';

/** Interactions that are read at once: each is at most 2 MB (platform limit). */
const CHUNK = 10;

function withoutMemories(action: AgentAction): AgentAction {
  return 'queries_and_responses' in action ? { ...action, queries_and_responses: [] } : action;
}

function mentionsMemories({ log, actions }: ReturnType<typeof upgradeInteraction>): boolean {
  return (
    log.working_memory.length > 0 ||
    actions.some((action) => 'queries_and_responses' in action && action.queries_and_responses.length > 0)
  );
}

/** Removes the memories that turns were given. To be called in a transaction. */
export function removeRecalled(sql: SqlStorage): void {
  for (let after = 0; ;) {
    const rows = sql
      .exec<InteractionRow>(
        'SELECT * FROM interactions WHERE sequence > ? ORDER BY sequence LIMIT ?',
        after,
        CHUNK,
      )
      .toArray();
    for (const row of rows) {
      const interaction = upgradeInteraction(row);
      if (!mentionsMemories(interaction)) continue;
      sql.exec(
        'UPDATE interactions SET log = ?, actions = ? WHERE sequence = ?',
        JSON.stringify({ ...interaction.log, working_memory: [] }),
        JSON.stringify(interaction.actions.map(withoutMemories)),
        row.sequence,
      );
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}

/** Removes results of the analysis that are about the user. To be called in a transaction. */
export function removeAnalyses(sql: SqlStorage, types: readonly string[]): void {
  for (const type of types) sql.exec('DELETE FROM analyses WHERE type = ?', type);
}

/** Gives the messages of a user another name. To be called in a transaction. */
export function renameSender(sql: SqlStorage, { user_id, user_name }: ConversationIdentity): void {
  sql.exec('UPDATE messages SET sender = ? WHERE sender_user_id = ?', DELETED_USER_NAME, user_id);
  // Messages of version 1 have no user: they were sent under the user's name.
  sql.exec(
    `UPDATE messages SET sender = ? WHERE sender_user_id IS NULL AND type = 'user-message' AND sender = ?`,
    DELETED_USER_NAME,
    user_name,
  );
}
