/** Runs each Worker in its own workerd process, without `wrangler dev`, on a direct socket. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare';
import type { ScriptFile } from '../scripts/worker-bundle.ts';

const WORKER = 'benched';
/** Folder of the script's files, which exists for Miniflare alone. */
const SCRIPT_FOLDER = '/benched';

/** Options of a server. */
export interface ServerOptions {
  /** Files of the Worker, the Worker itself first. */
  files: readonly Pick<ScriptFile, 'name' | 'code'>[];
  worker: Omit<V4WorkerOptions, 'script' | 'modules' | 'modulesRoot' | 'scriptPath'>;
  /** Folder of the databases. */
  directory: string;
  /** Opens the V8 inspector. Timed runs do not use it. */
  inspector?: boolean;
}

/** A running Worker, with measurements of its process. */
export interface Server {
  origin: URL;
  pid: number;
  miniflare: Miniflare;
  /** Returns the CPU time of all threads since the start in milliseconds. */
  cpuMs(): Promise<number>;
  /** Returns the resident memory in bytes. */
  memoryBytes(): Promise<number>;
  /** Returns the address of the Worker's V8 inspector. */
  inspector(): Promise<URL>;
  /** Stops the process. */
  stop(): Promise<void>;
}

async function childProcesses(): Promise<number[]> {
  const threads = await readdir('/proc/self/task');
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

async function isWorkerd(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() === 'workerd';
}

/**
 * Returns the CPU time of a process in milliseconds, from the scheduler's statistics in nanoseconds: `stat` counts
 * hundredths of a second.
 */
async function cpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const books = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      return Number(books.split(' ')[0]) / 1e6;
    }),
  );
  return times.reduce((sum, time) => sum + time, 0);
}

async function memoryBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** Starts a Worker. Start only one at a time: the new child process is taken as its workerd. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const before = new Set(await childProcesses());
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      resourcePersistencePath: options.directory,
      // Writing logs is part of the Worker's cost, but their output is not.
      handleStructuredLogs: ({ level, message }) => {
        if (level === 'error') console.error(message);
      },
      ...(options.inspector === true && { inspectorPort: 0 }),
      workers: [
        {
          ...options.worker,
          name: WORKER,
          modulesRoot: SCRIPT_FOLDER,
          modules: options.files.map(({ name, code }) => ({
            type: 'ESModule',
            path: join(SCRIPT_FOLDER, name),
            contents: code,
          })),
          // Miniflare's own entry is another Worker before this one, and doubles the cost of an empty request.
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
      ],
    }),
  );
  await miniflare.ready;
  const children = (await childProcesses()).filter((pid) => !before.has(pid));
  const workerds = await Promise.all(children.map(async (pid) => ((await isWorkerd(pid)) ? [pid] : [])));
  const [pid] = workerds.flat();
  if (pid === undefined) throw new Error('The process of workerd was not found.');
  return {
    origin: await miniflare.unsafeGetDirectURL(WORKER),
    pid,
    miniflare,
    cpuMs: () => cpuMs(pid),
    memoryBytes: () => memoryBytes(pid),
    inspector: async () => new URL(`/core:user:${WORKER}`, await miniflare.getInspectorURL()),
    stop: () => miniflare.dispose(),
  };
}
