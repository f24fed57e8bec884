import { DeleteKeyAnswer } from '../../contract/api-keys.ts';
import { atMost } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';

/** Keys have 24 characters here, and 36 where the published API is hosted. */
const MAX_KEY_ID_LENGTH = 64;

export const deleteApiKey = operation(
  {
    id: 'delete-api-key',
    tag: 'Organization',
    summary: 'Delete an API key',
    description:
      'Deletes an API key: it signs in no user from then on. Tokens that it gave out live to their end.',
    method: 'delete',
    path: '/v1/{organization}/organization/api_key/{api_key_id}/',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [{ permission: 'Organization:DeleteAPIKey', on: 'the organization' }],
      impactedBy: [],
    },
    params: OrganizationParams.extend({
      api_key_id: atMost(MAX_KEY_ID_LENGTH).meta({ description: 'The identifier of the API key.' }),
    }),
    query: NoQuery,
    headers: ChangeHeaders,
    answers: {
      200: {
        description: 'The key is deleted.',
        content: { type: 'application/json', schema: DeleteKeyAnswer },
      },
      404: { description: 'The organization or the key does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { api_key_id: id }, answer }) => {
    await change(c, 'delete-api-key', { type: 'delete-key', id }, null);
    const told = { deleted_key_id: id };
    return answer(told);
  },
);
