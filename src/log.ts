import { jsonLine } from './text.ts';

/** Structured logs: one line of JSON each, without tokens, keys or what anybody said. */
type Fields = Record<string, string | number | boolean | null | undefined>;

/** How many frames of a stack tell where something went wrong. */
const LOGGED_FRAMES = 4;

export function logInfo(event: string, fields: Fields = {}): void {
  console.log(jsonLine({ level: 'info', event, ...fields }));
}

/** A change to what is stored: identifiers alone, never text of users. */
export interface Change {
  /** The operation that made it, by its identifier. */
  operation: string;
  organization: string;
  /** Who made it: the identifier of a user, `key:` and that of a key, or `account:` and the account that publishes. */
  actor: string;
  /** What was changed: its identifier. */
  object: string;
  /** The user whose it is, where it is a user's. */
  owner?: string;
  interaction_id?: string;
  request_id: string;
}

/** Logs a change that is stored: the lines of event `change` are the audit trail (docs/access.md). */
export function logChange(change: Change): void {
  logInfo('change', { ...change });
}

/**
 * Logs that something failed: the error's name and where it was thrown. Not its message, which may quote what a user
 * said or a provider answered.
 */
export function logError(event: string, error: unknown, fields: Fields = {}): void {
  const name = error instanceof Error ? error.name : typeof error;
  const frames = (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, LOGGED_FRAMES);
  console.error(jsonLine({ level: 'error', event, error: name, at: frames, ...fields }));
}
