/** Memories as they are stored, shown and asked for. Pure. */
import { derivedIdentifier, madeAt } from '../identifiers.ts';
import { cut } from '../text.ts';

/** Maximum number of terms of a query. A query is a text of the user, and further words add nothing. */
const MAX_QUERY_TERMS = 24;
/** Maximum length of a term in UTF-16 units. */
const MAX_TERM_LENGTH = 64;

/** A memory: a statement about the user, with the identifiers of the messages that it comes from. */
export interface MemoryEntry {
  text: string;
  message_ids: string[];
}

/** The user model before a conversation is added to it. */
export interface ModelBase {
  /** Text of the model; null if there is none. */
  text: string | null;
  /** Conversation that was added last; it identifies the version of the model. Null for none. */
  last_conversation_id: string | null;
  /** True if the conversation was added already. */
  includes_conversation: boolean;
}

/** A page of memories, and the token of the next page; null if there is none. */
export interface MemoryPage {
  memories: (MemoryEntry & { conversation_id: string })[];
  next: number | null;
}

/** A memory as the API shows it. */
export interface ShownMemory extends MemoryEntry {
  /** 24 hexadecimal digits: when it was learnt, then its number. */
  id: string;
  conversation_id: string;
  /** Milliseconds since 1970. */
  created_at: number;
}

/** Which memories are shown, and in which order. Empty lists do not filter. */
export interface MemoryQuery {
  ids: string[];
  conversation_ids: string[];
  sort: { field: 'conversation_id' | 'created_at'; ascending: boolean }[];
  /** Number of memories before the page, in this order. */
  after: number;
  limit: number;
}

/**
 * Returns an FTS5 expression that any word of the query matches, or null if the query has no word. Words are quoted, so
 * that none is read as an operator.
 */
export function matchExpression(query: string): string | null {
  const terms = query.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_QUERY_TERMS) ?? [];
  return terms.length === 0 ? null : terms.map((term) => `"${cut(term, MAX_TERM_LENGTH)}"`).join(' OR ');
}

/** Returns memories as one text. Each ends in a full stop, so that the next one does not run into it. */
export function asSentences(memories: readonly string[]): string {
  return memories
    .map((text) => text.trimEnd())
    .map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`))
    .join(' ');
}

/** Returns the memory in a row of any version. */
export function upgradeMemory({ text, message_ids }: { text: string; message_ids: string }): MemoryEntry {
  return { text, message_ids: JSON.parse(message_ids) as string[] };
}

/** A row of a memory, of any version. */
export interface MemoryRow extends Record<string, SqlStorageValue> {
  id: number;
  conversation_id: string;
  text: string;
  message_ids: string;
  created_at: number | null;
}

/** Returns a row of any version as the API shows it. A memory of version 2 was learnt when its conversation began, or later. */
export function shownMemory(row: MemoryRow): ShownMemory {
  const { conversation_id } = row;
  const created_at = row.created_at ?? (madeAt(conversation_id) || 0);
  return {
    ...upgradeMemory(row),
    id: derivedIdentifier(created_at, row.id),
    conversation_id,
    created_at,
  };
}
