import * as z from 'zod';

/** The longest answer, in characters and in milliseconds: of either kind, far more than there is. */
const MAX_CHARACTERS = 1_000_000;
const MAX_MILLISECONDS = 3_600_000;

/** The part of an answer that reached the user. */
export const HeardBody = z
  .object({
    heard: z
      .union([
        z.object({
          characters: z.int().min(0).max(MAX_CHARACTERS).meta({ description: 'Of its text.' }),
        }),
        z.object({
          milliseconds: z.int().min(0).max(MAX_MILLISECONDS).meta({ description: 'Of its sound.' }),
        }),
      ])
      .nullish()
      .meta({ description: 'How much of the answer reached the user. Without it, all that was sent.' }),
  })
  .prefault({})
  .meta({ id: 'HeardRequest' });
