/** What the local server is told by its environment, read in one place. */
import { resolve } from 'node:path';

export interface LocalSettings {
  port: number;
  /** Where the local data lives: databases, registry, signing key. */
  stateDir: string;
  baseUrl: string;
}

/** Reads `PORT` (8787) and `STATE_DIR` (.state in the repository). Throws when `PORT` is no port. */
export function localSettings(env: NodeJS.ProcessEnv = process.env): LocalSettings {
  const port = Number(env.PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT must be a port, not "${env.PORT}".`);
  const stateDir = resolve(env.STATE_DIR ?? resolve(import.meta.dirname, '../.state'));
  return { port, stateDir, baseUrl: `http://localhost:${port}` };
}
