import type { Env } from '../../bindings.ts';
import type { Home } from '../../home.ts';
import { limiterOf } from '../../objects.ts';
import type { StaleKind } from '../revisions.ts';

/** Targets of a publication: the documents in KV, and the limiters that are told that a copy is too old. */
export interface Outlets {
  put: (key: string, value: string) => Promise<void>;
  remove: (key: string) => Promise<void>;
  /** Tells the limiter of a user. */
  tell: (home: Home, user: string, kind: StaleKind, revision: number) => Promise<void>;
}

/** Returns the targets that the deployment binds. */
export function outletsOf(env: Pick<Env, 'REGISTRY' | 'LIMITER' | 'JURISDICTIONS'>): Outlets {
  return {
    put: (key, value) => env.REGISTRY.put(key, value),
    remove: (key) => env.REGISTRY.delete(key),
    tell: (home, user, kind, revision) => limiterOf(env, home, user).staleBefore({ [kind]: revision }),
  };
}
