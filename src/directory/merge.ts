import type { ConversationSummary, DirectoryPage } from './summary.ts';

/** A page of conversations, and the token with which the next one begins; `null` when there is none. */
export interface ConversationPage {
  conversations: ConversationSummary[];
  next: number | null;
}

/**
 * Merges what the shards of an organization answered into the first `limit` of it. Behind the position to which the
 * least advanced shard was searched nothing is complete: what others have there belongs to a later page.
 */
export function mergePages(
  parts: readonly DirectoryPage[],
  limit: number,
  ascending: boolean,
): ConversationPage {
  const isBehind = (a: number, b: number) => (ascending ? a > b : a < b);
  let horizon: number | null = null;
  for (const { scanned_to } of parts) {
    if (scanned_to !== null && (horizon === null || isBehind(horizon, scanned_to))) horizon = scanned_to;
  }
  const complete = parts
    .flatMap(({ conversations }) => conversations)
    .filter(({ position }) => horizon === null || !isBehind(position, horizon))
    .sort((a, b) => (isBehind(a.position, b.position) ? 1 : -1));
  const conversations = complete.slice(0, limit);
  const last = conversations.at(-1);
  return { conversations, next: complete.length > limit && last !== undefined ? last.position : horizon };
}
