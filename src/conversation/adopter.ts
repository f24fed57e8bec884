/** The user who has adopted a visitor, and whose memory learns from the conversations of the visitor. */
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import type { Home } from '../home.ts';
import { isLikelyVisitor } from '../identifiers.ts';
import type { Memory } from '../memory/memory.ts';
import { memoryOf, registryOf } from '../objects.ts';
import { registryKey } from '../registry/keys.ts';
import { isDeparted } from '../registry/users.ts';

/** Time that the registry may take to answer, in milliseconds. */
const REGISTRY_MS = 5_000;

/** Answer of the registry's object about a document. */
type Read = { managed: false } | { managed: true; documents: Record<string, { value: unknown }> };

/**
 * Returns the user who owns the conversations of `userId`: the user who has adopted them, if they are an adopted visitor,
 * else themselves. Asks the registry's object for visitors only. Rejects if it does not answer.
 */
export async function ownerOf(
  env: Pick<Env, 'REGISTRY_OBJECT' | 'JURISDICTIONS'>,
  home: Home,
  userId: string,
): Promise<string> {
  if (!isLikelyVisitor(userId)) return userId;
  const key = registryKey.user(home.organization, userId);
  const asked = registryOf(env, home).read(home.organization, [key]) as Promise<Read>;
  const read = await inTime(REGISTRY_MS, asked);
  const document = read.managed ? read.documents[key]?.value : null;
  return isDeparted(document) ? (document.adopted_by ?? userId) : userId;
}

/** Returns the memory that learns from the conversations of a user, with the identifier of its owner: see `ownerOf`. */
export async function memoryFor(
  env: Pick<Env, 'REGISTRY_OBJECT' | 'MEMORY' | 'JURISDICTIONS'>,
  { user_id, ...home }: Home & { user_id: string },
): Promise<{ owner: string; memory: DurableObjectStub<Memory> }> {
  const owner = await ownerOf(env, home, user_id);
  return { owner, memory: memoryOf(env, home, owner) };
}
