import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { describe, expect, it } from 'vitest';
import { checkProof, newChallenge } from '../../src/visitors/proof-of-work.ts';
import { testEnv } from '../support/client.ts';

const SCOPE = { organization: 'shop', service_id: 'b'.repeat(24), network: '203.0.113.7' };
const NOW = Date.now();

function encode(proof: unknown): string {
  return new TextEncoder().encode(JSON.stringify(proof)).toBase64();
}

async function solved(scope = SCOPE, now = NOW) {
  const challenge = await newChallenge(testEnv.SIGNING_KEYS, scope, now);
  const solution = await solveChallenge({ challenge: challenge as Challenge, deriveKey });
  if (solution === null) throw new Error('not solved');
  return { challenge, solution };
}

function check(proof: unknown, scope = SCOPE) {
  return checkProof(testEnv.SIGNING_KEYS, scope, typeof proof === 'string' ? proof : encode(proof));
}

describe('a proof of work', () => {
  it('is accepted until its challenge expires', async () => {
    const checked = await check(await solved());
    expect(checked?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(checked?.until).toBeGreaterThan(NOW + 100_000);
  });

  it('is refused when its challenge has expired', async () => {
    expect(await check(await solved(SCOPE, NOW - 180_000))).toBeNull();
  });

  it.each([
    ['organization', { ...SCOPE, organization: 'other' }],
    ['service', { ...SCOPE, service_id: 'c'.repeat(24) }],
    ['network', { ...SCOPE, network: '203.0.113.8' }],
  ])('is refused for another %s', async (_what, scope) => {
    expect(await check(await solved(), scope)).toBeNull();
  });

  it('is refused when any part of the challenge was changed', async () => {
    const { challenge, solution } = await solved();
    const easier = [
      { keyPrefix: '00' },
      { cost: 1 },
      { expiresAt: Math.floor(NOW / 1000) + 9_999 },
      { nonce: '0'.repeat(32) },
      { algorithm: 'SHA-256' },
    ];
    for (const change of easier) {
      const changed = { ...challenge, parameters: { ...challenge.parameters, ...change } };
      expect(await check({ challenge: changed, solution })).toBeNull();
    }
    const { signature: _signature, ...unsigned } = challenge;
    expect(await check({ challenge: unsigned, solution })).toBeNull();
  });

  it('is refused with a wrong solution', async () => {
    const { challenge, solution } = await solved();
    for (const wrong of [
      { ...solution, counter: solution.counter + 1 },
      { ...solution, derivedKey: '00'.repeat(32) },
      { ...solution, derivedKey: solution.derivedKey.toUpperCase() },
      { counter: -1, derivedKey: '' },
    ]) {
      expect(await check({ challenge, solution: wrong })).toBeNull();
    }
  });

  it.each(['', 'x', '!!!!', encode(null), encode({}), encode([1]), 'e'.repeat(5_000), '{"challenge":1}'])(
    'is refused when it cannot be read: %s',
    async (text) => {
      expect(await check(text)).toBeNull();
    },
  );
});
