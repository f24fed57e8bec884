/** Runs the programs for speech and transcription: without a shell, with a maximum time, and few at a time. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ApiError } from './api-error.ts';

/** Folder of Debian's pocketsphinx-en-us. */
const MODEL = '/usr/share/pocketsphinx/model/en-us';
/** Files of the model for English speech. */
export const RECOGNITION_MODEL = {
  acoustic: join(MODEL, 'en-us'),
  language: join(MODEL, 'en-us.lm.bin'),
  dictionary: join(MODEL, 'cmudict-en-us.dict'),
};

/** Command that installs the programs on Debian. */
export const INSTALL = 'sudo apt-get install flite pocketsphinx pocketsphinx-en-us sox libsox-fmt-mp3';

/** Maximum time of a program in milliseconds: less than the minute that the API waits. */
const MAX_RUN_MS = 50_000;
/** Maximum size of a program's output in bytes: an hour of words. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Maximum number of programs at the same time: recognition uses a whole processor. */
const MAX_CONCURRENT = 2;
/** Maximum number of waiting requests. More would wait until their clients leave. */
const MAX_WAITING = 16;

/** Installed programs. */
export interface Engines {
  flite: boolean;
  pocketsphinx: boolean;
  model: boolean;
  /** True if formats and rates other than WAV at 16 kHz can be converted. */
  sox: boolean;
}

function exists(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function onPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && exists(join(folder, program), constants.X_OK));
}

/** Returns which programs are installed. */
export function enginesHere(): Engines {
  return {
    flite: onPath('flite'),
    pocketsphinx: onPath('pocketsphinx_continuous'),
    model: Object.values(RECOGNITION_MODEL).every((path) => exists(path, constants.R_OK)),
    sox: onPath('sox'),
  };
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MAX_WAITING)
    throw new ApiError(429, 'rate_limit_exceeded', 'Too many requests wait already.');
  if (running >= MAX_CONCURRENT) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    // The next waiting request takes this place.
    if (next === undefined) running -= 1;
    else next();
  }
}

/**
 * Calls `work` with a folder for the files of one request inside `root`, and removes the folder in any case. Throws
 * `ApiError` (429) if too many requests wait.
 */
export function withFiles<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  return inTurn(async () => {
    const folder = await mkdtemp(join(root, 'request-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const execute = promisify(execFile);

/** Runs a program and returns its output. Rejects if it fails, takes too long, or the signal aborts. */
export async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { stdout } = await execute(program, args, {
    signal,
    timeout: MAX_RUN_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
    encoding: 'utf8',
  });
  return stdout;
}
