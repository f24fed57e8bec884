/** Collects the variables of a local Worker, and writes them to its file. */
import { writeFile } from 'node:fs/promises';
import { findModel } from './model/found.ts';
import {
  developmentVariables,
  SettingsError,
  startingWith,
  variableArguments,
  type Variables,
} from './settings.ts';
import { describeSpeech, speechVariables } from './speech/found.ts';

/** Status of a local server as text. */
export interface Status {
  model: string;
  voice: string;
  limits: string;
}

/** Variables of a local Worker, and its status. */
export interface WorkerVariables {
  variables: Record<string, string>;
  status: Status;
}

/** Prefixes of variables that are passed on from the environment: providers, and secrets of tools. */
const FROM_ENVIRONMENT = ['LLM_', 'SPEECH_', 'TRANSCRIPTION_', 'TOOL_'];
/** Variables of `npm start` itself, which the Worker does not get. */
const OF_START = new Set(['PORT', 'STATE_DIR', 'DEV_VARS', 'LLM', 'LLM_PORT', 'SPEECH', 'SPEECH_PORT']);

/**
 * Returns the settings without switches that arguments overrule: `--var LLM_…` takes precedence over `LLM=off` in the
 * environment.
 */
function switches(settings: Variables, args: Record<string, string>): Variables {
  const isGiven = (prefix: string) => Object.keys(args).some((name) => name.startsWith(prefix));
  const off = (name: string, prefix: string) =>
    settings[name] === 'off' && isGiven(prefix)
      ? Object.fromEntries([
          [name, ''],
          ...Object.keys(startingWith(settings, prefix)).map((each) => [each, ''] as const),
        ])
      : {};
  return { ...settings, ...off('LLM', 'LLM_'), ...off('SPEECH', 'SPEECH_') };
}

/**
 * Collects the variables of a Worker from `.dev.vars`, the environment, which takes precedence, and `--var` arguments,
 * which take precedence over both. Finds the model and the voice. Throws `SettingsError` for an incomplete
 * configuration.
 */
export async function workerVariables(
  args: readonly string[],
  env: Variables = process.env,
): Promise<WorkerVariables> {
  const own = developmentVariables(env);
  const given = variableArguments(args);
  const settings = { ...switches({ ...own, ...env }, given), ...given };
  const [model, speech] = await Promise.all([findModel(settings), speechVariables(settings)]);
  const passedOn = Object.entries(own).filter(
    ([name]) =>
      !OF_START.has(name) && !FROM_ENVIRONMENT.slice(0, 3).some((prefix) => name.startsWith(prefix)),
  );
  const variables: Record<string, string> = {
    ...(Object.fromEntries(passedOn) as Record<string, string>),
    ...startingWith(env, 'TOOL_'),
    ...model.variables,
    ...speech,
  };
  const limitsAreOff = (given.RATE_LIMITS ?? variables.RATE_LIMITS) === 'off';
  return {
    variables,
    status: {
      model: model.words,
      voice: describeSpeech(settings, speech),
      limits: limitsAreOff
        ? 'off (RATE_LIMITS=off)'
        : 'on, as published; "npm start -- --var RATE_LIMITS:off" switches them off',
    },
  };
}

/**
 * Returns a value in quotes that it does not contain, with `$` escaped, so that wrangler reads it back unchanged.
 * Throws `SettingsError` if it contains every kind of quote.
 */
function quoted(name: string, value: string): string {
  const quote = ["'", '"', '`'].find(
    (each) => !value.includes(each) && !(each === '"' && /\\[nr]/.test(value)),
  );
  if (quote === undefined)
    throw new SettingsError(`${name} contains every kind of quote, and cannot be written to a file.`);
  return `${quote}${value.replaceAll('$', String.raw`\$`)}${quote}`;
}

/**
 * Writes variables to a file that only its owner can read. On a command line every user of the machine could read the
 * secrets.
 */
export async function writeVariables(path: string, variables: Record<string, string>): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(name, value)}\n`);
  await writeFile(path, lines.join(''), { mode: 0o600 });
}
