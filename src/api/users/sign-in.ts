import { IssuedToken } from '../../contract/organizations.ts';
import { issueToken } from '../../edge/tokens.ts';
import { logChange } from '../../log.ts';
import { operation, signedIn } from '../operation.ts';
import { atMost } from '../../registry/primitives.ts';
import {
  COMMON_ANSWERS,
  CommonHeaders,
  MAX_HEADER_LENGTH,
  NoQuery,
  OrganizationParams,
} from '../parameters.ts';

/** Issues a token for a user, given an API key. */
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
      'x-api-key': atMost(MAX_HEADER_LENGTH).meta({ description: 'The API key.' }),
      'x-api-key-id': atMost(MAX_HEADER_LENGTH).meta({ description: 'The identifier of the API key.' }),
      'x-user-id': atMost(MAX_HEADER_LENGTH).meta({ description: 'The user to sign in as.' }),
    }),
    answers: {
      200: {
        description: 'The token.',
        content: { type: 'application/json', schema: IssuedToken },
      },
      401: { description: 'The API key or the user is not known, or the key is wrong.' },
      404: { description: 'The organization does not exist.' },
      422: COMMON_ANSWERS[422],
      429: COMMON_ANSWERS[429],
      503: COMMON_ANSWERS[503],
    },
  },
  async ({ c, env, organization, headers, answer }) => {
    const { user } = signedIn(c);
    const { id_token, expires_at } = await issueToken(
      env.SIGNING_KEYS,
      { organization: organization.id, user_id: user.id },
      Date.now(),
    );
    logChange({
      operation: 'sign-in-with-api-key',
      organization: organization.id,
      actor: `key:${headers['x-api-key-id']}`,
      object: user.id,
      request_id: c.get('requestId'),
    });
    return answer(
      { id_token, expires_at: new Date(expires_at).toISOString() },
      { 'cache-control': 'no-store' },
    );
  },
);
