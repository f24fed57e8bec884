/** Structured logs: one line of JSON each, without tokens, keys or what anybody said. */
type Fields = Record<string, string | number | boolean | null | undefined>;

export function logInfo(event: string, fields: Fields = {}): void {
  console.log(JSON.stringify({ level: 'info', event, ...fields }));
}

/** The name and message of an error go into the log, never into an answer. */
export function logError(event: string, error: unknown, fields: Fields = {}): void {
  const { name, message } = error instanceof Error ? error : { name: 'Unknown', message: String(error) };
  console.error(JSON.stringify({ level: 'error', event, error: name, message, ...fields }));
}
