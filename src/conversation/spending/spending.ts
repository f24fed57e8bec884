import type { UsageMeter } from '../../agent/usage.ts';
import type { Env } from '../../bindings.ts';
import { settleWith } from '../../budget/client.ts';
import { LeaseHolder, type LeaseConcern, type LeaseRefusal } from '../../budget/lease-holder.ts';
import { spentBy } from '../../budget/tally.ts';
import type { UsageReport } from '../../budget/usage.ts';
import type { ModelCall } from '../../contract/insights.ts';
import { logError } from '../../log.ts';
import { ProblemError, type Problem } from '../../problems.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import type { MessageReader } from '../messages.ts';
import type { ConversationIdentity, ConversationRecord } from '../records.ts';
import { concernOf, turnNeed, unconcerned, type BudgetConcern } from './budget-concern.ts';
import { afterReport, NO_SPENDING, withCall, type SpendingRecord } from './spending-record.ts';
import type { ConversationStore } from '../store.ts';

/** The time without a turn after which a conversation reports, and gives its lease back, in milliseconds. */
export const IDLE_MS = 10 * 60_000;

/** The pause before the alarm looks again whether a report that was on its way was answered, in milliseconds. */
const BUSY_MS = 10_000;

/** The parts that spending needs. */
export interface SpendingParts {
  env: Env;
  store: ConversationStore;
  messages: MessageReader;
  registry: RegistryReader;
  waitUntil: (work: Promise<unknown>) => void;
}

/**
 * Counts what a conversation spends, and holds its lease of the budgets. What is spent is stored with the turn that spent
 * it. Where no budget concerns the conversation, nothing is asked, and nothing is stored but what its models used.
 */
export class Spending {
  readonly #parts: SpendingParts;
  #spending: SpendingRecord | null = null;
  #holder: LeaseHolder | null = null;
  #concern: BudgetConcern | null = null;
  /** True while a report or a settlement is on its way: a lease that is being settled is not spent any more. */
  #isSettling = false;

  constructor(parts: SpendingParts) {
    this.#parts = parts;
  }

  /** The spending as it is to be stored; null for a conversation that has spent nothing. */
  get record(): SpendingRecord | null {
    if (this.#spending === null) return this.#stored();
    return { ...this.#spending, held: this.#holder?.held ?? this.#spending.held };
  }

  /** True when the economical models are to be used: a soft percentage is passed. */
  get isEconomical(): boolean {
    return this.#holder?.isSoft ?? false;
  }

  /** Returns the problem of a turn that the budgets refuse, before it begins; null when it may. */
  async refusal(identity: ConversationIdentity, texts: readonly string[]): Promise<Problem | null> {
    return (await this.#secured(identity, texts))?.problem ?? null;
  }

  /**
   * Opens the spending of a turn that has begun: gets a lease, and marks it as being spent, one row. Throws the problem of
   * a refusal.
   */
  async open(identity: ConversationIdentity, texts: readonly string[]): Promise<void> {
    const refused = await this.#secured(identity, texts);
    if (refused !== null) throw new ProblemError(refused.problem);
    const { store } = this.#parts;
    const latest = store.load();
    if (this.#holder?.held.lease == null || latest === null) return;
    this.#spending = { ...this.#loaded(), running: true };
    // A create that dies leaves nothing: then its lease is lost as a whole.
    if (latest.state !== 'creating') store.save({ ...latest, spending: this.record });
  }

  /**
   * Returns the meter of a walk. Its calls are spent at once, and stored with the turn. Where a budget concerns the
   * conversation, they are also stored before each further call: a budget counts what a turn used whose process dies.
   */
  meter(identity: ConversationIdentity, onExhausted: (refuses: boolean) => void): UsageMeter {
    const onCall = (call: ModelCall) => this.spend(identity, call);
    const keeps = this.#isConcerned ? { onFurther: () => this.#keep() } : {};
    const concern = this.#concern ?? unconcerned(identity);
    return this.#holderOf(identity).meter(concern, { onExhausted, onCall, ...keeps }, 1);
  }

  /** Stores what the turn has used so far, one row. A turn of one call stores it with its commit alone. */
  #keep(): void {
    const { store } = this.#parts;
    const latest = store.load();
    if (latest === null || latest.state === 'creating' || this.#spending === null) return;
    if (latest.spending?.totals.model_calls === this.#spending.totals.model_calls) return;
    store.save({ ...latest, spending: this.record });
  }

  /** Adds a call. */
  spend(identity: ConversationIdentity, call: ModelCall): void {
    this.count(call);
    if (this.#isConcerned) this.#holderOf(identity).spend(spentBy([call], 0));
  }

  /** Returns the spending to store with a turn that is committed: the turn itself is counted. */
  committed(identity: ConversationIdentity): SpendingRecord | null {
    if (this.#isConcerned) {
      this.#holderOf(identity).spend(spentBy([], 1));
      this.#spending = { ...this.#loaded(), running: false };
    }
    return this.record;
  }

  /** Gives a scarce lease back after the turn, so that others can use what is left. */
  afterTurn(record: ConversationRecord): void {
    if (this.#holder?.held.lease?.scarce !== true) return;
    this.#parts.waitUntil(this.#soon(record));
  }

  /** Keeps what a failed turn has spent. The spending of a failed create is reported at once: nothing stays of it. */
  failed(identity: ConversationIdentity, state: ConversationRecord['state']): void {
    if (this.#spending === null && this.#holder === null) return;
    const { env, store, waitUntil } = this.#parts;
    this.#spending = { ...this.#loaded(), running: false };
    const latest = store.load();
    if (latest !== null && state !== 'creating') {
      store.save({ ...latest, spending: this.record });
      this.afterTurn(latest);
      return;
    }
    // The erasure that ended the turn reports it, with what was not reported before.
    if (store.erasing() !== null) return;
    const { home, settlement, report } = this.#message(identity, this.#concern ?? unconcerned(identity));
    this.#forget();
    const once = report === null ? null : { ...report, number: 0 };
    waitUntil(
      settleWith(env, home, settlement, once).catch((error: unknown) => logUnreported(error, identity)),
    );
  }

  /** Counts a call of an analysis, which has a lease of its own. It is stored with the analysis. */
  count(call: ModelCall): void {
    this.#spending = withCall(this.#loaded(), call, Date.now());
  }

  /**
   * Reports what is not reported, and settles the lease, when the conversation is finished or idle. Returns the
   * milliseconds until then; null when nothing is left to report. Throws when the budget does not answer.
   */
  async reportDue(record: ConversationRecord): Promise<number | null> {
    if (!this.#hasSomething()) return null;
    const isOver = record.state === 'finished' && record.analysis.status !== 'pending';
    const idle = Date.now() - record.last_at;
    if (!isOver && idle < IDLE_MS) return IDLE_MS - idle;
    await this.reportAll(record);
    return this.#hasSomething() ? BUSY_MS : null;
  }

  /** Reports everything, whatever the state. Throws when the budget does not answer. */
  async reportAll({ identity }: ConversationRecord): Promise<void> {
    if (this.#isSettling || !this.#hasSomething()) return;
    await this.#report(identity);
    const { store } = this.#parts;
    const latest = store.load();
    if (latest !== null) store.save({ ...latest, spending: this.record });
  }

  /** True when a budget concerns the turn. */
  get #isConcerned(): boolean {
    return this.#concern !== null && this.#concern.bounds.length > 0;
  }

  /** Gets a lease that suffices for a turn, where a budget concerns it. Returns the refusal, or null. */
  async #secured(identity: ConversationIdentity, texts: readonly string[]): Promise<LeaseRefusal | null> {
    const concern = await concernOf(this.#parts.registry, identity);
    this.#concern = concern;
    const { bounds } = concern;
    if (bounds.length === 0) return null;
    const { env, messages, store } = this.#parts;
    const before = store.load() === null ? [] : messages.recent().map(({ text }) => text);
    const need = turnNeed(env, concern, [...before, ...texts]);
    const holder = this.#holderOf(identity);
    if (!this.#isSettling && holder.suffices(bounds, need, Date.now())) return null;
    return holder.renew(concern, need);
  }

  #stored(): SpendingRecord | null {
    const { store } = this.#parts;
    return (store.load() ?? store.erasing())?.spending ?? null;
  }

  #loaded(): SpendingRecord {
    return this.#spending ?? this.#stored() ?? NO_SPENDING;
  }

  /** Returns the holder of the lease. A lease that a dead process was spending is lost. */
  #holderOf({ id }: ConversationIdentity): LeaseHolder {
    if (this.#holder === null) {
      const { held, running } = this.#loaded();
      this.#holder = new LeaseHolder(this.#parts.env, id, held);
      if (running) {
        this.#holder.lose();
        this.#spending = { ...this.#loaded(), running: false };
      }
    }
    return this.#holder;
  }

  #hasSomething(): boolean {
    const record = this.record;
    if (record === null) return false;
    const { open, held } = record;
    return open.length > 0 || new LeaseHolder(this.#parts.env, '', held).isOpen;
  }

  async #soon(record: ConversationRecord): Promise<void> {
    await this.reportAll(record).catch((error: unknown) => logUnreported(error, record.identity));
  }

  /** Returns what is to be settled and reported. */
  #message(identity: ConversationIdentity, { bounds, home }: LeaseConcern) {
    const { open, reported } = this.#loaded();
    const { id: reporter, service_id } = identity;
    const report: UsageReport | null =
      open.length === 0 ? null : { reporter, service_id, number: reported + 1, rows: open };
    return { home, settlement: this.#holderOf(identity).settlement(bounds), report };
  }

  async #report(identity: ConversationIdentity): Promise<void> {
    this.#isSettling = true;
    try {
      const concern = this.#concern ?? (await concernOf(this.#parts.registry, identity));
      const { home, settlement, report } = this.#message(identity, concern);
      await settleWith(this.#parts.env, home, settlement, report);
      if (settlement !== null) this.#holder?.settled(settlement);
      if (report !== null) this.#spending = afterReport(this.#loaded(), report.number, report.rows);
    } finally {
      this.#isSettling = false;
    }
  }

  #forget(): void {
    this.#spending = null;
    this.#holder = null;
    this.#concern = null;
  }
}

function logUnreported(error: unknown, { id }: ConversationIdentity): void {
  logError('usage_not_reported', error, { conversation_id: id });
}
