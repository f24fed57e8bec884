/** Rotation: the newest key signs, all verify, and one that is taken away does not any more. */
import { exportJWK, generateKeyPair, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { signingKeys } from '../../src/signing/signing-keys.ts';
import { issueToken, verifyToken } from '../../src/edge/tokens.ts';

const SOMEBODY = { organization: 'o', user_id: 'u' };

async function key(kid: string): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
}

const secretOf = (...keys: unknown[]) => JSON.stringify({ keys });

describe('signing keys', () => {
  it('rotate without a token being lost', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const before = await issueToken(secretOf(old), SOMEBODY, Date.now());
    expect(await verifyToken(secretOf(old, young), before.id_token)).toEqual(SOMEBODY);
    const after = await issueToken(secretOf(old, young), SOMEBODY, Date.now());
    expect(decodeProtectedHeader(after.id_token)).toEqual({ alg: 'ES256', kid: 'young', typ: 'JWT' });
    expect(await verifyToken(secretOf(young), after.id_token)).toEqual(SOMEBODY);
  });

  it('that are taken away verify nothing any more', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const { id_token } = await issueToken(secretOf(old), SOMEBODY, Date.now());
    expect(await verifyToken(secretOf(young), id_token)).toBeNull();
  });

  it('are published without their private halves', async () => {
    const { published } = await signingKeys(secretOf(await key('one'), await key('two')));
    expect(published.map(({ kid }) => kid)).toEqual(['one', 'two']);
    expect(published.flatMap((jwk) => Object.keys(jwk))).not.toContain('d');
  });

  it.each([undefined, '{}', '{"keys":[]}', 'no json', '{"keys":[{"kty":"RSA","kid":"x"}]}'])(
    'that are %s are an error of the deployment',
    async (secret) => {
      await expect(signingKeys(secret)).rejects.toThrow();
    },
  );
});
