import { allows } from '../../access/permissions.ts';
import { OrganizationDetails } from '../../contract/organizations.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery, OrganizationParams } from '../parameters.ts';

/** Shows an organization, and its settings to those who may see them. */
export const getOrganization = operation(
  {
    id: 'get-organization',
    tag: 'Organization',
    summary: 'Get an organization',
    description: 'Tells what an organization is called, and its settings to those who may see them.',
    method: 'get',
    path: '/v1/{organization}/organization/',
    credentials: 'optional',
    rateLimit: null,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'Organization:GetOrganizationDetails',
          effect: '`default_user_preferences` and `tenant_id` are null without it.',
        },
      ],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The organization.',
        content: { type: 'application/json', schema: OrganizationDetails },
      },
      404: { description: 'The organization does not exist.' },
      422: COMMON_ANSWERS[422],
      503: COMMON_ANSWERS[503],
    },
  },
  ({ c, organization, answer }) => {
    const caller = c.get('caller');
    const details =
      caller !== null &&
      allows(caller.grants, 'Organization:GetOrganizationDetails', { org_id: organization.id });
    return answer({
      org_id: organization.id,
      org_name: organization.name,
      default_user_preferences: details ? organization.default_user_preferences : null,
      tenant_id: details ? organization.tenant_id : null,
    });
  },
);
