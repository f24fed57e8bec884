/** Tokens of a front end's own login: an issuer that the organization trusts, with keys behind a URL. */
import { exports } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newIdentifier } from '../../src/identifiers.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import { ALICE, ORGANIZATION, testOrganization } from '../support/organization.ts';

const worker = (exports as unknown as { default: Fetcher }).default;
const ISSUER = 'https://login.example/';

let organization: string;
let keyPair: Awaited<ReturnType<typeof generateKeyPair>>;
let jwksUrl: string;

beforeAll(publishTestOrganization);

beforeEach(async () => {
  organization = `issuer-org-${newIdentifier(Date.now())}`;
  jwksUrl = `https://login.example/${organization}/jwks.json`;
  keyPair = await generateKeyPair('RS256');
  const { organization: settings } = testOrganization('0'.repeat(64));
  const token_issuers = [
    {
      issuer: ISSUER,
      jwks_url: jwksUrl,
      audience: 'the-site',
      user_claim: 'amigo_user',
      algorithms: ['RS256'],
    },
  ];
  await testEnv.REGISTRY.put(
    registryKey.organization(organization),
    JSON.stringify({ ...settings, id: organization, token_issuers }),
  );
  await testEnv.REGISTRY.put(
    registryKey.user(organization, ALICE),
    JSON.stringify({ id: ALICE, name: 'Alice', role: 'DefaultUserRole' }),
  );
  const jwks = { keys: [{ ...(await exportJWK(keyPair.publicKey)), kid: 'site-key', alg: 'RS256' }] };
  vi.spyOn(globalThis, 'fetch').mockImplementation((input) =>
    Promise.resolve(input === jwksUrl ? Response.json(jwks) : new Response('not here', { status: 404 })),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function statusWith(
  claims: Record<string, unknown>,
  alg = 'RS256',
  path = organization,
): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: ISSUER, aud: 'the-site', amigo_user: ALICE, iat: now, exp: now + 300, ...claims };
  const key = alg === 'HS256' ? new TextEncoder().encode('x'.repeat(32)) : keyPair.privateKey;
  const jwt = await new SignJWT(payload).setProtectedHeader({ alg, kid: 'site-key' }).sign(key);
  const response = await worker.fetch(`http://localhost/v1/${path}/service/`, {
    headers: { authorization: `Bearer ${jwt}` },
  });
  await response.text();
  return response.status;
}

describe('a token of a trusted issuer', () => {
  it('is accepted for the user that its claim names', async () => {
    expect(await statusWith({})).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another audience', { aud: 'another-site' }],
    ['another issuer', { iss: 'https://evil.example/' }],
    ['an unknown user', { amigo_user: '0'.repeat(24) }],
    ['no user', { amigo_user: undefined }],
    ['a user that is no text', { amigo_user: 7 }],
    ['an end in the past', { exp: Math.floor(Date.now() / 1000) - 60 }],
  ])('is refused with %s', async (_name, claims) => {
    expect(await statusWith(claims)).toBe(401);
  });

  it('is refused with an algorithm that is not listed', async () => {
    expect(await statusWith({}, 'HS256')).toBe(401);
  });

  it('is refused by an organization that does not trust it', async () => {
    expect(await statusWith({}, 'RS256', ORGANIZATION)).toBe(401);
  });

  it('is refused while the keys of its issuer cannot be read', async () => {
    vi.mocked(fetch).mockRejectedValue(new Error('unreachable'));
    expect(await statusWith({})).toBe(401);
  });
});
