import { CreateGraphAnswer } from '../../contract/blueprints.ts';
import { create } from '../blueprints.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { CreateGraphBody } from './fields.ts';

export const createGraph = operation(
  {
    id: 'create-service-hierarchical-state-machine',
    tag: 'Organization',
    summary: 'Create a state machine',
    description:
      'Creates a service hierarchical state machine without a version. A service can use it once it has one.',
    method: 'post',
    path: '/v1/{organization}/organization/service_hierarchical_state_machine',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [{ permission: 'Organization:CreateServiceHierarchicalStateMachine', on: 'the new one' }],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: CreateGraphBody,
    answers: {
      201: {
        description: 'The state machine.',
        content: { type: 'application/json', schema: CreateGraphAnswer },
      },
      400: { description: 'There are as many state machines as can be.' },
      404: { description: 'The organization does not exist.' },
      409: { description: 'Another state machine has this name.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, body, answer }) => {
    const told = await create(
      c,
      'create-service-hierarchical-state-machine',
      'graph',
      body.state_machine_name,
    );
    return answer(told);
  },
);
