/** Names of objects and buckets, in and outside a jurisdiction. */
import { describe, expect, it, vi } from 'vitest';
import { homeOf, JURISDICTIONS, type Home } from '../src/home.ts';
import {
  bucketOf,
  budgetOf,
  conversationOf,
  directoryOf,
  limiterOf,
  memoryOf,
  registryOf,
} from '../src/objects.ts';

/** A namespace that records which object it was asked for, and in which jurisdiction. */
function recorder(asked: string[], binding: string, jurisdiction = 'none') {
  return {
    getByName: (name: string) => asked.push(`${binding} ${jurisdiction} ${name}`),
    jurisdiction: (wanted: string) => recorder(asked, binding, wanted),
  };
}

const BUCKETS = ['AUDIO', 'AUDIO_EU', 'AUDIO_US'] as const;

function deployment(JURISDICTIONS_: string | undefined) {
  const asked: string[] = [];
  const bindings = ['CONVERSATION', 'DIRECTORY', 'MEMORY', 'LIMITER', 'REGISTRY_OBJECT', 'BUDGET'];
  const env = {
    ...Object.fromEntries(bindings.map((name) => [name, recorder(asked, name)])),
    ...Object.fromEntries(BUCKETS.map((name) => [name, name])),
    ...(JURISDICTIONS_ !== undefined && { JURISDICTIONS: JURISDICTIONS_ }),
  } as unknown as Parameters<typeof conversationOf>[0] &
    Parameters<typeof directoryOf>[0] &
    Parameters<typeof memoryOf>[0] &
    Parameters<typeof limiterOf>[0] &
    Parameters<typeof registryOf>[0] &
    Parameters<typeof budgetOf>[0] &
    Parameters<typeof bucketOf>[0];
  return { env, asked };
}

function nameAll(env: ReturnType<typeof deployment>['env'], home: Home): void {
  conversationOf(env, home, 'c');
  directoryOf(env, home, 3);
  memoryOf(env, home, 'u');
  limiterOf(env, home, 'guest_u');
  registryOf(env, home);
  budgetOf(env, home);
}

const namesIn = (jurisdiction: string) => [
  `CONVERSATION ${jurisdiction} org/c`,
  `DIRECTORY ${jurisdiction} org/3`,
  `MEMORY ${jurisdiction} org/u`,
  `LIMITER ${jurisdiction} org/guest_u`,
  `REGISTRY_OBJECT ${jurisdiction} org`,
  `BUDGET ${jurisdiction} org`,
];

describe('objects of an organization', () => {
  it.each(JURISDICTIONS)('are all in its jurisdiction %s', (jurisdiction) => {
    const { env, asked } = deployment('on');
    nameAll(env, { organization: 'org', jurisdiction });
    expect(asked).toEqual(namesIn(jurisdiction));
  });

  it.each([
    ['the organization has none', 'on', null],
    ['the deployment has none', undefined, 'eu'],
    ['the deployment has them off', 'off', 'eu'],
  ] as const)('are in no jurisdiction where %s', (_why, setting, jurisdiction) => {
    const { env, asked } = deployment(setting);
    nameAll(env, { organization: 'org', jurisdiction });
    expect(asked).toEqual(namesIn('none'));
  });

  it('have the home that the document of the organization names', () => {
    expect(homeOf({ id: 'org', jurisdiction: 'eu' })).toEqual({ organization: 'org', jurisdiction: 'eu' });
    expect(homeOf({ id: 'org', jurisdiction: null })).toEqual({ organization: 'org' });
    expect(homeOf({ id: 'org' })).toEqual({ organization: 'org' });
  });
});

describe('the bucket of an organization', () => {
  it.each([
    ['on', 'eu', 'AUDIO_EU'],
    ['on', 'us', 'AUDIO_US'],
    ['on', null, 'AUDIO'],
    [undefined, 'eu', 'AUDIO'],
  ] as const)('with jurisdictions %s and the jurisdiction %s is %s', (setting, jurisdiction, bucket) => {
    expect(bucketOf(deployment(setting).env, { jurisdiction })).toBe(bucket);
  });

  it('is no other one where that of the jurisdiction is not bound', () => {
    const { env } = deployment('on');
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => bucketOf(env, { jurisdiction: 'fedramp' })).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ code: 'deployment_misconfigured' }) as object,
      }) as Error,
    );
    expect(String(log.mock.calls[0]?.[0])).toContain('AUDIO_FEDRAMP is not bound');
    log.mockRestore();
  });
});
