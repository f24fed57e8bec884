import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createdAtOf, nextPosition, shardOf } from '../../src/directory/list-position.ts';

const START = Date.UTC(2026, 0, 1);
const LATEST = Date.UTC(2094, 0, 1);

describe('a position', () => {
  it('fits in the integers of JSON until 2094, and contains its millisecond', () => {
    for (const at of [START, Date.now(), LATEST]) {
      const position = nextPosition(at, 0, 63);
      expect(Number.isSafeInteger(position)).toBe(true);
      expect(createdAtOf(position)).toBe(at);
    }
  });

  it('grows in its shard for any clock, and is never equal to one of another shard', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 63 })), {
          maxLength: 200,
        }),
        (steps) => {
          const last = new Map<number, number>();
          const all = new Set<number>();
          let now = START;
          for (const [step, shard] of steps) {
            now += step;
            const before = last.get(shard) ?? 0;
            const position = nextPosition(now, before, shard);
            if (position <= before || all.has(position)) return false;
            last.set(shard, position);
            all.add(position);
          }
          return true;
        },
      ),
    );
  });
});

describe('the shard of a user', () => {
  it('is always the same, and users spread evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index += 1) {
      const shard = shardOf(index.toString(16).padStart(24, '0'), 16);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    expect(shardOf('aaaaaaaaaaaaaaaaaaaaaaa1', 16)).toBe(shardOf('aaaaaaaaaaaaaaaaaaaaaaa1', 16));
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });
});
