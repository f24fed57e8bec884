import * as z from 'zod';
import type { CommandOf } from '../../registry/object/commands.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { ServiceFields, ServiceParams } from './fields.ts';

const UpdateServiceBody = z
  .object({
    name: ServiceFields.name.nullish(),
    description: ServiceFields.description.nullish(),
    is_active: ServiceFields.is_active.nullish(),
    agent_id: ServiceFields.agent_id.nullish(),
    service_hierarchical_state_machine_id: ServiceFields.service_hierarchical_state_machine_id.nullish(),
    tags: ServiceFields.tags.nullish(),
    keyterms: ServiceFields.keyterms.nullish(),
  })
  .meta({ id: 'UpdateServiceRequest', description: 'What is null or absent stays.' });

export const updateService = operation(
  {
    id: 'update-service',
    tag: 'Service',
    summary: 'Update a service',
    description:
      'Changes a service: only the fields that the request names. Conversations go on as they began.',
    method: 'post',
    path: '/v1/{organization}/service/{service_id}/',
    credentials: 'user',
    rateLimit: 20,
    access: { requires: [{ permission: 'Service:UpdateService', on: 'the service' }], impactedBy: [] },
    params: ServiceParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: UpdateServiceBody,
    answers: {
      200: {
        description: 'The service is changed.',
        content: { type: 'application/json', schema: z.null() },
      },
      400: {
        description: 'A version set would name a version that its agent or state machine does not have.',
      },
      404: { description: 'The organization, the service, the agent or the state machine does not exist.' },
      409: { description: 'Another active service has this name.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { service_id: id }, body, answer }) => {
    const changes = Object.fromEntries(Object.entries(body).filter(([, value]) => value != null));
    const command = { type: 'update-service', id, ...changes } as CommandOf<'update-service'>;
    await change(c, 'update-service', command, body);
    return answer(null);
  },
);
