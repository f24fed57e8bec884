/** Counts of failed sign-ins, in the memory of an isolate. */
import { IsolateCounts } from './isolate-counts.ts';
import type { Decision } from './window.ts';

/**
 * Allowed failed sign-ins of one address in any 60 seconds, for all users together: enough for an office behind one
 * address.
 */
export const SIGN_IN_FAILURES_PER_ADDRESS = 60;
/**
 * Maximum length of a user's name in a counter, in UTF-16 units. A header states the name, and longer ones are of no
 * user: they share the counter of their beginning.
 */
const MAX_NAME_LENGTH = 64;

/** A failed sign-in: its address, and the user that it names. */
export interface FailedSignIn {
  address: string;
  organization: string;
  user: string;
}

/**
 * Counts failed sign-ins by address and user, and by address alone. A right key passes in any case, so the counts need
 * not be shared by all isolates, and the claim of a header creates no object and no row. Both sets of counters are
 * bounded. Those of addresses are separate, so that invented users do not displace them.
 */
export class SignInFailures {
  readonly #byUser = new IsolateCounts();
  readonly #byAddress = new IsolateCounts();

  /**
   * Counts a failure at `now`. Refuses it if the user has `limit` failures, or the address
   * `SIGN_IN_FAILURES_PER_ADDRESS`.
   */
  count({ address, organization, user }: FailedSignIn, limit: number, now: number): Decision {
    const name = `${address}/${organization}/${user.slice(0, MAX_NAME_LENGTH)}`;
    const ofUser = this.#byUser.decide(name, limit, now, []);
    if (!ofUser.allowed) return ofUser;
    const ofAddress = this.#byAddress.decide(address, SIGN_IN_FAILURES_PER_ADDRESS, now, []);
    return ofAddress.allowed ? ofUser : ofAddress;
  }
}
