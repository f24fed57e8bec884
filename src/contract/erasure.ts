/** Receipts of erasures, and the progress of the erasure of a user. */
import * as z from 'zod';

/** Counts of what an erasure removed. */
const Removed = {
  messages: z.int().meta({ description: 'Messages that were removed.' }),
  recordings: z.int().meta({ description: 'Recordings of messages that were removed.' }),
  memories: z.int().meta({ description: 'Memories that were removed.' }),
};

const signed = z.string().meta({
  description:
    'The same statement as a compact JWS (ES256), which the keys at `/.well-known/jwks.json` verify. Its `typ` is ' +
    '`erasure-receipt+jwt`.',
});

/** Answer to the erasure of a conversation. */
export const ErasedConversationAnswer = z
  .object({
    what: z.literal('conversation'),
    id: z.string(),
    erased_at: z.iso.datetime(),
    ...Removed,
    receipt: signed,
  })
  .meta({ id: 'ErasedConversation' });

/** State of the erasure of a user. */
export const UserErasureAnswer = z
  .object({
    state: z.enum(['running', 'finished']),
    conversations_left: z.int().meta({ description: 'Conversations that are still to be erased.' }),
    requested_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
    conversations: z.int().meta({ description: 'Conversations that were erased, or made anonymous.' }),
    ...Removed,
    kept: z.boolean().meta({ description: 'True if conversations are kept without the name of the user.' }),
    receipt: signed.nullable().meta({ description: 'A signed receipt, once it is finished.' }),
  })
  .meta({ id: 'UserErasure' });

/** Counts of what an erasure removed. */
export type RemovedCounts = { [Name in keyof typeof Removed]: number };
