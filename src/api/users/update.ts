import * as z from 'zod';
import { MAX_CONTEXTS } from '../../registry/organization.ts';
import { listOfAtMost, Prose } from '../../registry/primitives.ts';
import type { CommandOf } from '../../registry/object/commands.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { FirstName, KeyTerms, Language, LastName, RequestedUserParams, TimeZone } from './fields.ts';

/** An empty object says that a field is not set, like its absence (`_NotSet` of the published API). */
const NotSet = z.object({});

const UpdateUserBody = z
  .object({
    first_name: FirstName.nullish(),
    last_name: LastName.nullish(),
    enable_response_recommendation: z.boolean().nullish(),
    preferred_language: z.union([Language, NotSet, z.null()]).optional().meta({
      description: 'Null erases it; an empty object leaves it.',
    }),
    timezone: z.union([TimeZone, NotSet, z.null()]).optional().meta({
      description: 'Null erases it; an empty object leaves it.',
    }),
    conversations_visible_to_admins: z.boolean().nullish(),
    user_model_visible_to_admins: z.boolean().nullish(),
    additional_context: listOfAtMost(Prose, MAX_CONTEXTS).nullish().meta({
      description: 'What agents are told of the user beside the user model.',
    }),
    audio_keyterms: KeyTerms.nullish(),
  })
  .meta({ id: 'UpdateUserInfoRequest', description: 'What is null or absent stays.' });
type UpdateUserBody = z.infer<typeof UpdateUserBody>;

function isSet(value: string | object | null | undefined): value is string | null {
  return typeof value === 'string' || value === null;
}

/** Returns the changes of preferences in a body: null erases, and what is absent stays. */
function preferencesOf(body: UpdateUserBody): CommandOf<'update-user'>['preferences'] {
  const { preferred_language, timezone, enable_response_recommendation, audio_keyterms } = body;
  const { conversations_visible_to_admins, user_model_visible_to_admins } = body;
  return {
    ...(isSet(preferred_language) && { preferred_language }),
    ...(isSet(timezone) && { timezone }),
    ...(enable_response_recommendation != null && { enable_response_recommendation }),
    ...(audio_keyterms != null && { audio_keyterms }),
    ...(conversations_visible_to_admins != null && { conversations_visible_to_admins }),
    ...(user_model_visible_to_admins != null && { user_model_visible_to_admins }),
  };
}

export const updateUserInfo = operation(
  {
    id: 'update-user-info',
    tag: 'User',
    summary: 'Update a user',
    description: 'Changes what is known of a user: only the fields that the request names.',
    method: 'post',
    path: '/v1/{organization}/user/{requested_user_id}',
    credentials: 'user',
    rateLimit: 50,
    access: { requires: [{ permission: 'User:UpdateUserInfo', on: 'the user' }], impactedBy: [] },
    params: RequestedUserParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: UpdateUserBody,
    answers: {
      204: { description: 'The user is changed.' },
      404: { description: 'The organization or the user does not exist.' },
      409: { description: 'A related operation is in progress.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params, body, answer }) => {
    const { first_name, last_name, additional_context } = body;
    await change(
      c,
      'update-user-info',
      {
        type: 'update-user',
        id: params.requested_user_id,
        ...(first_name != null && { first_name }),
        ...(last_name != null && { last_name }),
        ...(additional_context != null && { additional_context }),
        preferences: preferencesOf(body),
      },
      body,
    );
    return answer();
  },
);
