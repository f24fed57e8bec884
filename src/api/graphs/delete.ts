import * as z from 'zod';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { GraphParams } from './fields.ts';

export const deleteGraph = operation(
  {
    id: 'delete-service-hierarchical-state-machine',
    tag: 'Organization',
    summary: 'Delete a state machine',
    description:
      'Marks a state machine as deprecated: no further service and no further version of another one can use it. Its ' +
      'versions stay, and conversations go on as they began.',
    method: 'delete',
    path: '/v1/{organization}/organization/service_hierarchical_state_machine/{service_hierarchical_state_machine_id}/',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [
        { permission: 'Organization:DeleteServiceHierarchicalStateMachine', on: 'the state machine' },
      ],
      impactedBy: [],
    },
    // The reference calls it `state_machine_id`. OpenAPI has one name for a parameter of two operations of a path.
    params: GraphParams,
    query: NoQuery,
    headers: ChangeHeaders,
    answers: {
      200: {
        description: 'The state machine is deleted.',
        content: { type: 'application/json', schema: z.null() },
      },
      400: { description: 'An active service uses the state machine.' },
      404: { description: 'The organization or the state machine does not exist.' },
      409: { description: 'The state machine is deleted already.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { service_hierarchical_state_machine_id: id }, answer }) => {
    const operation = 'delete-service-hierarchical-state-machine';
    await change(c, operation, { type: 'delete-blueprint', kind: 'graph', id }, null);
    return answer(null);
  },
);
