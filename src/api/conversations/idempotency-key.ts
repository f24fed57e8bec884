import type * as z from 'zod';
import {
  fingerprintOf,
  keyDigest,
  readIdempotencyKey,
  type KeyRecord,
} from '../../conversation/turns/idempotency.ts';
import { unwrap } from '../../problems.ts';
import { atMost } from '../../registry/primitives.ts';
import { CommonHeaders, MAX_HEADER_LENGTH } from '../parameters.ts';

/** The header under which a request may be sent again. Its form is checked by `readIdempotencyKey`, with its own code. */
const IdempotencyKey = atMost(MAX_HEADER_LENGTH)
  .optional()
  .meta({
    description:
      'A key of 1 to 255 visible ASCII characters, new for every message, with or without quotes. The same request with ' +
      'the same key is carried out once: it joins the turn that runs, or gets the events of the stored one again, with ' +
      '`Idempotent-Replayed: true`. The last 100 interactions of a conversation answer to their keys. Another request ' +
      'with the key is refused (422 `idempotency_key_reused`). A turn that came to nothing is run again.',
    'x-extension': true,
  });

/** The headers of an operation that takes a key. */
export const KeyedHeaders = CommonHeaders.extend({ 'Idempotency-Key': IdempotencyKey });

/** Returns the key of a request; null without one. Throws `idempotency_key_invalid`. */
export function keyOf(headers: z.infer<typeof KeyedHeaders>): string | null {
  return unwrap(readIdempotencyKey(headers['Idempotency-Key']));
}

/** Returns a key as the conversation keeps it, with the digest of what is sent with it; null without a key. */
export async function keyRecordOf(
  key: string | null,
  userId: string,
  operation: 'create' | 'interact',
  content: unknown,
): Promise<KeyRecord | null> {
  if (key === null) return null;
  return Promise.all([keyDigest(userId, operation, key), fingerprintOf(content)]);
}
