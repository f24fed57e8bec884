import type { Schema } from '../storage/migrate.ts';

/** Released steps never change: a change of the tables is a new step (docs/storage.md). */

const BUDGET_1 = `
  CREATE TABLE counters (
    key TEXT PRIMARY KEY,
    spent TEXT NOT NULL,
    held TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE leases (
    holder TEXT PRIMARY KEY,
    lease TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE usage (
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    model TEXT NOT NULL,
    kind TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    model_calls INTEGER NOT NULL,
    estimated_calls INTEGER NOT NULL,
    micro_usd INTEGER NOT NULL,
    PRIMARY KEY (day, service, model, kind)
  ) WITHOUT ROWID;
  CREATE TABLE reports (
    reporter TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    number INTEGER NOT NULL,
    rows TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE notices (
    key TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER
  ) WITHOUT ROWID;
`;

/** The tables of an organization's budgets and usage. */
export const BUDGET_SCHEMA: Schema = { name: 'budget', table: 'counters', steps: [BUDGET_1] };
