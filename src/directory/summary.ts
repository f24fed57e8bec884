import type { Home } from '../home.ts';
import type { PostProcessing } from '../contract/conversations.ts';
import type { Tags } from '../registry/primitives.ts';
import type { ResolvedVersions } from '../registry/reader.ts';

/** The changing part of a conversation in the list. */
export interface ConversationProgress {
  /** Number of changes of the conversation. An older revision never overwrites a newer one. */
  revision: number;
  is_finished: boolean;
  completed_post_processings: PostProcessing[];
  final_message: string;
  num_messages: number;
  tags: Tags;
  /** When the newest message was made, in milliseconds since 1970; absent where a caller does not tell. */
  last_at?: number;
}

/** A conversation in the list. */
export interface ConversationSummary extends ConversationProgress {
  id: string;
  user_id: string;
  service_id: string;
  /** Time of creation in milliseconds since 1970. */
  created_at: number;
  versions: ResolvedVersions;
  position: number;
}

/** Request of a new conversation for the place of the unfinished one of its user and service. */
export interface Reservation {
  conversation_id: string;
  user_id: string;
  service_id: string;
  versions: ResolvedVersions;
  tags: Tags;
  shard: number;
  /** Home of the shard's organization; absent where no retention is to be kept. */
  home?: Home;
}

/** Outcome of a reservation. `open` and `creating` name the conversation that has the place. */
export type ReservationOutcome =
  | { kind: 'reserved'; created_at: number; returning: boolean }
  | { kind: 'open' | 'creating'; conversation_id: string; created_at: number }
  /** The user is being erased. */
  | { kind: 'closed' };

/** The place of a conversation in the list. `created_at` is in milliseconds since 1970. */
export interface ListedPlace {
  id: string;
  position: number;
  created_at: number;
}

/** Statistics of a user, from the list of conversations. */
export interface UserStats {
  user_id: string;
  num_conversations: number;
  num_messages: number;
  /** Milliseconds since 1970. */
  last_message_at: number;
}

/** One shard's part of a page. */
export interface DirectoryPage {
  /** In the order of the list. */
  conversations: ConversationSummary[];
  /** Position up to which `conversations` is complete; null if it is complete to the end of the shard. */
  scanned_to: number | null;
}

/** A query for a page of the list. An empty filter matches everything. */
export interface PageQuery {
  user_ids: string[] | null;
  service_ids: string[];
  ids: string[];
  is_finished: boolean | null;
  /** Tags that must all match. `value` is a text, null for the value null, or undefined for any value. */
  tags: { key: string; value?: string | null }[];
  ascending: boolean;
  /** Position of the last conversation on the page before; 0 for the first page. */
  after: number;
  limit: number;
  /** Maximum size of one shard's part in bytes. It has at least one conversation. */
  max_bytes: number;
}

/** A query of the Worker. Its maximum size is divided among the shards. */
export type ListQuery = Omit<PageQuery, 'max_bytes'>;
