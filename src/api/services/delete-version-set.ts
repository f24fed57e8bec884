import { atMost, MAX_NAME_LENGTH } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { ServiceParams } from './fields.ts';

export const deleteVersionSet = operation(
  {
    id: 'delete-service-version-set',
    tag: 'Service',
    summary: 'Delete a version set',
    description: 'Deletes a version set of a service. Conversations that began with it go on as they began.',
    method: 'delete',
    path: '/v1/{organization}/service/{service_id}/version_sets/{version_set_name}/',
    credentials: 'user',
    rateLimit: 30,
    access: { requires: [{ permission: 'Service:DeleteVersionSet', on: 'the service' }], impactedBy: [] },
    params: ServiceParams.extend({
      version_set_name: atMost(MAX_NAME_LENGTH).meta({ description: 'The name of the version set.' }),
    }),
    query: NoQuery,
    headers: ChangeHeaders,
    answers: {
      204: { description: 'The version set is deleted.' },
      400: { description: 'It is `edge` or `release`, which every service has.' },
      404: { description: 'The organization, the service or the version set does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { service_id: id, version_set_name: name }, answer }) => {
    await change(c, 'delete-service-version-set', { type: 'delete-version-set', id, name }, null);
    return answer();
  },
);
