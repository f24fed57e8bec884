import type { Env } from '../../bindings.ts';
import { homeOf } from '../../home.ts';
import { limiterOf } from '../../objects.ts';
import type { Contents } from './deletion.ts';

/** Returns what erases the contents of an organization: the counters of its users. */
export function contentsOf(env: Pick<Env, 'LIMITER' | 'JURISDICTIONS'>): Contents {
  return {
    async eraseUser(organization, user) {
      await limiterOf(env, homeOf(organization), user).forget();
    },
    eraseRest: () => Promise.resolve(true),
  };
}
