/** The identity that the demo page chats as. */
import * as z from 'zod';
import type { Env } from '../bindings.ts';
import { misconfigured, set, type Fault } from './faults.ts';
import { isDevelopment } from './switches.ts';

const DemoIdentity = z.object({ organization: z.string(), user_id: z.string(), service_id: z.string() });
/** The user and the service of the demo. */
export type DemoIdentity = z.infer<typeof DemoIdentity>;

const NOT_AN_IDENTITY = 'must be JSON with organization, user_id and service_id';

function parsed(text: string): DemoIdentity | null {
  try {
    return DemoIdentity.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Returns the fault of `DEMO`; null when it is valid or not set. */
export function demoFault(env: Pick<Env, 'DEMO'>): Fault | null {
  const text = set(env.DEMO);
  return text === undefined || parsed(text) !== null ? null : { variable: 'DEMO', reason: NOT_AN_IDENTITY };
}

/**
 * Returns the identity of the demo; null outside development, or when `DEMO` is not set. Throws 503 when `DEMO` is not
 * valid.
 */
export function demoIdentity(env: Pick<Env, 'DEMO' | 'DEVELOPMENT'>): DemoIdentity | null {
  const text = set(env.DEMO);
  if (!isDevelopment(env) || text === undefined) return null;
  const identity = parsed(text);
  if (identity === null) throw misconfigured({ variable: 'DEMO', reason: NOT_AN_IDENTITY }, text);
  return identity;
}
