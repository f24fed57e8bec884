/**
 * The place of a conversation among all of its organization: a number that grows with time, differs for every
 * conversation, and fits in the 53 bits of an integer that JSON carries exactly. It is the continuation token.
 *
 * 41 bits of milliseconds since 2025 (until 2094), 6 bits to tell apart what one shard made in one millisecond, and
 * 6 bits for the shard.
 */
const EPOCH_MS = Date.UTC(2025, 0, 1);
const SHARDS = 64;
const PER_MILLISECOND = 64 * SHARDS;

/** The next position of a shard: the present time, or just after `last` when the clock has not moved on. */
export function nextPosition(now: number, last: number, shard: number): number {
  const position = (now - EPOCH_MS) * PER_MILLISECOND + shard;
  return position > last ? position : last + SHARDS;
}

/** When the conversation at a position was created, in milliseconds since 1970. */
export function createdAtOf(position: number): number {
  return EPOCH_MS + Math.floor(position / PER_MILLISECOND);
}

/** The shard of a user: FNV-1a over the identifier. A user always falls in the same one. */
export function shardOf(userId: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(userId)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % shards;
}
