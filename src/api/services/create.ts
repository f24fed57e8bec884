import * as z from 'zod';
import { CreateServiceAnswer } from '../../contract/organizations.ts';
import { newIdentifier } from '../../identifiers.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { ServiceFields, VersionSetBody } from './fields.ts';

const CreateServiceBody = z
  .object({
    ...ServiceFields,
    release_version_set: VersionSetBody.nullish().meta({
      description: 'The version set `release`; without it, the latest versions.',
    }),
  })
  .meta({ id: 'CreateServiceRequest' });

export const createService = operation(
  {
    id: 'create-service',
    tag: 'Service',
    summary: 'Create a service',
    description:
      'Creates a service with the version sets `edge`, which is always the latest versions, and `release`.',
    method: 'post',
    path: '/v1/{organization}/service/',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [
        { permission: 'Service:CreateService', on: 'the new service' },
        { permission: 'Service:CreateVersionSet', on: 'the new service' },
      ],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: CreateServiceBody,
    answers: {
      201: {
        description: 'The service.',
        content: { type: 'application/json', schema: CreateServiceAnswer },
      },
      400: {
        description:
          '`release_version_set` names what is not there, or there are as many services as can be.',
      },
      404: { description: 'The organization, the agent or the state machine does not exist.' },
      409: { description: 'Another active service has this name.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, body, answer }) => {
    const { release_version_set: release = null, ...fields } = body;
    const id = newIdentifier(Date.now());
    const { about } = await change(
      c,
      'create-service',
      { type: 'create-service', id, ...fields, release },
      body,
    );
    const told = { id: about.id };
    return answer(told);
  },
);
