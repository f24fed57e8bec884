/** The command line of `npm run agent:test` and `npm run agent:charts`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Options that both commands have. */
const OPTIONS = {
  model: { type: 'boolean', default: false },
  letters: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Options of `npm run agent:test` besides. */
const TEST_OPTIONS = {
  replay: { type: 'boolean', default: false },
  record: { type: 'string' },
  organization: { type: 'string' },
  coverage: { type: 'string' },
} as const;

/** Files that a command plays, and its options. */
export interface CommandLine {
  files: string[];
  model: boolean;
  letters: boolean;
  verbose: boolean;
  json: boolean;
  /** True to answer as it was recorded, instead of asking an agent. */
  replay: boolean;
  /** Directory for the dialogues as they were played, or null. */
  record: string | null;
  /** File of the organization in place of the one that a file of dialogues names, or null. */
  organization: string | null;
  /** The least share of states and exits that the dialogues of a service must reach, in percent, or null. */
  coverage: number | null;
}

/** An error in the arguments of a command. Its message says which argument is wrong. */
export class UsageError extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the file of an argument, or every JSON file of a directory by name. Throws when there is no file. */
export async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`There is no file "${path}".`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new UsageError(`The directory "${path}" has no JSON files.`);
  return names.map((name) => join(path, name));
}

function parsed(args: string[], tests: boolean) {
  try {
    const options = tests ? { ...OPTIONS, ...TEST_OPTIONS } : OPTIONS;
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Values of `TEST_OPTIONS`, which a command without them does not have. */
interface TestValues {
  replay?: boolean;
  record?: string;
  organization?: string;
  coverage?: string;
}

/** Returns the number of a percentage. Throws a `UsageError` for anything else. */
export function readPercentage(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d{1,3}$/.test(text) || value > 100) {
    throw new UsageError('--coverage takes a whole number from 0 to 100.');
  }
  return value;
}

/** Returns the command line, or null when the user asks for help. Throws a `UsageError` for invalid arguments. */
export async function readCommandLine(args: string[], tests: boolean): Promise<CommandLine | null> {
  const { values, positionals } = parsed(args, tests);
  const { help, model, letters, verbose, json } = values;
  if (help) return null;
  if (positionals.length === 0) throw new UsageError('Name at least one file or directory.');
  const { replay = false, record = null, organization = null, coverage } = values as TestValues;
  if (replay && (model || record !== null))
    throw new UsageError('--replay goes without --model and --record.');
  const files: string[] = [];
  for (const path of positionals) files.push(...(await filesOf(path)));
  return {
    ...{ files, model, letters, verbose, json, replay, record, organization },
    coverage: readPercentage(coverage),
  };
}

/**
 * Runs a command and sets the exit code of the process: the result of `play`, 0 for `--help`, or 2 for an error.
 * Prints the message of an error, and `usage` when the arguments are invalid. `tests` allows the options of
 * `npm run agent:test`.
 */
export async function runCommand(
  usage: string,
  play: (commandLine: CommandLine) => Promise<number>,
  tests = false,
): Promise<void> {
  try {
    const commandLine = await readCommandLine(process.argv.slice(2), tests);
    if (commandLine === null) console.log(usage);
    else process.exitCode = await play(commandLine);
  } catch (error) {
    console.error(messageOf(error));
    if (error instanceof UsageError) console.error(`\n${usage}`);
    process.exitCode = 2;
  }
}

const TEST_USAGE = `
  --record DIRECTORY     write the dialogues as they were played, to be tests and to be replayed
  --replay               answer as it was recorded, and show which paths differ
  --organization FILE    play on this organization instead of the one that the file names
  --coverage PERCENT     demand that so many of the states and exits of each service are reached`;

/** Returns the usage of a command that plays files of `content`. `tests` names the options of `npm run agent:test`. */
export function usageOf(command: string, content: string, tests = false): string {
  return `Usage: npm run ${command} -- PATH... [--model] [--letters] [--verbose] [--json]

PATH is a file of ${content}, or a directory: it stands for all its JSON files.

  --model    play on the model that LLM_BASE_URL, LLM_MODEL and LLM_API_KEY name
  --letters  play without word vectors
  --verbose  print more about each file
  --json     print the results as JSON
  --help     print this text${tests ? TEST_USAGE : ''}`;
}
