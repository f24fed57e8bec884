import * as z from 'zod';

/** Most days of a retention: a hundred years. */
const MAX_DAYS = 36_500;

const Days = z.int().min(1).max(MAX_DAYS).nullable().default(null);

/** Schema of a retention: days after which something is removed, counted from its newest message; null for never. */
export const Retention = z.strictObject({
  /** Days after the last message of a conversation, after which all of it is erased. */
  conversations_days: Days,
  /** Days after a spoken message, after which its recording is removed. Its text stays. */
  recordings_days: Days,
  /** Days after the last message of a visitor's conversation, in place of `conversations_days`. */
  visitors_days: Days,
});
export type Retention = z.infer<typeof Retention>;
