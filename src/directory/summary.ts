import type { PostProcessing } from '../contract/conversations.ts';
import type { Tags } from '../registry/primitives.ts';
import type { ResolvedVersions } from '../registry/reader.ts';

/** What changes about a conversation as it goes on, as the list shows it. */
export interface ConversationProgress {
  /** Counts the changes of the conversation: an older one never overwrites a newer one. */
  revision: number;
  is_finished: boolean;
  completed_post_processings: PostProcessing[];
  final_message: string;
  num_messages: number;
  tags: Tags;
}

/** A conversation as the list shows it. */
export interface ConversationSummary extends ConversationProgress {
  id: string;
  user_id: string;
  service_id: string;
  /** Milliseconds since 1970. */
  created_at: number;
  versions: ResolvedVersions;
  position: number;
}

/** The claim of a new conversation to be the one unfinished of its user and service. */
export interface Reservation {
  conversation_id: string;
  user_id: string;
  service_id: string;
  versions: ResolvedVersions;
  tags: Tags;
  shard: number;
}

export type ReservationOutcome =
  | { kind: 'reserved'; created_at: number; returning: boolean }
  | { kind: 'open' | 'creating'; conversation_id: string };

/** The part of a page that lies in one shard. */
export interface DirectoryPage {
  /** In the order of the list. */
  conversations: ConversationSummary[];
  /** Up to this position all that fits is in `conversations`; `null` when that holds to the end of the shard. */
  scanned_to: number | null;
}

/** Filters that are empty do not filter. */
export interface PageQuery {
  user_ids: string[] | null;
  service_ids: string[];
  ids: string[];
  is_finished: boolean | null;
  /** All must match: a value, `null` for the value null, `undefined` for any value. */
  tags: { key: string; value?: string | null }[];
  ascending: boolean;
  /** The position of the last conversation seen, or 0 to begin. */
  after: number;
  limit: number;
  /** What the part of one shard may weigh, in bytes. It has one conversation all the same. */
  max_bytes: number;
}

/** A query as the Worker asks it: how much a page may weigh is divided among the shards. */
export type ListQuery = Omit<PageQuery, 'max_bytes'>;
