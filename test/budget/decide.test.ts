/** The decisions about leases against a plain model, in random orders of renewals, settlements, crashes and midnights. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING, plus, type Amounts } from '../../src/budget/amounts.ts';
import type { Bound } from '../../src/budget/bounds.ts';
import {
  counterKey,
  keysOf,
  LEASE,
  renew,
  settle,
  type BudgetState,
  type Counter,
  type Lease,
  type OpenLease,
  type RenewalAnswer,
} from '../../src/budget/decide.ts';
import { endOf, periodAt } from '../../src/budget/periods.ts';

const START = Date.UTC(2026, 10, 29, 20);
const HOUR_MS = 3_600_000;

const bound = (subject: string, period: 'day' | 'month', unit: keyof Amounts, limit: number): Bound => ({
  subject,
  period,
  unit,
  limit,
  soft_percent: null,
  notify_url: null,
});

/** Everything that the budget object keeps, with the commands as the object carries them out. */
class World {
  readonly counters = new Map<string, Counter>();
  readonly leases = new Map<string, OpenLease>();
  now = START;

  renew(holder: string, bounds: readonly Bound[], lease: Lease | null, used: Amounts, need: Amounts) {
    const settlement = { holder, number: lease?.number ?? 0, used, unleased: NOTHING, bounds };
    const decision = renew(this.#stateOf(holder, bounds), { ...settlement, need, want: need }, this.now);
    this.#keep(holder, decision);
    return decision.answer;
  }

  settle(holder: string, bounds: readonly Bound[], lease: Lease | null, used: Amounts) {
    const settlement = { holder, number: lease?.number ?? 0, used, unleased: NOTHING, bounds };
    this.#keep(holder, settle(this.#stateOf(holder, bounds), settlement, this.now));
  }

  committed({ subject, period, unit }: Bound): number {
    const counter = this.counters.get(counterKey(periodAt(period, this.now), subject));
    return counter === undefined ? 0 : counter.spent[unit] + counter.held[unit];
  }

  #stateOf(holder: string, bounds: readonly Bound[]): BudgetState {
    const lease = this.leases.get(holder) ?? null;
    const keys = keysOf(bounds, lease, this.now);
    const known = keys.flatMap((key) => {
      const counter = this.counters.get(key);
      return counter === undefined ? [] : [[key, counter] as const];
    });
    return { lease, counters: new Map(known) };
  }

  #keep(holder: string, { lease, counters }: BudgetState): void {
    for (const [key, counter] of counters) this.counters.set(key, counter);
    if (lease === null) this.leases.delete(holder);
    else this.leases.set(holder, lease);
  }
}

function grantedOf(answer: RenewalAnswer): Lease {
  if (answer.kind === 'refused') throw new Error('The lease was refused.');
  return answer.lease;
}

/** A holder's own record: its lease, and what it has truly spent of it. */
interface Holder {
  lease: Lease | null;
  used: Amounts;
}

type Step =
  | { kind: 'turn'; holder: number; tokens: number; part: number }
  | { kind: 'settle' | 'crash' | 'lose answer'; holder: number }
  | { kind: 'wait'; hours: number };

const holder = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('turn' as const),
      holder,
      tokens: fc.integer({ min: 1, max: 4_000 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle' as const, 'crash' as const, 'lose answer' as const),
      holder,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
);

describe('leases', () => {
  it('never commit more than a limit, in any order of renewals, settlements, crashes and midnights', () => {
    const limits = fc.record({
      tokens: fc.integer({ min: 1, max: 60_000 }),
      service: fc.integer({ min: 1, max: 40_000 }),
      turns: fc.integer({ min: 1, max: 40 }),
      person: fc.integer({ min: 1, max: 9_000 }),
    });
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 80 }), (limit, steps) => {
        const world = new World();
        const holders = Array.from({ length: 8 }, (): Holder => ({ lease: null, used: NOTHING }));
        /** The amounts that were truly spent, by counter: also by holders that died before they could say so. */
        const truth = new Map<string, Amounts>();
        const boundsFor = (index: number): Bound[] => [
          bound('organization', 'month', 'tokens', limit.tokens),
          bound('organization', 'day', 'turns', limit.turns),
          bound(`service:${index % 2}`, 'day', 'tokens', limit.service),
          bound(`user:${index % 4}`, 'day', 'tokens', limit.person),
        ];
        const spend = (index: number, at: number, amounts: Amounts) => {
          for (const { subject, period } of boundsFor(index)) {
            const key = `${counterKey(periodAt(period, at), subject)} ${period}`;
            truth.set(key, plus(truth.get(key) ?? NOTHING, amounts));
          }
        };
        const take = (index: number, one: Holder, need: Amounts) =>
          world.renew(`c${index}`, boundsFor(index), one.lease, one.used, need);
        const run = (one: Step) => {
          if (one.kind === 'wait') {
            world.now += one.hours * HOUR_MS;
            return;
          }
          const own = holders[one.holder];
          if (own === undefined) return;
          const need = { tokens: one.kind === 'turn' ? one.tokens : 1, micro_usd: 0, turns: 1 };
          switch (one.kind) {
            case 'turn': {
              const left = (unit: 'tokens' | 'turns') => (own.lease?.granted[unit] ?? 0) - own.used[unit];
              const isOver = own.lease === null || own.lease.until <= world.now;
              if (isOver || left('tokens') < need.tokens || left('turns') < 1) {
                const answer = take(one.holder, own, need);
                own.used = NOTHING;
                own.lease = answer.kind === 'granted' ? answer.lease : null;
              }
              if (own.lease === null) return;
              const tokens = Math.floor(one.part * ((own.lease.granted.tokens ?? 0) - own.used.tokens));
              const spent = { tokens, micro_usd: 0, turns: 1 };
              own.used = plus(own.used, spent);
              spend(one.holder, world.now, spent);
              return;
            }
            case 'settle':
              world.settle(`c${one.holder}`, boundsFor(one.holder), own.lease, own.used);
              [own.lease, own.used] = [null, NOTHING];
              return;
            case 'crash':
              // The holder forgets what it has spent since its last write: here, all of its lease.
              [own.lease, own.used] = [null, NOTHING];
              return;
            case 'lose answer':
              // The budget has granted a lease that the holder does not know.
              take(one.holder, own, need);
          }
        };
        for (const one of steps) {
          run(one);
          for (let index = 0; index < holders.length; index += 1) {
            for (const each of boundsFor(index)) {
              expect(world.committed(each)).toBeLessThanOrEqual(each.limit);
              const key = `${counterKey(periodAt(each.period, world.now), each.subject)} ${each.period}`;
              expect(truth.get(key)?.[each.unit] ?? 0).toBeLessThanOrEqual(each.limit);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('let the whole limit be used, however many share it', () => {
    const world = new World();
    const bounds = [bound('organization', 'day', 'tokens', 20_000)];
    let spent = 0;
    for (let round = 0; round < 400; round += 1) {
      const name = `c${round % 200}`;
      const answer = world.renew(name, bounds, null, NOTHING, { tokens: 100, micro_usd: 0, turns: 1 });
      if (answer.kind === 'refused') continue;
      // Little is left, so that each lease is settled right after its turn.
      expect(answer.lease.scarce).toBe(true);
      world.settle(name, bounds, answer.lease, { tokens: 100, micro_usd: 0, turns: 1 });
      spent += 100;
    }
    expect(spent).toBe(20_000);
  });

  it('grant small parts of a small rest, so that many hold one at the same time', () => {
    const world = new World();
    const bounds = [bound('organization', 'day', 'turns', 200)];
    const need = { tokens: 0, micro_usd: 0, turns: 1 };
    const answers = Array.from({ length: 200 }, (_, index) =>
      world.renew(`c${index}`, bounds, null, NOTHING, need),
    );
    const granted = answers.filter(({ kind }) => kind === 'granted').map(grantedOf);
    expect(granted.length).toBeGreaterThan(60);
    expect(granted.every(({ granted: { turns } }) => (turns ?? 0) <= LEASE.turns)).toBe(true);
    expect(world.committed(bounds[0] as Bound)).toBe(200);
  });

  it('end at midnight where the budget is of a day, and hold the month until they are settled', () => {
    const world = new World();
    const day = bound('organization', 'day', 'tokens', 1_000);
    const month = bound('organization', 'month', 'tokens', 1_000);
    const need = { tokens: 900, micro_usd: 0, turns: 1 };
    const lease = grantedOf(world.renew('c', [day, month], null, NOTHING, need));
    expect(lease.until).toBe(endOf('2026-11-29'));
    world.now = lease.until;
    expect([world.committed(day), world.committed(month)]).toEqual([0, 900]);
    expect(world.renew('d', [day, month], null, NOTHING, need)).toMatchObject({
      kind: 'refused',
      bound: month,
      resets_at: endOf('2026-11'),
    });
    world.settle('c', [day, month], lease, { tokens: 100, micro_usd: 0, turns: 1 });
    expect([world.committed(day), world.committed(month)]).toEqual([0, 100]);
    world.now = endOf('2026-11');
    expect(world.renew('d', [day, month], null, NOTHING, need)).toMatchObject({ kind: 'granted' });
  });

  it('are counted once when they are settled twice', () => {
    const world = new World();
    const bounds = [bound('organization', 'day', 'tokens', 50_000)];
    const used = { tokens: 40, micro_usd: 0, turns: 1 };
    const lease = grantedOf(world.renew('c', bounds, null, NOTHING, { ...NOTHING, tokens: 10 }));
    for (let time = 0; time < 3; time += 1) world.settle('c', bounds, lease, used);
    expect(world.committed(bounds[0] as Bound)).toBe(40);
  });

  it('count as wholly spent when their holder does not know them any more', () => {
    const world = new World();
    const bounds = [bound('organization', 'day', 'tokens', 50_000)];
    const first = grantedOf(world.renew('c', bounds, null, NOTHING, { ...NOTHING, tokens: 10 }));
    const second = grantedOf(world.renew('c', bounds, null, NOTHING, { ...NOTHING, tokens: 10 }));
    world.settle('c', bounds, second, NOTHING);
    expect(world.committed(bounds[0] as Bound)).toBe(first.granted.tokens);
  });

  it('are refused where one token is allowed and more are needed', () => {
    const world = new World();
    const bounds = [bound('organization', 'day', 'tokens', 1)];
    const answer = world.renew('c', bounds, null, NOTHING, { tokens: 2, micro_usd: 0, turns: 1 });
    expect(answer).toMatchObject({ kind: 'refused', resets_at: endOf('2026-11-29') });
    expect(world.committed(bounds[0] as Bound)).toBe(0);
  });
});

describe('periods', () => {
  it.each([
    ['2026-11-29', Date.UTC(2026, 10, 30)],
    ['2026-12-31', Date.UTC(2027, 0, 1)],
    ['2028-02-28', Date.UTC(2028, 1, 29)],
    ['2028-02', Date.UTC(2028, 2, 1)],
    ['2026-12', Date.UTC(2027, 0, 1)],
  ])('%s ends with its last millisecond', (name, end) => {
    expect(endOf(name)).toBe(end);
    const period = name.length === 7 ? 'month' : 'day';
    expect([periodAt(period, end - 1), periodAt(period, end) > name]).toEqual([name, true]);
  });
});
