import type { Env } from '../bindings.ts';
import type { Memory } from './memory.ts';

/** The memory of a user of an organization. */
export function memoryOf(
  env: Pick<Env, 'MEMORY'>,
  organization: string,
  userId: string,
): DurableObjectStub<Memory> {
  return env.MEMORY.getByName(`${organization}/${userId}`);
}
