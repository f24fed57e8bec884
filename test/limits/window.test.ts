import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsolateCounts } from '../../src/limits/isolate-counts.ts';
import { decideAt, mergedStamps, readStamps, WINDOW_MS, writtenStamps } from '../../src/limits/window.ts';

describe('a window', () => {
  it('lets requests through up to its limit, with the remaining number and the time of the next', () => {
    let stamps: number[] = [];
    const outcomes = [1000, 2000, 3000, 4000, 61_000, 61_001, 62_000].map((now) => {
      const { decision, stamps: after } = decideAt(stamps, 3, now);
      stamps = after;
      return [now, decision.allowed, decision.remaining, decision.resetAt];
    });
    expect(outcomes).toEqual([
      [1000, true, 2, 61_000],
      [2000, true, 1, 61_000],
      [3000, true, 0, 61_000],
      [4000, false, 0, 61_000],
      [61_000, true, 0, 62_000],
      [61_001, false, 0, 62_000],
      [62_000, true, 0, 63_000],
    ]);
  });

  it('with a lowered limit waits until enough requests have left', () => {
    const { decision } = decideAt([1000, 2000, 3000, 4000], 2, 5000);
    expect(decision).toEqual({ allowed: false, limit: 2, remaining: 0, resetAt: 3000 + WINDOW_MS });
  });

  it('never lets more than its limit through in any 60 seconds, for any clock', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 101, max: 104 })),
        fc.array(fc.integer({ min: -5_000, max: 20_000 }), { maxLength: 200 }),
        fc.boolean(),
        (limit, slow, isFast) => {
          // Many requests a second reach a high limit.
          const steps =
            isFast || limit > 100 ? [...slow, ...slow].map((step) => Math.trunc(step / 20)) : slow;
          let now = 1_000_000;
          let stamps: number[] = [];
          const passed: number[] = [];
          for (const step of steps) {
            now += step;
            const { decision, stamps: after } = decideAt(stamps, limit, now);
            stamps = after;
            if (decision.allowed) passed.push(after.at(-1)!);
          }
          return passed.every((stamp, index) => {
            const before = passed[index - limit];
            return before === undefined || stamp - before >= WINDOW_MS;
          });
        },
      ),
    );
  });

  it('counts no request of a high limit early, whatever the fraction of its second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), (first, second) => {
        const limit = 101;
        const start = 1_000_000;
        let stamps: number[] = [];
        for (let sent = 0; sent < limit; sent += 1) stamps = decideAt(stamps, limit, start + first).stamps;
        const later = start + second;
        expect(decideAt(stamps, limit, Math.max(later, start + first)).decision.allowed).toBe(false);
        // The requests were made at `first`: until a minute after it, nothing more passes.
        expect(decideAt(stamps, limit, start + first + WINDOW_MS - 1).decision.allowed).toBe(false);
        const { decision } = decideAt(stamps, limit, start + first + WINDOW_MS + 1_000);
        expect(decision).toMatchObject({ allowed: true, remaining: limit - 1 });
      }),
    );
  });

  it('stores the times of a high limit in little room, and reads them again as they were', () => {
    let stamps: number[] = [];
    for (let sent = 0; sent < 1_000; sent += 1)
      stamps = decideAt(stamps, 1_000, 5_000_000 + sent * 55).stamps;
    expect(stamps).toHaveLength(1_000);
    const written = writtenStamps(stamps);
    expect(written.length).toBeLessThan(1_500);
    expect(readStamps(written)).toEqual(stamps);
  });

  it.each([[[]], [[1]], [[1, 1, 1]], [[1, 2, 2, 3]]])('is read again as it was written: %j', (stamps) => {
    expect(readStamps(writtenStamps(stamps))).toEqual(stamps);
  });

  it('is read as an earlier version has written it', () => {
    expect(readStamps('[1,2,2]')).toEqual([1, 2, 2]);
  });

  it('is merged with a copy of itself without counting a request twice', () => {
    expect(mergedStamps([1, 2, 2, 5], [2, 2, 2, 3])).toEqual([1, 2, 2, 2, 3, 5]);
  });

  it('lets a refused request through at the stated time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 }),
        (limit, steps) => {
          let now = 1_000_000;
          let stamps: number[] = [];
          for (const step of steps) {
            now += step;
            const { decision, stamps: after } = decideAt(stamps, limit, now);
            stamps = after;
            if (!decision.allowed && !decideAt(stamps, limit, decision.resetAt).decision.allowed)
              return false;
          }
          return true;
        },
      ),
    );
  });
});

describe('the counts of an isolate', () => {
  it('refuse a request over the limit without asking', () => {
    const counts = new IsolateCounts();
    for (const stamp of [1, 2, 3]) counts.passed('k', stamp);
    expect(counts.refusal('k', 4, 10)).toBeNull();
    expect(counts.refusal('k', 3, 10)).toMatchObject({
      allowed: false,
      remaining: 0,
      resetAt: 1 + WINDOW_MS,
    });
    expect(counts.refusal('k', 3, 1 + WINDOW_MS)).toBeNull();
    expect(counts.refusal('other', 3, 10)).toBeNull();
  });

  it('refuse until the time that the limiter stated', () => {
    const counts = new IsolateCounts();
    counts.refused('k', 500);
    expect(counts.refusal('k', 100, 499)?.allowed).toBe(false);
    expect(counts.refusal('k', 100, 500)).toBeNull();
  });

  it('count each request once, together with published ones', () => {
    const counts = new IsolateCounts();
    counts.passed('k', 10);
    const published = [5, 10, 20];
    const decisions = [30, 31, 32].map((now) => counts.decide('k', 5, now, published).allowed);
    expect(decisions).toEqual([true, true, false]);
  });

  it('are bounded', () => {
    const counts = new IsolateCounts();
    for (let index = 0; index < 20_000; index += 1) counts.passed(`k${index}`, 1);
    expect(counts.refusal('k0', 1, 2)).toBeNull();
    expect(counts.refusal('k19999', 1, 2)?.allowed).toBe(false);
  });
});
