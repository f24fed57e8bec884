import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import type { Memory } from './memory.ts';

/** Time that a request waits for the memory in milliseconds. After it, the request goes on without memories. */
const MEMORY_WAIT_MS = 2_000;

/**
 * Returns the result of `ask`, or `without` if the memory fails or does not answer in time. The conversation goes on
 * with an agent that has no memories, and the failure is logged.
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
