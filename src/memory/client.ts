import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import type { Memory } from './memory.ts';

/** How long a request waits for what is remembered, in milliseconds. After that it goes on without. */
const MEMORY_WAIT_MS = 2_000;

/** The memory of a user of an organization. */
export function memoryOf(
  env: Pick<Env, 'MEMORY'>,
  organization: string,
  userId: string,
): DurableObjectStub<Memory> {
  return env.MEMORY.getByName(`${organization}/${userId}`);
}

/**
 * Returns what `ask` learns from the user's memory, or `without` when the memory does not answer: a conversation goes on
 * with an agent that does not remember. The log says so.
 */
export async function askMemory<T>(
  memory: DurableObjectStub<Memory>,
  ask: (memory: DurableObjectStub<Memory>) => Promise<T>,
  without: T,
  about: Record<string, string> = {},
): Promise<T> {
  try {
    return await inTime(MEMORY_WAIT_MS, ask(memory));
  } catch (error) {
    logError('memory_unavailable', error, about);
    return without;
  }
}
