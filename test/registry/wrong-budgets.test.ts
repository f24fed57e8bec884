/** Budgets that are refused when a file is published: each row is one fault, with its place and the words of its error. */
import { describe, expect, it } from 'vitest';
import { MAX_BUDGETS } from '../../src/registry/budgets.ts';
import { errorsOf, ID, sampleFile } from './sample-file.ts';

const PRICES = { input_usd: 1, output_usd: 2 };
const PRICED = { 'models.0.prices': PRICES, 'models.1.prices': PRICES };
const BUDGET = { scope: 'organization', period: 'day', turns: 10 };
const PLACE = 'organization.budgets[0]';

/** The fields that differ from a valid budget, and the error. */
const FAULTS: [what: string, changes: object, error: string][] = [
  ['no limit', { turns: undefined }, `${PLACE}: must have a limit: "tokens", "usd" or "turns"`],
  ['a limit of 0 turns', { turns: 0 }, `${PLACE}.turns: must be at least 1`],
  ['a part of a turn', { turns: 1.5 }, `${PLACE}.turns: must be a whole number`],
  ['too many turns', { turns: 1_000_000_001 }, `${PLACE}.turns: `],
  ['a limit of 0 tokens', { tokens: 0 }, `${PLACE}.tokens: must be at least 1`],
  ['too many tokens', { tokens: 1_000_000_000_001 }, `${PLACE}.tokens: `],
  ['a limit of less than a millionth of a dollar', { usd: 0.000_000_1 }, `${PLACE}.usd: `],
  ['a negative limit in dollars', { usd: -1 }, `${PLACE}.usd: `],
  ['too many dollars', { usd: 10_000_001 }, `${PLACE}.usd: `],
  ['a number as a text', { tokens: '100' }, `${PLACE}.tokens: `],
  ['an unknown scope', { scope: 'team' }, `${PLACE}.scope: must be one of`],
  ['an unknown period', { period: 'week' }, `${PLACE}.period: must be one of`],
  ['a field that means nothing', { token: 5 }, `${PLACE}: has no field "token"`],
  [
    'a service that is not there',
    { scope: 'service', service_id: ID.nothing },
    `${PLACE}.service_id: there is no service ${ID.nothing}`,
  ],
  [
    'a service with another scope',
    { scope: 'user', service_id: ID.service },
    `${PLACE}.service_id: is only for the scope "service"`,
  ],
  ['a percentage of 0', { soft_percent: 0 }, `${PLACE}.soft_percent: must be at least 1`],
  ['a percentage of 100', { soft_percent: 100 }, `${PLACE}.soft_percent: `],
  [
    'an address without a percentage',
    { notify_url: 'https://ops.example/' },
    `${PLACE}.notify_url: needs "soft_percent"`,
  ],
  [
    'an address for the budgets of persons',
    { scope: 'visitor', soft_percent: 50, notify_url: 'https://ops.example/' },
    `${PLACE}.notify_url: is only for the scopes "organization" and "service"`,
  ],
  [
    'an address of another protocol',
    { soft_percent: 50, notify_url: 'ftp://ops.example/' },
    `${PLACE}.notify_url: must be an http or https URL`,
  ],
];

describe('a budget', () => {
  it.each(FAULTS)('is refused with %s', (_what, changes, error) => {
    const budgets = [{ ...BUDGET, ...changes }];
    const found = errorsOf(sampleFile({ ...PRICED, 'organization.budgets': budgets }));
    expect(found, found.join('\n')).toEqual([expect.stringContaining(error)]);
  });

  it('in dollars needs the prices of every model, and the error names one without', () => {
    const budgets = [BUDGET, { ...BUDGET, usd: 5 }];
    const file = { 'organization.budgets': budgets, 'models.0.prices': PRICES };
    expect(errorsOf(sampleFile(file))).toEqual([
      'organization.budgets[1].usd: needs the prices of every model: "spare" has none',
    ]);
    expect(errorsOf(sampleFile({ ...file, ...PRICED }))).toEqual([]);
  });

  it('with each fault that the services and models show is told of all of them at once', () => {
    const budgets = [{ scope: 'service', service_id: ID.nothing, period: 'day', usd: 5 }];
    expect(errorsOf(sampleFile({ 'organization.budgets': budgets }))).toEqual([
      expect.stringContaining(`${PLACE}.service_id`),
      expect.stringContaining(`${PLACE}.usd`),
    ]);
  });

  it.each([
    { scope: 'organization', tokens: 1_000_000_000_000 },
    { scope: 'service', usd: 0.000_001 },
    { scope: 'service', service_id: ID.service, soft_percent: 1, notify_url: 'https://ops.example/' },
    { scope: 'user', soft_percent: 99 },
    { scope: 'visitor', period: 'month' },
  ])('is accepted as %o', (changes) => {
    const file = { ...PRICED, 'organization.budgets': [{ ...BUDGET, ...changes }] };
    expect(errorsOf(sampleFile(file))).toEqual([]);
  });

  it('is one of a limited number', () => {
    const of = (count: number) =>
      errorsOf(sampleFile({ 'organization.budgets': Array.from({ length: count }, () => BUDGET) }));
    expect(of(MAX_BUDGETS)).toEqual([]);
    expect(of(MAX_BUDGETS + 1)).toEqual([expect.stringContaining('organization.budgets: ')]);
  });
});

describe('the economical version set of a service', () => {
  it('is refused when the service has no such version set', () => {
    const name = { 'services.0.economy_version_set': 'cheap' };
    expect(errorsOf(sampleFile(name))).toEqual([
      'services[Stall].economy_version_set: the service has no version set "cheap"',
    ]);
    expect(errorsOf(sampleFile({ ...name, 'services.0.version_sets.cheap': {} }))).toEqual([]);
  });
});
