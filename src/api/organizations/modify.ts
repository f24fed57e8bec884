import * as z from 'zod';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { PreferencesBody } from '../users/fields.ts';
import { Dimensions, Picture } from './fields.ts';

const ModifyOrganizationBody = z
  .object({
    logo: Picture,
    square_logo: Picture,
    favicon: Picture,
    user_dimensions: Dimensions.nullish(),
    default_user_preferences: PreferencesBody.nullish().meta({
      description: 'What holds for users who state nothing themselves.',
    }),
  })
  .meta({ id: 'ModifyOrganizationRequest', description: 'What is null or absent stays.' });

export const modifyOrganization = operation(
  {
    id: 'modify-organization',
    tag: 'Organization',
    summary: 'Modify an organization',
    description: 'Changes settings of the organization: only the fields that the request names.',
    method: 'post',
    path: '/v1/{organization}/organization/',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [{ permission: 'Organization:ModifyOrganization', on: 'the organization' }],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: ModifyOrganizationBody,
    answers: {
      204: { description: 'The organization is changed.' },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, body, answer }) => {
    const { user_dimensions, default_user_preferences: preferences } = body;
    const stated = preferences && {
      ...preferences,
      preferred_language: preferences.preferred_language ?? null,
      timezone: preferences.timezone ?? null,
    };
    await change(
      c,
      'modify-organization',
      {
        type: 'modify-organization',
        ...(user_dimensions != null && { user_dimensions }),
        ...(stated != null && { default_user_preferences: stated }),
      },
      body,
    );
    return answer();
  },
);
