import type { Schema } from '../storage/migrate.ts';

/** Released steps never change: a change of the tables is a new step (docs/storage.md). */

const LIMITER_1 = `
  CREATE TABLE counters (operation TEXT PRIMARY KEY, stamps TEXT NOT NULL) WITHOUT ROWID
`;

/** The tables of a user's counters. */
export const LIMITER_SCHEMA: Schema = { name: 'limiter', table: 'counters', steps: [LIMITER_1] };

const STALE_1 = `
  CREATE TABLE stale (kind TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID
`;

/**
 * The table of the copies that are too old for this user's requests. It has a version of its own: most users never have
 * such copies.
 */
export const STALE_SCHEMA: Schema = { name: 'stale', table: 'stale', steps: [STALE_1] };

const VISITORS_1 = `
  CREATE TABLE visitors (id INTEGER PRIMARY KEY CHECK (id = 0), counts TEXT NOT NULL)
`;

/** The one row of a network's object: the visitors that began there. No other object has the table. */
export const VISITORS_SCHEMA: Schema = { name: 'visitors', table: 'visitors', steps: [VISITORS_1] };
