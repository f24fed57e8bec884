import { KeysAnswer } from '../../contract/api-keys.ts';
import { allows } from '../../access/permissions.ts';
import { readKeys } from '../../registry/object/client.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { roleIds } from '../roles/identifiers.ts';

/** Shown as the end of a key from a file that never ends: the last time that RFC 3339 can write. */
const NEVER = '9999-12-31T23:59:59.999Z';

export const getApiKeys = operation(
  {
    id: 'get-api-keys',
    tag: 'Organization',
    summary: 'Get API keys',
    description: 'Lists the API keys of the organization, without the keys themselves.',
    method: 'get',
    path: '/v1/{organization}/organization/api_key/',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [],
      impactedBy: [{ permission: 'Organization:GetAPIKey', effect: 'Keys are listed with it alone.' }],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: { description: 'The keys.', content: { type: 'application/json', schema: KeysAnswer } },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization: { id: org_id }, answer }) => {
    const { caller } = signedIn(c);
    const isVisible = allows(caller.grants, 'Organization:GetAPIKey', { org_id });
    const keys = isVisible ? await readKeys(env, caller) : [];
    const roles = await roleIds(org_id, [...new Set(keys.map(({ role }) => role))]);
    const told = {
      api_keys: keys.map(({ id, name, created_at, expires_at, creator, role }) => {
        const createdAt = new Date(created_at).toISOString();
        return {
          _id: id,
          name,
          org_id,
          created_at: createdAt,
          updated_at: createdAt,
          key_id: id,
          expires_at: expires_at ?? NEVER,
          creator: { user_id: creator ?? '', org_id },
          role_id: roles.get(role) ?? '',
        };
      }),
    };
    return answer(told);
  },
);
