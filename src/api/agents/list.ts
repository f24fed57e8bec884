import { AgentsAnswer } from '../../contract/blueprints.ts';
import { listed, listQuery } from '../blueprints.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, OrganizationParams, pageLimit } from '../parameters.ts';

export const getAgents = operation(
  {
    id: 'get-agents',
    tag: 'Organization',
    summary: 'Get agents',
    description: 'Lists the agents of the organization that fit all filters, those made first first.',
    method: 'get',
    path: '/v1/{organization}/organization/agent',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [],
      impactedBy: [{ permission: 'Organization:GetAgent', effect: 'Agents are listed with it alone.' }],
    },
    params: OrganizationParams,
    query: listQuery(pageLimit(20, 10, { description: 'The most agents to return.' })),
    headers: CommonHeaders,
    answers: {
      200: { description: 'A page of agents.', content: { type: 'application/json', schema: AgentsAnswer } },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, query, answer }) => {
    const { entries: agents, page } = await listed(c, 'agent', query);
    return answer({ agents, ...page });
  },
);
