import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideBeginning, NO_VISITORS, type VisitorCounts } from '../../src/limits/visitor-counts.ts';

const NOW = Date.parse('2026-11-26T12:00:30Z');
const HOUR = 3_600_000;

function beginMany(count: number, limit: number, now: number, counts: VisitorCounts = NO_VISITORS) {
  let begun = 0;
  let state = counts;
  for (let index = 0; index < count; index += 1) {
    const decided = decideBeginning(state, { limit, proof: null }, now);
    state = decided.counts;
    if (decided.answer.verdict === 'begins') begun += 1;
  }
  return { begun, state };
}

describe('the visitors of one network', () => {
  it('begin up to the limit and no further', () => {
    expect(beginMany(20, 5, NOW).begun).toBe(5);
  });

  it('may begin again after the time that a refusal names', () => {
    const { state } = beginMany(5, 5, NOW);
    const { answer } = decideBeginning(state, { limit: 5, proof: null }, NOW + 1);
    if (answer.verdict !== 'limit') throw new Error(answer.verdict);
    expect(beginMany(1, 5, answer.resetAt - 1, state).begun).toBe(0);
    expect(beginMany(1, 5, answer.resetAt, state).begun).toBe(1);
    expect(answer.resetAt - NOW).toBeLessThanOrEqual(HOUR + 60_000);
  });

  it('are never more than the limit in any hour, whenever they come', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20 * 60_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 5 }), (gaps, limit) => {
        let now = NOW;
        let state: VisitorCounts = NO_VISITORS;
        const times: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const decided = decideBeginning(state, { limit, proof: null }, now);
          state = decided.counts;
          if (decided.answer.verdict === 'begins') times.push(now);
        }
        for (const time of times) {
          expect(times.filter((other) => other > time - HOUR && other <= time).length).toBeLessThanOrEqual(
            limit,
          );
        }
        expect(state.begun.length).toBeLessThanOrEqual(61);
      }),
    );
  });

  it('use a proof of work once, until it would be refused for its age', () => {
    const proof = { id: 'abc', until: NOW + 120_000 };
    const first = decideBeginning(NO_VISITORS, { limit: 9, proof }, NOW);
    expect(first.answer.verdict).toBe('begins');
    const second = decideBeginning(first.counts, { limit: 9, proof }, NOW + 60_000);
    expect(second.answer.verdict).toBe('used');
    expect(decideBeginning(second.counts, { limit: 9, proof: null }, NOW + 120_001).counts.used).toEqual([]);
  });

  it('keep their proof when they are refused at the limit', () => {
    const proof = { id: 'abc', until: NOW + 120_000 };
    const { state } = beginMany(1, 1, NOW);
    const refused = decideBeginning(state, { limit: 1, proof }, NOW);
    expect(refused.answer.verdict).toBe('limit');
    expect(decideBeginning(refused.counts, { limit: 2, proof }, NOW).answer.verdict).toBe('begins');
  });

  it('are counted when the clock goes back', () => {
    const { state } = beginMany(3, 3, NOW);
    expect(beginMany(1, 3, NOW - 5 * 60_000, state).begun).toBe(0);
  });
});
