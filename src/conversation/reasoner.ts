import { embeddedReasoner } from '../agent/embedded/embedded.ts';
import type { Reasoner } from '../agent/reasoner.ts';
import { embeddedPaceMs, type Env } from '../bindings.ts';

/** The reasoner that this deployment is configured with. */
export function reasonerOf(env: Env): Reasoner {
  return embeddedReasoner({ paceMs: embeddedPaceMs(env) });
}
