/** Describes the machine of the measurement. */
import { cpus, release, totalmem } from 'node:os';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { median } from './statistics.ts';

const SYNCS = 200;

/** Returns the time of a synchronous write of a page in milliseconds: the least cost of a commit in this folder. */
export function syncMs(directory: string): number {
  const file = openSync(join(directory, 'sync'), 'w');
  const page = Buffer.alloc(4096);
  const times = Array.from({ length: SYNCS }, () => {
    const startedAt = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return median(times);
}

/** Returns the machine, and the versions of the runtimes, as text. */
export function machine(): string {
  const [cpu] = cpus();
  const { version } = createRequire(import.meta.url)('workerd/package.json') as { version: string };
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${memory} GiB, Linux ${release()}, workerd ${version}, Node ${process.versions.node}`;
}

/** Returns the busy CPU time of the whole machine in ticks of 10 ms (proc(5)). */
export async function busyTicks(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/** Returns the CPU time of this process and of its ended child processes in ticks of 10 ms. */
export async function ownTicks(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // The command's name, in brackets, may contain any character: the fields after it are counted from 3.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return fields.slice(14 - 3, 18 - 3).reduce((sum, ticks) => sum + ticks, 0);
}
