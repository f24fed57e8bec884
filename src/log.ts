import { jsonLine } from './text.ts';

/** Structured logs: one line of JSON each, without tokens, keys or text of users. */
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

/** How many causes of an error are logged in development: an error can be its own cause. */
const LOGGED_CAUSES = 4;

let inFull = false;

/**
 * Decides how the errors of this isolate are logged. In full is for development alone: messages may quote what a user
 * said or a provider answered. `src/index.ts` calls it once, before anything is served.
 */
export function logErrorsInFull(on: boolean): void {
  inFull = on;
}

/** An error and its causes, the outermost first. */
function chainOf(error: unknown): unknown[] {
  const chain = [error];
  let current = error;
  while (current instanceof Error && current.cause !== undefined && chain.length <= LOGGED_CAUSES) {
    current = current.cause;
    chain.push(current);
  }
  return chain;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The lines of a stack. `wrangler dev` maps them to the source where each has a line of its own. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}

/**
 * Logs that something failed: a stable event, the error's name and where it was thrown. In development also its
 * message, its causes, and the stack on lines of their own.
 */
export function logError(event: string, error: unknown, fields: Fields = {}): void {
  const name = error instanceof Error ? error.name : typeof error;
  const frames = (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, LOGGED_FRAMES);
  const line = { level: 'error', event, error: name, at: frames, ...fields };
  if (!inFull) {
    console.error(jsonLine(line));
    return;
  }
  const chain = chainOf(error);
  const [message, ...causes] = chain.map(messageOf);
  console.error(jsonLine({ ...line, message, causes }), `\n${chain.map(stackOf).join('\nCaused by: ')}`);
}
