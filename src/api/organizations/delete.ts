import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';

export const deleteOrganization = operation(
  {
    id: 'delete-organization',
    tag: 'Organization',
    summary: 'Delete an organization',
    description:
      'Deletes an organization: no request finds it any more, and what it holds is erased in the minutes after. Nothing of ' +
      'it can be had back.',
    method: 'delete',
    path: '/v1/{organization}/organization/',
    credentials: 'user',
    rateLimit: 5,
    access: {
      requires: [{ permission: 'Organization:DeleteOrganization', on: 'the organization' }],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    answers: {
      204: { description: 'The organization is deleted.' },
      404: { description: 'The organization does not exist.' },
      409: { description: 'A related operation is in progress.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, answer }) => {
    await change(c, 'delete-organization', { type: 'delete-organization' }, null);
    return answer();
  },
);
