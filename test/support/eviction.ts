/** Eviction of Durable Objects, as the platform does it to save memory. */
import { evictDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';
import { PATIENT } from './faults.ts';

/**
 * Evicts an object. The runtime refuses that while a request still refers to the object, and on a busy machine the end of
 * the last request may come late: then it is tried again.
 */
export async function evict(stub: DurableObjectStub): Promise<void> {
  await vi.waitFor(() => evictDurableObject(stub), PATIENT);
}
