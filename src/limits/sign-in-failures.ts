/** How often sign-ins failed, in the memory of an isolate. */
import { IsolateCounts } from './isolate-counts.ts';
import type { Decision } from './window.ts';

/** Failed sign-ins in any 60 seconds from one address, for whatever users: room for an office behind one address. */
export const SIGN_IN_FAILURES_PER_ADDRESS = 60;
/** Users are what a header says: a longer name is no user's, and shares a counter with others like it. */
const MAX_NAME_LENGTH = 64;

/** A sign-in that failed: where it came from, and which user it was for. */
export interface FailedSignIn {
  address: string;
  organization: string;
  user: string;
}

/**
 * Counts failed sign-ins by address and user, and by address. They say nothing about a right key, which passes in any
 * case: so they need no truth that all isolates share, and no object or row for what a header claims. Both counters
 * are bounded; that of the addresses stands apart, so that invented users do not displace it.
 */
export class SignInFailures {
  readonly #byUser = new IsolateCounts();
  readonly #byAddress = new IsolateCounts();

  /** Counts a failure at `now`, or refuses it when there were `limit` for the user, or too many from the address. */
  count({ address, organization, user }: FailedSignIn, limit: number, now: number): Decision {
    const name = `${address}/${organization}/${user.slice(0, MAX_NAME_LENGTH)}`;
    const ofUser = this.#byUser.decide(name, limit, now, []);
    if (!ofUser.allowed) return ofUser;
    const ofAddress = this.#byAddress.decide(address, SIGN_IN_FAILURES_PER_ADDRESS, now, []);
    return ofAddress.allowed ? ofUser : ofAddress;
  }
}
