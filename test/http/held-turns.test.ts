/** The proof by kills (`npm run proof:kills`) in small: the production bundle on a disk, killed in each of its turns. */
import { describe, expect, it } from 'vitest';
import { faultsOf, proveByKills } from '../../bench/kill-proof.ts';

const KILLS = 4;
/** Each kill takes a start of the server, and the first one the build of the bundle as well. */
const TIMEOUT_MS = 180_000;

describe('a client that sends again by its key', () => {
  it(
    'gets each message answered once, and each tool has one effect, however often the server is killed in a turn',
    async () => {
      const report = await proveByKills(KILLS);
      expect(faultsOf(report)).toEqual([]);
      expect(report).toMatchObject({
        kills: KILLS,
        completed: KILLS,
        messages: KILLS,
        answers: KILLS,
        toolEffects: KILLS,
        repeatedMessages: 0,
        changedIdentifiers: 0,
        differentReplays: 0,
      });
      expect(report.toolCalls).toBeGreaterThanOrEqual(KILLS);
      expect(Object.values(report.moments).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
    },
    TIMEOUT_MS,
  );

  it('is told what is missing, and what is there twice', () => {
    const whole = {
      ...{ kills: 2, completed: 2, messages: 2, answers: 2, toolEffects: 2, toolCalls: 3, sends: 3 },
      ...{ repeatedMessages: 0, changedIdentifiers: 0, differentReplays: 0 },
      moments: {
        ...{ 'before the first byte': 0, 'before the answer': 0 },
        ...{ 'in the answer': 2, 'after the end': 0 },
      },
    };
    expect(faultsOf(whole)).toEqual([]);
    for (const change of [{ messages: 3 }, { toolEffects: 3 }, { answers: 1 }, { differentReplays: 1 }])
      expect(faultsOf({ ...whole, ...change })).toHaveLength(1);
  });
});
