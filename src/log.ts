import { jsonLine } from './text.ts';

/** Fields of a log line. A line is one JSON object, without tokens, keys or text of users. */
type Fields = Record<string, string | number | boolean | null | undefined>;

/** Maximum number of stack frames in a log line. */
const LOGGED_FRAMES = 4;

/** Logs an event with its fields as one line of JSON. */
export function logInfo(event: string, fields: Fields = {}): void {
  console.log(jsonLine({ level: 'info', event, ...fields }));
}

/** A change of stored data. Has identifiers only, and no text of users. */
export interface Change {
  /** Identifier of the operation. */
  operation: string;
  organization: string;
  /**
   * Actor of the change: the identifier of a user, `key:` and the identifier of a key, or `account:` and the account
   * that publishes.
   */
  actor: string;
  /** Identifier of the changed object. */
  object: string;
  /** Owner of the changed object, if a user owns it. */
  owner?: string;
  interaction_id?: string;
  request_id: string;
}

/** Logs a change after it is stored. The lines with the event `change` are the audit trail (docs/access.md). */
export function logChange(change: Change): void {
  logInfo('change', { ...change });
}

/** Maximum number of logged causes of an error, in development. An error can be its own cause. */
const LOGGED_CAUSES = 4;

let inFull = false;

/**
 * Sets whether errors of this isolate are logged in full. For development only: messages may quote users and providers.
 * `src/index.ts` calls it once, before the first request.
 */
export function logErrorsInFull(on: boolean): void {
  inFull = on;
}

/** Returns an error and its causes, the outermost first. */
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

/** Returns the stack of an error as lines. `wrangler dev` maps each line to the source. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}

/**
 * Logs a failure: a stable event, the error's name and the place where it was thrown. In development also its message,
 * its causes and the stacks.
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
