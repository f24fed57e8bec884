/** Rotation: the newest key signs, all verify, and one that is taken away does not any more. */
import { exportJWK, generateKeyPair, decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import { signingKeys } from '../../src/signing/signing-keys.ts';
import { issueToken, verifyToken } from '../../src/edge/tokens.ts';
import app from '../../src/index.ts';
import { openUrl, signUrl } from '../../src/recordings/signed-url.ts';
import { testEnv } from '../support/client.ts';
import { ALICE, ORGANIZATION } from '../support/organization.ts';

const SOMEBODY = { organization: 'o', user_id: 'u' };

async function key(kid: string): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
}

/** Published members of a key. */
function publicHalf({ d: _private, ...jwk }: Record<string, unknown>): Record<string, unknown> {
  return jwk;
}

afterEach(() => {
  vi.restoreAllMocks();
});

const secretOf = (...keys: unknown[]) => JSON.stringify({ keys });

describe('signing keys', () => {
  it('rotate without a token becoming invalid', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const before = await issueToken(secretOf(old), SOMEBODY, Date.now());
    expect(await verifyToken(secretOf(old, young), before.id_token)).toEqual(SOMEBODY);
    const after = await issueToken(secretOf(old, young), SOMEBODY, Date.now());
    expect(decodeProtectedHeader(after.id_token)).toEqual({ alg: 'ES256', kid: 'young', typ: 'JWT' });
    expect(await verifyToken(secretOf(young), after.id_token)).toEqual(SOMEBODY);
  });

  it('verify nothing after they are removed', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const { id_token } = await issueToken(secretOf(old), SOMEBODY, Date.now());
    expect(await verifyToken(secretOf(young), id_token)).toBeNull();
  });

  it('rotate with only the public half of the old key', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const before = await issueToken(secretOf(old), SOMEBODY, Date.now());
    for (const rotated of [secretOf(publicHalf(old), young), secretOf(young, publicHalf(old))]) {
      expect(await verifyToken(rotated, before.id_token)).toEqual(SOMEBODY);
      const after = await issueToken(rotated, SOMEBODY, Date.now());
      expect(decodeProtectedHeader(after.id_token).kid).toBe('young');
      const published = (await signingKeys(rotated)).published.map(({ kid }) => kid);
      expect(new Set(published)).toEqual(new Set(['old', 'young']));
    }
  });

  it('open exactly the URLs that a private half in the set has signed', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const [oldest] = (await signingKeys(secretOf(old))).urlSecrets;
    const url = new URL(await signUrl('http://localhost', 'o/c/r', 2_000, oldest));
    const opened = async (secret: string) => openUrl(url, 1_000_000, (await signingKeys(secret)).urlSecrets);
    expect(await opened(secretOf(old, young))).toEqual({ key: 'o/c/r', expires: 2_000 });
    expect(await opened(secretOf(publicHalf(old), young))).toBeNull();
  });

  it('drop the verified tokens of a removed key at once', async () => {
    const [old, young] = [await key('old'), await key('young')];
    const { id_token } = await issueToken(secretOf(old), SOMEBODY, Date.now());
    expect(await verifyToken(secretOf(old), id_token)).toEqual(SOMEBODY);
    expect(await verifyToken(secretOf(young), id_token)).toBeNull();
  });

  it('are published without their private halves', async () => {
    const { published } = await signingKeys(secretOf(await key('one'), await key('two')));
    expect(published.map(({ kid }) => kid)).toEqual(['one', 'two']);
    expect(published.flatMap((jwk) => Object.keys(jwk))).not.toContain('d');
  });

  it.each([undefined, '{}', '{"keys":[]}', 'no json', '{"keys":[{"kty":"RSA","kid":"x"}]}'])(
    'are an error of the deployment if they are a secret %s',
    async (secret) => {
      await expect(signingKeys(secret)).rejects.toThrow();
    },
  );
});

describe('a set that cannot be used', () => {
  const sets: Record<string, () => Promise<string | undefined>> = {
    'that is not there': () => Promise.resolve(undefined),
    'that is empty': () => Promise.resolve(''),
    'that are no JSON': () => Promise.resolve('swordfish {'),
    'of another form': () => Promise.resolve('{"keys":"swordfish"}'),
    'without a private half': async () => secretOf(publicHalf(await key('swordfish'))),
    'with a kid twice': async () => secretOf(await key('swordfish'), await key('swordfish')),
    'with a point that is not on the curve': async () =>
      secretOf({ ...(await key('swordfish')), x: 'A'.repeat(43) }),
    'with a private half of another key': async () => {
      const { d } = await key('other');
      return secretOf({ ...(await key('swordfish')), d });
    },
    'with a private half that is none': async () => secretOf({ ...(await key('k')), d: 'swordfish' }),
    'with more keys than a set holds': async () =>
      secretOf(...(await Promise.all(Array.from({ length: 17 }, (_, index) => key(`swordfish-${index}`))))),
  };

  const requests: Record<string, () => Request> = {
    'the key set': () => new Request('http://localhost/.well-known/jwks.json'),
    'an operation': () =>
      new Request(`http://localhost/v1/${ORGANIZATION}/service/`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      }),
    'a recording': () => new Request('http://localhost/recordings/o/c/r?expires=9&signature=x'),
  };
  /** Claims to be of this API; it is not looked at further. */
  const TOKEN = `eyJhbGciOiJFUzI1NiJ9.${btoa(JSON.stringify({ iss: 'conversation-api', sub: ALICE })).replaceAll('=', '')}.AAAA`;

  it.each(Object.keys(sets))('%s is named in the log, once, and kept from the callers', async (name) => {
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: unknown) => void lines.push(String(line)));
    const { SIGNING_KEYS: _usual, ...rest } = testEnv;
    const secret = await sets[name]!();
    const env: Env = secret === undefined ? rest : { ...rest, SIGNING_KEYS: secret };
    for (const request of Object.values(requests)) {
      const incoming = request() as Request<unknown, IncomingRequestCfProperties>;
      const response = await app.fetch(incoming, env, {} as ExecutionContext);
      const text = await response.text();
      expect([response.status, JSON.parse(text)]).toMatchObject([503, { code: 'deployment_misconfigured' }]);
      expect(response.headers.get('retry-after')).not.toBeNull();
      expect(text).not.toMatch(/SIGNING_KEYS|swordfish|kid|JWK/);
    }
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged).toMatchObject([{ event: 'deployment_misconfigured', variable: 'SIGNING_KEYS' }]);
    expect(lines.join()).not.toContain('swordfish');
  });
});
