import { UsageMeter, type Further, type MeterOptions, type Wanted } from '../agent/usage.ts';
import type { Allowance } from '../agent/metered-call.ts';
import type { Home } from '../home.ts';
import { ProblemError, type Problem } from '../problems.ts';
import type { Service } from '../registry/services.ts';
import { isNothing, minus, NOTHING, plus, type Amounts } from './amounts.ts';
import type { Bound } from './bounds.ts';
import { leaseFrom, type Budgets } from './client.ts';
import type { Settlement } from './decide.ts';
import { NO_LEASE, type HeldLease } from './held-lease.ts';

/** The work that a lease is for. */
export interface LeaseConcern {
  home: Home;
  isVisitor: boolean;
  service: Service | undefined;
  bounds: readonly Bound[];
  request_id?: string;
}

/** A refusal: its problem, and the end of the period that refuses it, in milliseconds since 1970. */
export interface LeaseRefusal {
  problem: Problem;
  resets_at: number;
}

/** Holds the lease of a conversation or of one piece of work, and spends it. */
export class LeaseHolder {
  readonly #env: Budgets;
  readonly #name: string;
  #held: HeldLease;

  /** `name` names the holder: no other one of the organization has the same. */
  constructor(env: Budgets, name: string, held: HeldLease = NO_LEASE) {
    this.#env = env;
    this.#name = name;
    this.#held = held;
  }

  /** The lease as it is to be stored. */
  get held(): HeldLease {
    return this.#held;
  }

  /** True when a soft percentage was passed when the lease was granted. */
  get isSoft(): boolean {
    return this.#held.lease?.soft === true;
  }

  /** True when there is something to settle. */
  get isOpen(): boolean {
    const { lease, used, unleased } = this.#held;
    return lease !== null || !isNothing(used) || !isNothing(unleased);
  }

  /** Returns what is left of the lease; null where there is none. */
  get left(): Allowance & { turns: number | null } {
    const { lease, used } = this.#held;
    const of = (unit: keyof Amounts) => {
      const granted = lease?.granted[unit] ?? null;
      return granted === null ? null : granted - used[unit];
    };
    return { tokens: of('tokens'), micro_usd: of('micro_usd'), turns: of('turns') };
  }

  /** Tells whether the lease suffices for work: it has not ended, and has a limit for each unit that is bounded. */
  suffices(bounds: readonly Bound[], need: Amounts, now: number): boolean {
    const { lease } = this.#held;
    if (lease === null || lease.until <= now) return false;
    const { left } = this;
    return bounds.every(({ unit }) => (left[unit] ?? -1) >= need[unit]);
  }

  /** Renews the lease. Returns the refusal, or null. While the budget does not answer, known users go on without one. */
  async renew(concern: LeaseConcern, need: Amounts, want: Amounts = need): Promise<LeaseRefusal | null> {
    const { bounds, ...about } = concern;
    const { number, used, unleased } = this.#held;
    const renewal = { holder: this.#name, number, used, unleased, bounds, need, want };
    const answer = await leaseFrom(this.#env, { ...about, renewal });
    if (answer.kind === 'open') {
      this.#held = { ...this.#held, lease: null };
      return null;
    }
    // Calls that ended meanwhile are spent of the new lease.
    const rest = { used: minus(this.#held.used, used), unleased: minus(this.#held.unleased, unleased) };
    if (answer.kind === 'refused') {
      const isAnswered = answer.problem.code === 'budget_exhausted';
      this.#held = isAnswered ? { ...this.#held, ...rest, lease: null } : { ...this.#held, lease: null };
      return { problem: answer.problem, resets_at: answer.resets_at };
    }
    const { lease } = answer;
    this.#held = { ...rest, number: lease.number, lease };
    return null;
  }

  /** Spends amounts: of the lease, or without one. */
  spend(amounts: Amounts): void {
    const { lease, used, unleased } = this.#held;
    this.#held =
      lease === null
        ? { ...this.#held, unleased: plus(unleased, amounts) }
        : { ...this.#held, used: plus(used, amounts) };
  }

  /** Drops a lease that a process may have spent before it died: the budget counts all of it as spent. */
  lose(): void {
    // A number that the budget does not know as the last one: then it counts the lease as spent.
    this.#held = { ...NO_LEASE, unleased: this.#held.unleased };
  }

  /** Returns what is to be settled; null for nothing. */
  settlement(bounds: readonly Bound[]): Settlement | null {
    if (!this.isOpen) return null;
    const { number, used, unleased } = this.#held;
    return { holder: this.#name, number, used, unleased, bounds };
  }

  /** Notes that a settlement was answered. What was spent since then is kept. */
  settled({ number, used, unleased }: Settlement): void {
    if (this.#held.number !== number) return;
    this.#held = {
      number,
      lease: null,
      used: NOTHING,
      unleased: plus(minus(this.#held.unleased, unleased), minus(this.#held.used, used)),
    };
  }

  /** Returns a meter whose calls spend the lease, and ask for a further one. `concern` is asked for each time. */
  meter(concern: LeaseConcern, options: Omit<MeterOptions, 'allowance' | 'further'>, turns = 0): UsageMeter {
    const { lease } = this.#held;
    if (lease === null) return new UsageMeter(options);
    const further = async (need: Wanted, want: Wanted): Promise<Further> => {
      const refused = await this.renew(concern, { ...need, turns }, { ...want, turns });
      return refused === null ? { allowance: this.left } : { refusal: new ProblemError(refused.problem) };
    };
    return new UsageMeter({ ...options, allowance: this.left, further });
  }
}
