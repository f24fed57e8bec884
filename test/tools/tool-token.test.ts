import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { verifyToken } from '../../src/edge/tokens.ts';
import { signingKeys } from '../../src/signing/signing-keys.ts';
import { signToolCall, TOOL_TOKEN_LIFETIME_SECONDS } from '../../src/tools/tool-token.ts';
import { testEnv } from '../support/client.ts';

const CLAIMS = {
  aud: 'https://tools.example',
  sub: 'a'.repeat(24),
  org: 'test-org',
  conversation_id: 'c'.repeat(24),
  jti: 'key',
  body_sha256: 'digest',
};

it('signs a token that a tool verifies with the published keys', async () => {
  const now = Date.now();
  const token = await signToolCall(testEnv.SIGNING_KEYS, CLAIMS, now);
  const { published } = await signingKeys(testEnv.SIGNING_KEYS);
  const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: published }), {
    algorithms: ['ES256'],
    issuer: 'conversation-api',
    audience: 'https://tools.example',
    typ: 'tool-call+jwt',
  });
  const iat = Math.floor(now / 1000);
  expect(payload).toEqual({
    ...CLAIMS,
    iss: 'conversation-api',
    iat,
    exp: iat + TOOL_TOKEN_LIFETIME_SECONDS,
  });
  expect(decodeProtectedHeader(token).kid).toBe(published.at(-1)?.kid);
});

it('signs a token that signs no user in', async () => {
  const token = await signToolCall(testEnv.SIGNING_KEYS, { ...CLAIMS, aud: 'conversation-api' }, Date.now());
  expect(await verifyToken(testEnv.SIGNING_KEYS, token)).toBeNull();
});
