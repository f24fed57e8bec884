import * as z from 'zod';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { ServiceParams, VersionSetBody, VersionSetName } from './fields.ts';

const UpsertVersionSetBody = z
  .object({ version_set: VersionSetBody })
  .meta({ id: 'UpsertServiceVersionSetRequest' });

export const upsertVersionSet = operation(
  {
    id: 'upsert-service-version-set',
    tag: 'Service',
    summary: 'Upsert a version set',
    description:
      'Creates or replaces a version set of a service. `edge` cannot be changed: it is always the latest versions.',
    method: 'put',
    path: '/v1/{organization}/service/{service_id}/version_sets/{version_set_name}/',
    credentials: 'user',
    rateLimit: 30,
    access: {
      requires: [{ permission: 'Service:CreateVersionSet', on: 'the service, for a new version set' }],
      impactedBy: [
        {
          permission: 'Service:UpdateVersionSet',
          effect: 'A version set that exists is replaced with it alone.',
        },
      ],
    },
    params: ServiceParams.extend({
      version_set_name: VersionSetName.meta({ description: 'The name of the version set.' }),
    }),
    query: NoQuery,
    headers: ChangeHeaders,
    body: UpsertVersionSetBody,
    answers: {
      204: { description: 'The version set is stored.' },
      400: { description: 'It is `edge`, names what is not there, or is one too many.' },
      404: { description: 'The organization or the service does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { service_id: id, version_set_name: name }, body, answer }) => {
    const { version_set } = body;
    await change(
      c,
      'upsert-service-version-set',
      { type: 'upsert-version-set', id, name, version_set },
      body,
    );
    return answer();
  },
);
