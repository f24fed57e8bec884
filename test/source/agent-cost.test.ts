/** Twice the text costs the agent at most two and a half times the time and memory, wherever it reads a text. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ENTRANCES, REPETITIONS } from './agent-entrances.ts';
import { cpuTime } from './cpu-time.ts';

/** Characters: the larger text is as long as the longest message. */
const SMALL = 4_000;
const GROWTH = 8;
const MAX_GROWTH = 2.5 ** Math.log2(GROWTH);
/** Less than this tells nothing: milliseconds, and KiB. */
const FLOOR_MS = 10;
const FLOOR_KIB = 24 * 1024;
const TIMEOUT_MS = 120_000;

/** Returns the CPU time of the shortest of three runs, in milliseconds. */
async function timeOf(entrance: (text: string) => Promise<unknown>, text: string): Promise<number> {
  let shortest = Infinity;
  for (let run = 0; run < 3; run += 1) {
    const begun = cpuTime();
    await entrance(text);
    shortest = Math.min(shortest, cpuTime() - begun);
  }
  return shortest;
}

/** Returns the memory in KiB that a process needs for a text beyond that for none. */
async function memoryOf(name: string, repeated: string, length: number): Promise<number> {
  const script = join(import.meta.dirname, 'agent-memory.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, name, repeated, String(length)]);
  const [before = 0, after = 0] = JSON.parse(stdout) as number[];
  return after - before;
}

describe.each(Object.entries(ENTRANCES))('%s', (name, entrance) => {
  it.each([...REPETITIONS])(
    'the embedded agent takes linear time for %j',
    { timeout: TIMEOUT_MS },
    async (repeated) => {
      const small = await timeOf(entrance, repeated.repeat(SMALL / repeated.length));
      const large = await timeOf(entrance, repeated.repeat((SMALL * GROWTH) / repeated.length));
      expect(large).toBeLessThan(Math.max(small, FLOOR_MS) * MAX_GROWTH);
    },
  );

  it('the embedded agent takes linear memory for one long word', { timeout: TIMEOUT_MS }, async () => {
    const repeated = 'Zm9vYmFy';
    const small = await memoryOf(name, repeated, SMALL);
    const large = await memoryOf(name, repeated, SMALL * GROWTH);
    expect(large).toBeLessThan(Math.max(small, FLOOR_KIB) * MAX_GROWTH);
  });
});
