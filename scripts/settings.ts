/** What the local server is told by its environment, read in one place. */
import { resolve } from 'node:path';

export interface LocalSettings {
  port: number;
  /** Where the local data lives: databases, registry, signing key. */
  stateDir: string;
  baseUrl: string;
}

/** The port that a variable of the environment names. Throws when it is none. */
function portOf(name: string, value: string | undefined, usual: number): number {
  const port = Number(value ?? usual);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${name} must be a port, not "${value}".`);
  return port;
}

/** Reads `SPEECH_PORT` (8790), where the local speech server is. Throws when it is no port. */
export function speechPort(env: Record<string, string | undefined> = process.env): number {
  return portOf('SPEECH_PORT', env.SPEECH_PORT, 8790);
}

/** Reads `PORT` (8787) and `STATE_DIR` (.state in the repository). Throws when `PORT` is no port. */
export function localSettings(env: NodeJS.ProcessEnv = process.env): LocalSettings {
  const port = portOf('PORT', env.PORT, 8787);
  const stateDir = resolve(env.STATE_DIR ?? resolve(import.meta.dirname, '../.state'));
  return { port, stateDir, baseUrl: `http://localhost:${port}` };
}
