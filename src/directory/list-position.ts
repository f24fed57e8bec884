/**
 * Positions of conversations in the list of an organization. A position grows with time, is unique, and fits in the 53
 * bits of an integer that JSON carries exactly. It is the continuation token.
 *
 * It has 41 bits of milliseconds since 2025 (until 2094), 6 bits for conversations of the same millisecond and shard,
 * and 6 bits for the shard.
 */
const EPOCH_MS = Date.UTC(2025, 0, 1);
const SHARDS = 64;
const PER_MILLISECOND = 64 * SHARDS;

/**
 * Returns the next position of a shard: the present time, or the position after `last` if the clock has not advanced.
 */
export function nextPosition(now: number, last: number, shard: number): number {
  const position = (now - EPOCH_MS) * PER_MILLISECOND + shard;
  return position > last ? position : last + SHARDS;
}

/** Returns the first position of a time, in milliseconds since 1970. */
export function positionAt(time: number): number {
  return Math.max(time - EPOCH_MS, 0) * PER_MILLISECOND;
}

/** Returns the time of creation of the conversation at a position, in milliseconds since 1970. */
export function createdAtOf(position: number): number {
  return EPOCH_MS + Math.floor(position / PER_MILLISECOND);
}

/** Returns the shard of a user: FNV-1a over the identifier, so always the same one. */
export function shardOf(userId: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(userId)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % shards;
}
