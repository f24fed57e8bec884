/** Finds or starts the development server to which `npm run dev` publishes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ProblemDetails } from '../../src/contract/problem.ts';
import type { PublicationAnswer, Settings } from '../../src/contract/workbench.ts';
import { SettingsError } from '../settings.ts';

const START = join(import.meta.dirname, '../start.ts');
/** Interval in milliseconds in which a starting server is asked. */
const POLL_MS = 200;
/** Maximum time of an answer of a server on this machine, in milliseconds. */
const ANSWER_MS = 30_000;

/** Answer of a server to a publication. */
export type Answer =
  | ({ kind: 'published' | 'refused' } & Omit<PublicationAnswer, 'revision'>)
  | { kind: 'wrong'; errors: string[] };

/** Tells whether a development server answers at an address. Throws `SettingsError` if another server does. */
export async function isRunning(baseUrl: string): Promise<boolean> {
  const answer = await fetch(`${baseUrl}/workbench/api/settings`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => null);
  if (answer === null) return false;
  const settings = (await answer.json().catch(() => null)) as Partial<Settings> | null;
  if (settings?.development === true) return true;
  throw new SettingsError(
    `The server at ${baseUrl} is not a development server of the Conversation API. Stop it, or choose another port by PORT.`,
  );
}

/** Starts a server as `npm start` does. Resolves when it answers, or with null if it ends before. */
export async function startServer(baseUrl: string): Promise<ChildProcess | null> {
  const server = spawn(process.execPath, [START], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
  while (server.exitCode === null && server.signalCode === null) {
    if (await isRunning(baseUrl).catch(() => false)) return server;
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
  return null;
}

/** Publishes the text of a file to a running server with automatic versions. */
export async function publishTo(baseUrl: string, text: string, release: boolean): Promise<Answer> {
  const response = await fetch(`${baseUrl}/workbench/api/publish?bump=true&release=${release}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok) {
    const problem = (await response.json()) as Partial<ProblemDetails>;
    const { detail = `The server answered ${response.status}.`, errors = [], error_count = 0 } = problem;
    const rest = error_count - errors.length;
    const lines = [...errors.map(({ msg }) => msg), ...(rest > 0 ? [`… and ${rest} more`] : [])];
    return { kind: 'wrong', errors: lines.length > 0 ? lines : [detail] };
  }
  const { revision, ...told } = (await response.json()) as PublicationAnswer;
  return { kind: revision === null ? 'refused' : 'published', ...told };
}
