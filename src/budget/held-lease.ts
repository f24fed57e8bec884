import { NOTHING, type Amounts } from './amounts.ts';
import type { Lease } from './decide.ts';

/** A lease as its holder stores it. `number` is that of the last lease; 0 before the first. */
export interface HeldLease {
  number: number;
  lease: Lease | null;
  /** The part of the lease of `number` that is spent. */
  used: Amounts;
  /** Amounts that were spent without a lease, while the budget did not answer. */
  unleased: Amounts;
}

/** The holder of no lease. */
export const NO_LEASE: HeldLease = { number: 0, lease: null, used: NOTHING, unleased: NOTHING };
