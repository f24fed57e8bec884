import * as z from 'zod';
import { CreateUserAnswer } from '../../contract/users.ts';
import { newIdentifier } from '../../identifiers.ts';
import { boundedRecord, MAX_NAME_LENGTH, atMost } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { FirstName, LastName, PreferencesBody, UserEmail, VariableName, VariableValue } from './fields.ts';

/** The most variables that a user begins with. */
const MAX_SHOWN_VARIABLES = 19;
const MAX_SECRET_VARIABLES = 20;

const CreateUserBody = z
  .object({
    first_name: FirstName,
    last_name: LastName,
    email: UserEmail,
    login_link: atMost(2083).min(1).nullish().meta({
      format: 'uri',
      description: 'Accepted for compatibility; no mail is sent here.',
    }),
    role_name: atMost(MAX_NAME_LENGTH).meta({ description: 'The role of the user.' }),
    nonsensitive_user_variables: boundedRecord(VariableName, VariableValue, MAX_SHOWN_VARIABLES)
      .default({})
      .meta({ description: 'Variables by name.' }),
    sensitive_user_variables: boundedRecord(VariableName, VariableValue, MAX_SECRET_VARIABLES)
      .default({})
      .meta({ description: 'Variables by name whose values are never shown.' }),
    user_preferences: PreferencesBody.nullish().meta({
      description: 'Preferences in place of those of the organization.',
    }),
  })
  .meta({ id: 'CreateInvitedUserRequest' });

export const createInvitedUser = operation(
  {
    id: 'create-invited-user',
    tag: 'User',
    summary: 'Create a user',
    description: 'Creates a user. They can be signed in at once, everywhere.',
    method: 'post',
    path: '/v1/{organization}/user/',
    credentials: 'user',
    rateLimit: 50,
    access: {
      requires: [
        { permission: 'User:InviteUser', on: 'the new user, and a role that grants more than theirs' },
      ],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: CreateUserBody,
    answers: {
      201: { description: 'The user.', content: { type: 'application/json', schema: CreateUserAnswer } },
      400: { description: 'The organization has as many users as it can.' },
      404: { description: 'The organization or the role does not exist.' },
      409: { description: 'Another user has this address of e-mail.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, body, answer }) => {
    const { about } = await change(
      c,
      'create-invited-user',
      {
        type: 'create-user',
        id: newIdentifier(Date.now()),
        first_name: body.first_name,
        last_name: body.last_name,
        email: body.email,
        role: body.role_name,
        preferences: body.user_preferences ?? {},
        nonsensitive_variables: body.nonsensitive_user_variables,
        sensitive_variables: body.sensitive_user_variables,
      },
      body,
    );
    const told = { user_id: about.id, verify_link: null };
    return answer(told);
  },
);
