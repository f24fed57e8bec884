import { CreateAgentAnswer } from '../../contract/blueprints.ts';
import { create } from '../blueprints.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { CreateAgentBody } from './fields.ts';

export const createAgent = operation(
  {
    id: 'create-agent',
    tag: 'Organization',
    summary: 'Create an agent',
    description: 'Creates an agent without a version. A service can use it once it has one.',
    method: 'post',
    path: '/v1/{organization}/organization/agent',
    credentials: 'user',
    rateLimit: 10,
    access: { requires: [{ permission: 'Organization:CreateAgent', on: 'the new agent' }], impactedBy: [] },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: CreateAgentBody,
    answers: {
      201: { description: 'The agent.', content: { type: 'application/json', schema: CreateAgentAnswer } },
      400: { description: 'There are as many agents as can be.' },
      404: { description: 'The organization does not exist.' },
      409: { description: 'Another agent has this name.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, body, answer }) => {
    const told = await create(c, 'create-agent', 'agent', body.agent_name);
    return answer(told);
  },
);
