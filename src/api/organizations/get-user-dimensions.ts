import { DimensionsAnswer } from '../../contract/organizations.ts';
import { allows } from '../../access/permissions.ts';
import { problem } from '../../problems.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery, OrganizationParams } from '../parameters.ts';

export const getUserDimensions = operation(
  {
    id: 'get-user-dimensions',
    tag: 'Organization',
    summary: 'Get user dimensions',
    description: 'Lists what user models of the organization are about.',
    method: 'get',
    path: '/v1/{organization}/organization/user_dimensions/',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Organization:GetOrganizationDetails', on: 'the organization' }],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The dimensions.',
        content: { type: 'application/json', schema: DimensionsAnswer },
      },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  ({ c, organization: { id, user_dimensions = [] }, answer }) => {
    const { caller } = signedIn(c);
    if (!allows(caller.grants, 'Organization:GetOrganizationDetails', { org_id: id })) {
      throw problem(
        'permission_missing',
        'This requires the permission Organization:GetOrganizationDetails.',
      );
    }
    const told = { user_dimensions };
    return answer(told);
  },
);
