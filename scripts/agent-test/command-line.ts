/** The command line of `npm run agent:test` and `npm run agent:charts`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Options that both commands have. */
const OPTIONS = {
  model: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Files that a command plays, and its options. */
export interface CommandLine {
  files: string[];
  model: boolean;
  verbose: boolean;
  json: boolean;
}

/** An error in the arguments of a command. Its message says which argument is wrong. */
class UsageError extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the file of an argument, or every JSON file of a directory by name. Throws when there is no file. */
async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`There is no file "${path}".`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new UsageError(`The directory "${path}" has no JSON files.`);
  return names.map((name) => join(path, name));
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Returns the command line, or null when the user asks for help. Throws a `UsageError` for invalid arguments. */
async function readCommandLine(args: string[]): Promise<CommandLine | null> {
  const { values, positionals } = parsed(args);
  const { help, ...options } = values;
  if (help) return null;
  if (positionals.length === 0) throw new UsageError('Name at least one file or directory.');
  const files: string[] = [];
  for (const path of positionals) files.push(...(await filesOf(path)));
  return { ...options, files };
}

/**
 * Runs a command and sets the exit code of the process: the result of `play`, 0 for `--help`, or 2 for an error.
 * Prints the message of an error, and `usage` when the arguments are invalid.
 */
export async function runCommand(
  usage: string,
  play: (commandLine: CommandLine) => Promise<number>,
): Promise<void> {
  try {
    const commandLine = await readCommandLine(process.argv.slice(2));
    if (commandLine === null) console.log(usage);
    else process.exitCode = await play(commandLine);
  } catch (error) {
    console.error(messageOf(error));
    if (error instanceof UsageError) console.error(`\n${usage}`);
    process.exitCode = 2;
  }
}

/** Returns the usage of a command that plays files of `content`. */
export function usageOf(command: string, content: string): string {
  return `Usage: npm run ${command} -- PATH... [--model] [--verbose] [--json]

PATH is a file of ${content}, or a directory: it stands for all its JSON files.

  --model    play on the model that LLM_BASE_URL, LLM_MODEL and LLM_API_KEY name
  --verbose  print more about each file
  --json     print the results as JSON
  --help     print this text`;
}
