/** The programs that speak and listen, and how they are run: never through a shell, never for long, few at a time. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ApiError } from './api-error.ts';

/** Where Debian's pocketsphinx-en-us lies. */
const MODEL = '/usr/share/pocketsphinx/model/en-us';
export const RECOGNITION_MODEL = {
  acoustic: join(MODEL, 'en-us'),
  language: join(MODEL, 'en-us.lm.bin'),
  dictionary: join(MODEL, 'cmudict-en-us.dict'),
};

export const INSTALL = 'sudo apt-get install flite pocketsphinx pocketsphinx-en-us sox libsox-fmt-mp3';

/** Less than the minute for which the API waits. In milliseconds. */
const MAX_RUN_MS = 50_000;
/** What a program may print, in bytes: an hour of words. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Recognition takes a processor for itself. */
const MAX_CONCURRENT = 2;
/** More than this many wait for one of them to end only to be given up. */
const MAX_WAITING = 16;

export interface Engines {
  flite: boolean;
  pocketsphinx: boolean;
  model: boolean;
  /** Needed for formats and rates other than WAV at 16 kHz. */
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
    // Whoever waits takes over this place.
    if (next === undefined) running -= 1;
    else next();
  }
}

/** A folder for the files of one request inside `root`. It is gone when the work is, however that ends. */
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

/** Runs a program and gives what it prints. Rejects when it fails, takes too long, or the signal ends it. */
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
