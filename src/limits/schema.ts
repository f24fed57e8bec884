import type { Schema } from '../storage/migrate.ts';

/** A step that is released is never changed: what changes the tables is a step more (docs/storage.md). */

const LIMITER_1 = `
  CREATE TABLE counters (operation TEXT PRIMARY KEY, stamps TEXT NOT NULL) WITHOUT ROWID
`;

/** The table of a user's counters. */
export const LIMITER_SCHEMA: Schema = { name: 'limiter', table: 'counters', steps: [LIMITER_1] };
