/** Reads the settings of the local server from the environment, `.dev.vars` and `--var` arguments. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

/** Values by name. An empty value counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Thrown for an invalid setting. The message is a sentence that names the variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Settings of the local server. */
export interface LocalSettings {
  port: number;
  /** Folder of the local data: databases, registry, signing key. */
  stateDir: string;
  baseUrl: string;
}

/** Returns the port in a variable, or the default `usual`. Throws `SettingsError` for an invalid port. */
function portOf(name: string, value: string | undefined, usual: number): number {
  const port = Number(value === undefined || value === '' ? usual : value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SettingsError(`${name} must be a port, not "${value}".`);
  return port;
}

/**
 * Returns `SPEECH_PORT`, the port of the local speech server (8790 by default). Throws `SettingsError` for an invalid
 * port.
 */
export function speechPort(env: Variables = process.env): number {
  return portOf('SPEECH_PORT', env.SPEECH_PORT, 8790);
}

/** Default ports of model servers. */
const MODEL_SERVERS = [
  { name: 'Ollama', port: 11_434 },
  { name: 'LM Studio', port: 1_234 },
] as const;

/**
 * Returns the model servers to look for: at `LLM_PORT` only, or, without it, Ollama and LM Studio. Throws
 * `SettingsError` for an invalid port.
 */
export function modelServers(env: Variables): readonly { name: string; port: number }[] {
  if ((env.LLM_PORT ?? '') === '') return MODEL_SERVERS;
  return [{ name: 'a local model server', port: portOf('LLM_PORT', env.LLM_PORT, 0) }];
}

/**
 * Returns the settings of `PORT` (8787 by default) and `STATE_DIR` (.state in the repository by default). Throws
 * `SettingsError` for an invalid port.
 */
export function localSettings(env: Variables = process.env): LocalSettings {
  const port = portOf('PORT', env.PORT, 8787);
  const stateDir = resolve(env.STATE_DIR ?? resolve(import.meta.dirname, '../.state'));
  return { port, stateDir, baseUrl: `http://localhost:${port}` };
}

/**
 * Returns the variables of `.dev.vars` in the repository, or of the file that `DEV_VARS` names (empty for none).
 * Returns none if the file does not exist.
 */
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

/** Returns the variables in arguments for the Worker: `--var NAME:VALUE`, as wrangler reads them. */
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
