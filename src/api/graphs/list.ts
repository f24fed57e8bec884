import * as z from 'zod';
import { GraphsAnswer } from '../../contract/blueprints.ts';
import { listed, listQuery } from '../blueprints.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, OrganizationParams } from '../parameters.ts';

/** The most state machines of a page (published API). */
const MAX_PAGE = 50;

export const getGraphs = operation(
  {
    id: 'get-service-hierarchical-state-machines',
    tag: 'Organization',
    summary: 'Get state machines',
    description: 'Lists the state machines of the organization that fit all filters, those made first first.',
    method: 'get',
    path: '/v1/{organization}/organization/service_hierarchical_state_machine',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'Organization:GetServiceHierarchicalStateMachine',
          effect: 'State machines are listed with it alone.',
        },
      ],
    },
    params: OrganizationParams,
    query: listQuery(
      z
        .int()
        .min(0)
        .max(MAX_PAGE)
        .default(MAX_PAGE)
        .meta({ description: 'The most state machines to return.' }),
    ),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of state machines.',
        content: { type: 'application/json', schema: GraphsAnswer },
      },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, query, answer }) => {
    const { entries, page } = await listed(c, 'graph', query);
    return answer({ service_hierarchical_state_machines: entries, ...page });
  },
);
