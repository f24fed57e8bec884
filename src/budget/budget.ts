import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { isDevelopment } from '../deployment/switches.ts';
import { logError } from '../log.ts';
import type { Bound } from './bounds.ts';
import {
  counterKey,
  keysOf,
  renew,
  settle,
  type BudgetState,
  type Decision,
  type Renewal,
  type RenewalAnswer,
  type Settlement,
} from './decide.ts';
import { noticeOf, sendDue } from './notices.ts';
import { endOf, periodAt } from './periods.ts';
import { BudgetStore, type UsageColumn, type UsageGroup } from './store.ts';
import { newRows, type UsageReport } from './usage.ts';

/** The pause after a failed alarm, in milliseconds. */
const RETRY_MS = 10 * 60_000;

/** A question for usage: days from and to, both inclusive, and the columns that it is grouped by. */
export interface UsageQuestion {
  from: string;
  to: string;
  columns: readonly UsageColumn[];
  /** The most groups. */
  limit: number;
  /** The limits whose standing is asked for. */
  bounds: readonly Bound[];
}

/** Standing of a limit in the present period: what is settled, and what open leases hold. */
export interface BoundStanding {
  spent: number;
  held: number;
  resets_at: number;
}

/** The answer to a question for usage. `standing` has an entry for each limit, in their order. */
export interface UsageAnswer {
  groups: UsageGroup[];
  standing: BoundStanding[];
}

/**
 * Durable Object that owns what an organization spends: leases of its budgets, and the usage that is reported. Each request
 * is one synchronous step, and the output gate holds its answer back until it is stored. So the limits hold under any
 * concurrency, and survive eviction and crash.
 */
export class Budget extends DurableObject<Env> {
  readonly #store: BudgetStore;
  readonly #storage: DurableObjectStorage;
  /** The time of the alarm, in milliseconds since 1970; null where none is known to be set. */
  #alarmAt: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#store = new BudgetStore(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
    });
  }

  /** Settles the lease of a holder and grants the next one, or refuses it: see `renew` in `decide.ts`. */
  renew(organization: string, renewal: Renewal): RenewalAnswer {
    const now = Date.now();
    const before = this.#stateFor(renewal, now);
    const decision = renew(before, renewal, now);
    this.#save(renewal.holder, before, decision, (state) => this.#note(organization, state, now));
    return decision.answer;
  }

  /** Settles the lease of a holder and counts a report. Each may be absent, and may be repeated. */
  settle(settlement: Settlement | null, report: UsageReport | null): void {
    const now = Date.now();
    if (settlement !== null) {
      const before = this.#stateFor(settlement, now);
      this.#save(settlement.holder, before, settle(before, settlement, now));
    }
    if (report !== null) this.#count(report, now);
  }

  /** Returns usage, and how limits stand. Writes nothing. */
  usage({ from, to, columns, limit, bounds }: UsageQuestion): UsageAnswer {
    const now = Date.now();
    const standing = bounds.map((bound) => {
      const period = periodAt(bound.period, now);
      const key = counterKey(period, bound.subject);
      const counter = this.#store.counters([key]).get(key);
      const { spent = 0, held = 0 } =
        counter === undefined ? {} : { spent: counter.spent[bound.unit], held: counter.held[bound.unit] };
      return { spent, held, resets_at: endOf(period) };
    });
    return { groups: this.#store.usage(from, to, columns, limit), standing };
  }

  /** Erases everything: the organization is deleted. */
  async forget(): Promise<void> {
    await this.#store.clear();
    this.#alarmAt = null;
  }

  /** Removes what is out of date, and sends notices that are due. Never throws: a dropped alarm would end both. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    try {
      if (!this.#store.exists) return;
      this.#store.write(() => this.#store.prune(Date.now()));
      const privateAddresses = isDevelopment(this.env);
      await sendDue(this.#store, { signingKeys: this.env.SIGNING_KEYS, privateAddresses }, Date.now());
      this.#arm(this.#store.notices.nextAt());
      this.#arm(endOf(periodAt('day', Date.now())));
    } catch (error) {
      logError('alarm_failed', error);
      this.#arm(Date.now() + RETRY_MS);
    }
  }

  #stateFor({ holder, bounds }: Settlement, now: number): BudgetState {
    const lease = this.#store.lease(holder);
    return { lease, counters: this.#store.counters(keysOf(bounds, lease, now)) };
  }

  #save<Answer>(
    holder: string,
    before: BudgetState,
    after: Decision<Answer>,
    also: (after: Decision<Answer>) => void = () => undefined,
  ): void {
    const isUnchanged = before.lease === null && after.lease === null && after.counters.size === 0;
    if (isUnchanged) return;
    this.#store.write(() => {
      this.#store.save(holder, before, after);
      also(after);
    });
    this.#arm(endOf(periodAt('day', Date.now())));
  }

  /** Notes the messages of percentages that are passed. They are sent by the alarm, at once. */
  #note(organization: string, { passed }: Decision<unknown>, now: number): void {
    const notices = passed.map((one) => noticeOf(organization, one)).filter((notice) => notice !== null);
    const isNew = notices.map((notice) => this.#store.notices.note(notice, now)).includes(true);
    if (isNew) this.#arm(now);
  }

  #count(report: UsageReport, now: number): void {
    const rows = newRows(this.#store.lastReport(report.reporter), report);
    if (rows === null || rows.length === 0) return;
    this.#store.write(() => {
      this.#store.addUsage(report.service_id, rows);
      if (report.number > 0) this.#store.keepReport(report, now);
    });
    this.#arm(endOf(periodAt('day', now)));
  }

  /** Sets the alarm unless an earlier one is set. */
  #arm(at: number | null): void {
    if (at === null || (this.#alarmAt !== null && this.#alarmAt <= at)) return;
    this.#alarmAt = at;
    void this.#storage.setAlarm(at);
  }
}
