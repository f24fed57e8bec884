import type { ConversationSummary, DirectoryPage } from './summary.ts';

/** A page of conversations, and the position after which the next page begins; null if there is none. */
export interface ConversationPage {
  conversations: ConversationSummary[];
  next: number | null;
}

/**
 * Merges the parts of all shards into the first `limit` conversations. The part of the shard that was searched least is
 * complete only up to its `scanned_to`; conversations after that position belong to a later page.
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
