import { createdAtOf } from './list-position.ts';
import type { ConversationSummary } from './summary.ts';

/** A row of `conversations` of any version. */
export interface ConversationRow extends Record<string, SqlStorageValue> {
  position: number;
  id: string;
  user_id: string;
  service_id: string;
  state: string;
  revision: number;
  post_processings: string;
  final_message: string;
  num_messages: number;
  tags: string;
  versions: string;
}

/** Returns the conversation in a row of any version. */
export function upgradeSummary(row: ConversationRow): ConversationSummary {
  const versions = JSON.parse(row.versions) as Partial<ConversationSummary['versions']>;
  return {
    id: row.id,
    user_id: row.user_id,
    service_id: row.service_id,
    created_at: createdAtOf(row.position),
    position: row.position,
    is_finished: row.state === 'finished',
    revision: row.revision,
    completed_post_processings: JSON.parse(
      row.post_processings,
    ) as ConversationSummary['completed_post_processings'],
    final_message: row.final_message,
    num_messages: row.num_messages,
    tags: JSON.parse(row.tags) as ConversationSummary['tags'],
    versions: { llm_model_preferences: {}, ...versions } as ConversationSummary['versions'],
  };
}
