/** What the local server is told: by its environment, by `.dev.vars`, by `--var` arguments. Read in one place. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

/** Values by name. An empty one counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be followed. Its message is a sentence that names the variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export interface LocalSettings {
  port: number;
  /** Where the local data lives: databases, registry, signing key. */
  stateDir: string;
  baseUrl: string;
}

/** The port that a variable of the environment names. Throws when it is none. */
function portOf(name: string, value: string | undefined, usual: number): number {
  const port = Number(value === undefined || value === '' ? usual : value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SettingsError(`${name} must be a port, not "${value}".`);
  return port;
}

/** Reads `SPEECH_PORT` (8790), where the local speech server is. Throws when it is no port. */
export function speechPort(env: Variables = process.env): number {
  return portOf('SPEECH_PORT', env.SPEECH_PORT, 8790);
}

/** The usual ports of the model servers that are looked for. */
const MODEL_SERVERS = [
  { name: 'Ollama', port: 11_434 },
  { name: 'LM Studio', port: 1_234 },
] as const;

/** Reads `LLM_PORT`, where alone a local model server is looked for; unset, where Ollama and LM Studio are. */
export function modelServers(env: Variables): readonly { name: string; port: number }[] {
  if ((env.LLM_PORT ?? '') === '') return MODEL_SERVERS;
  return [{ name: 'a local model server', port: portOf('LLM_PORT', env.LLM_PORT, 0) }];
}

/** Reads `PORT` (8787) and `STATE_DIR` (.state in the repository). Throws when `PORT` is no port. */
export function localSettings(env: Variables = process.env): LocalSettings {
  const port = portOf('PORT', env.PORT, 8787);
  const stateDir = resolve(env.STATE_DIR ?? resolve(import.meta.dirname, '../.state'));
  return { port, stateDir, baseUrl: `http://localhost:${port}` };
}

/** Reads `.dev.vars` in the repository, or the file that `DEV_VARS` names (empty: none). Nothing when it is not there. */
export function developmentVariables(env: Variables = process.env): Variables {
  if (env.DEV_VARS === '') return {};
  const path = resolve(import.meta.dirname, '..', env.DEV_VARS ?? '.dev.vars');
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Reads the variables that arguments give the Worker: `--var NAME:VALUE`, as wrangler reads them. */
export function variableArguments(args: readonly string[]): Record<string, string> {
  const given = args.flatMap((arg, index) => {
    if (arg.startsWith('--var=')) return [arg.slice('--var='.length)];
    return args[index - 1] === '--var' ? [arg] : [];
  });
  return Object.fromEntries(
    given.flatMap((pair) => {
      const colon = pair.indexOf(':');
      return colon === -1 ? [] : [[pair.slice(0, colon), pair.slice(colon + 1)]];
    }),
  );
}

/** Returns the variables that are set and whose names begin with `prefix`. */
export function startingWith(variables: Variables, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined && value !== '' ? [[name, value]] : [],
    ),
  );
}
