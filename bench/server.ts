/** A workerd of its own for each Worker: outside `wrangler dev`, reached on a socket that leads straight to it. */
import { readdir, readFile } from 'node:fs/promises';
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare';

const WORKER = 'benched';

export interface ServerOptions {
  script: string;
  worker: Omit<V4WorkerOptions, 'script' | 'modules' | 'modulesRoot' | 'scriptPath'>;
  /** Where the databases lie. */
  directory: string;
  /** Opens the V8 inspector. A timed run does without. */
  inspector?: boolean;
}

/** A running Worker, and what its process tells of itself. */
export interface Server {
  origin: URL;
  pid: number;
  miniflare: Miniflare;
  /** CPU time of all threads since the start, in milliseconds. */
  cpuMs(): Promise<number>;
  /** Resident memory, in bytes. */
  memoryBytes(): Promise<number>;
  /** The Worker's V8 inspector. */
  inspector(): Promise<URL>;
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

/** From the scheduler's own books, which count nanoseconds: `stat` counts hundredths of a second. */
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

/** Starts a Worker. Start one after the other: the new child process is taken for its workerd. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const before = new Set(await childProcesses());
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      resourcePersistencePath: options.directory,
      // What the Worker logs costs it its writing; what becomes of it afterwards is not its cost.
      handleStructuredLogs: ({ level, message }) => {
        if (level === 'error') console.error(message);
      },
      ...(options.inspector === true && { inspectorPort: 0 }),
      workers: [
        {
          ...options.worker,
          name: WORKER,
          modules: true,
          script: options.script,
          // Miniflare's own entry is a Worker in front of this one: twice the cost of an empty request.
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
