import * as z from 'zod';
import { isDevelopment, type Env } from '../../bindings.ts';
import { issueToken } from '../../edge/tokens.ts';
import { logChange } from '../../log.ts';
import { problem } from '../../problems.ts';
import { isLessPermissive } from '../../access/permissiveness.ts';
import type { ApiKey, Organization, User } from '../../registry/organization.ts';
import { roleGrants } from '../../registry/reader.ts';
import { hashApiKey } from '../../registry/publish.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery, OrganizationParams } from '../parameters.ts';

const SignInAnswer = z
  .object({
    id_token: z.string().meta({ description: 'The token, for the `Authorization` header.' }),
    expires_at: z.iso.datetime().meta({ description: 'When the token expires.' }),
  })
  .meta({ id: 'SignInWithApiKeyResponse' });

/** Compares in a time that does not tell how much of it was right. Both are digests of 64 digits. */
function equalDigests(a: string, b: string): boolean {
  const encode = (text: string) => new TextEncoder().encode(text);
  const [left, right] = [encode(a), encode(b)];
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}

/** A key signs in only who can do less than the key's own role. */
function mayBe(key: ApiKey, user: User, organization: Organization): boolean {
  return isLessPermissive(roleGrants(organization, user.role), roleGrants(organization, key.role));
}

function isUsable(key: ApiKey, env: Env, now: number): boolean {
  if (key.development_only && !isDevelopment(env)) return false;
  return key.expires_at === null || Date.parse(key.expires_at) > now;
}

/** A digest that no key has: so that a key that does not exist takes as long to refuse as one that is wrong. */
const NO_DIGEST = '0'.repeat(64);

export const signInWithApiKey = operation(
  {
    id: 'sign-in-with-api-key',
    tag: 'User',
    summary: 'Sign in with API key',
    description:
      'Issues a token for a user, given an API key of the organization. The token lives for one hour.',
    method: 'post',
    path: '/v1/{organization}/user/signin_with_api_key',
    credentials: 'api-key',
    rateLimit: 5,
    access: { requires: [], impactedBy: [] },
    params: OrganizationParams,
    query: NoQuery,
    headers: CommonHeaders.extend({
      'x-api-key': z.string().meta({ description: 'The API key.' }),
      'x-api-key-id': z.string().meta({ description: 'The identifier of the API key.' }),
      'x-user-id': z.string().meta({ description: 'The user to sign in as.' }),
    }),
    answers: {
      200: {
        description: 'The token.',
        content: { type: 'application/json', schema: SignInAnswer },
      },
      401: { description: 'The API key or the user is not known, or the key is wrong.' },
      404: { description: 'The organization does not exist.' },
      422: COMMON_ANSWERS[422],
      429: COMMON_ANSWERS[429],
      503: COMMON_ANSWERS[503],
    },
  },
  async ({ c, env, registry, organization, headers }) => {
    const now = Date.now();
    const key = await registry.apiKey(organization.id, headers['x-api-key-id']);
    const user = await registry.user(organization.id, headers['x-user-id']);
    const matches = equalDigests(await hashApiKey(headers['x-api-key']), key?.hash ?? NO_DIGEST);
    if (
      !matches ||
      key === null ||
      user === null ||
      !isUsable(key, env, now) ||
      !mayBe(key, user, organization)
    ) {
      throw problem('credentials_invalid', 'The API key or the user is not known, or the key is wrong.');
    }
    const { id_token, expires_at } = await issueToken(
      env.SIGNING_KEYS,
      { organization: organization.id, user_id: user.id },
      now,
    );
    logChange({
      operation: 'sign-in-with-api-key',
      organization: organization.id,
      actor: `key:${key.id}`,
      object: user.id,
      request_id: c.get('requestId'),
    });
    const answer: z.infer<typeof SignInAnswer> = { id_token, expires_at: new Date(expires_at).toISOString() };
    return c.json(answer, 200, { 'cache-control': 'no-store' });
  },
);
