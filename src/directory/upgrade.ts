import { createdAtOf } from './list-position.ts';
import type { ConversationSummary } from './summary.ts';

/** A row of `conversations` of any version, as `ROW_AS_JSON` returns it. */
export interface ConversationRow {
  position: number;
  id: string;
  user_id: string;
  service_id: string;
  state: string;
  revision: number;
  post_processings: ConversationSummary['completed_post_processings'];
  final_message: string;
  num_messages: number;
  tags: ConversationSummary['tags'];
  versions: Partial<ConversationSummary['versions']>;
}

/** SQL of a row of `conversations`, which is named `c`, as one JSON text. */
export const ROW_AS_JSON = `json_object('position', c.position, 'id', c.id, 'user_id', c.user_id,
  'service_id', c.service_id, 'state', c.state, 'revision', c.revision, 'final_message', c.final_message,
  'num_messages', c.num_messages, 'post_processings', json(c.post_processings), 'tags', json(c.tags),
  'versions', json(c.versions))`;

/** Returns the conversation in a row of any version. */
export function upgradeSummary(row: ConversationRow): ConversationSummary {
  return {
    id: row.id,
    user_id: row.user_id,
    service_id: row.service_id,
    created_at: createdAtOf(row.position),
    position: row.position,
    is_finished: row.state === 'finished',
    revision: row.revision,
    completed_post_processings: row.post_processings,
    final_message: row.final_message,
    num_messages: row.num_messages,
    tags: row.tags,
    versions: { llm_model_preferences: {}, ...row.versions } as ConversationSummary['versions'],
  };
}
