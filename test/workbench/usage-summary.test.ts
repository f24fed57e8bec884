import { describe, expect, it } from 'vitest';
import type { UsageAnswer } from '../../src/contract/usage.ts';
import { amount, dollars, minute } from '../../workbench/usage/amounts.ts';
import { countedBy, countedByDay, lastDays } from '../../workbench/usage/summary.ts';

const NOTHING = {
  ...{ input_tokens: 0, cached_input_tokens: 0, output_tokens: 0 },
  ...{ model_calls: 0, estimated_calls: 0, cost_usd: 0 },
};

describe('the usage that the workbench shows', () => {
  it('has every day of the range, across the end of a month and of a year', () => {
    const groups: UsageAnswer['groups'] = [{ ...NOTHING, day: '2027-01-01', input_tokens: 7 }];
    const days = countedByDay({ from: '2026-12-30', to: '2027-01-02', groups });
    expect(days.map(({ name, input_tokens }) => [name, input_tokens])).toEqual([
      ['2026-12-30', 0],
      ['2026-12-31', 0],
      ['2027-01-01', 7],
      ['2027-01-02', 0],
    ]);
  });

  it.each([
    [7, '2026-02-24'],
    [30, '2026-02-01'],
    [90, '2025-12-03'],
  ])('is asked for the last %i days, today included', (days, from) => {
    expect(lastDays(days, Date.parse('2026-03-02T23:59:59.999Z'))).toEqual({ from, to: '2026-03-02' });
  });

  it('is summed by a column, the one with the most tokens first, whatever its name is', () => {
    const group = (service_id: string, model: string, output_tokens: number) => ({
      ...{ ...NOTHING, service_id, model, output_tokens },
      ...{ model_calls: 1, cost_usd: 0.25 },
    });
    const groups = [group('a', '__proto__', 1), group('a', 'large', 5), group('b', '__proto__', 9)];
    const shown = (column: 'service_id' | 'model') =>
      countedBy(groups, column).map((sum) => [sum.name, sum.output_tokens, sum.model_calls, sum.cost_usd]);
    expect(shown('model')).toEqual([
      ['__proto__', 10, 2, 0.5],
      ['large', 5, 1, 0.25],
    ]);
    expect(shown('service_id')).toEqual([
      ['b', 9, 1, 0.25],
      ['a', 6, 2, 0.5],
    ]);
  });

  it('names amounts with their units, and times to the minute', () => {
    expect([amount(1_234_567, 'tokens'), amount(30, 'turns'), amount(200, 'usd')]).toEqual([
      '1,234,567 tokens',
      '30 turns',
      '$200.00',
    ]);
    expect([amount(1, 'turns'), amount(0, 'tokens'), amount(1, 'usd')]).toEqual([
      '1 turn',
      '0 tokens',
      '$1.00',
    ]);
    expect([dollars(0), dollars(0.000001), dollars(0.1 + 0.2)]).toEqual(['$0.00', '$0.000001', '$0.30']);
    expect(minute('2026-12-01T00:00:00.000Z')).toBe('2026-12-01 00:00 UTC');
  });
});
