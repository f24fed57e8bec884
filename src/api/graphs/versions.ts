import { graphVersionsAnswer } from '../../contract/blueprints.ts';
import type { ContextGraph } from '../../registry/graph.ts';
import { versionsOf, VersionsQuery } from '../blueprints.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders } from '../parameters.ts';
import { GraphFields, GraphParams } from './fields.ts';

const GraphVersionsAnswer = graphVersionsAnswer(GraphFields);

/** Returns a version as the published API shows it: the name belongs to the state machine. */
function shown(organization: string, { id, name: _name, ...graph }: ContextGraph) {
  return { org_id: organization, service_hierarchical_state_machine_id: id, ...graph };
}

export const getGraphVersions = operation(
  {
    id: 'get-service-hierarchical-state-machine-versions',
    tag: 'Organization',
    summary: 'Get the versions of a state machine',
    description: 'Lists the versions of a state machine, the first one first.',
    method: 'get',
    path: '/v1/{organization}/organization/service_hierarchical_state_machine/{service_hierarchical_state_machine_id}/version',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Organization:GetServiceHierarchicalStateMachine', on: 'the state machine' }],
      impactedBy: [{ permission: 'User:GetUserInfo', effect: '`creator` does not tell a user without it.' }],
    },
    params: GraphParams,
    query: VersionsQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of versions.',
        content: { type: 'application/json', schema: GraphVersionsAnswer },
      },
      404: { description: 'The organization or the state machine does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, organization, params, query, answer }) => {
    const id = params.service_hierarchical_state_machine_id;
    const { entries, page } = await versionsOf(c, 'graph', id, query);
    const state_machine_versions = entries.map(({ value, ...made }) => ({
      ...shown(organization.id, value as ContextGraph),
      ...made,
    }));
    return answer({ state_machine_versions, ...page });
  },
);
