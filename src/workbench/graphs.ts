import * as z from 'zod';
import { allows, type Caller } from '../access/permissions.ts';
import { OrganizationParams } from '../api/parameters.ts';
import { drawnAgent, type DrawnAgent } from '../contract/workbench.ts';
import { problem } from '../problems.ts';
import { ContextGraph } from '../registry/graph.ts';
import type { Service } from '../registry/organization.ts';
import type { VersionInfo } from '../contract/versions.ts';
import { Identifier, versionKey } from '../registry/primitives.ts';
import { resolveVersions, type RegistryReader } from '../registry/reader.ts';
import { requireAdministrator } from './administrators.ts';
import { endpoint } from './endpoint.ts';

/** The service, for a caller who may see it and its graphs: hidden ones do not exist, shown ones may lack the rest. */
async function drawableService(
  registry: RegistryReader,
  { organization, grants }: Caller,
  id: string,
): Promise<Service> {
  const attributes = { org_id: organization, service_id: id };
  const { services } = await registry.catalog(organization);
  const service = services.find((candidate) => candidate.id === id);
  if (service === undefined || !allows(grants, 'Service:GetService', attributes)) {
    throw problem('service_not_found', `There is no service ${id}.`);
  }
  const required = ['Service:GetVersionSet', 'Organization:GetServiceHierarchicalStateMachine'] as const;
  const missing = required.find((permission) => !allows(grants, permission, attributes));
  if (missing !== undefined) {
    throw problem('permission_missing', `This requires the permission ${missing} on the service.`);
  }
  return service;
}

/** Returns the agent and the graphs of a version of the service. Throws when the registry lacks one of them. */
async function drawn(
  registry: RegistryReader,
  organization: string,
  service: Service,
  versions: { name: string; agent: VersionInfo; graph: VersionInfo },
): Promise<DrawnAgent<ContextGraph>> {
  const [agent, graphs] = await Promise.all([
    registry.agent(organization, versions.agent),
    registry.graphs(organization, versions.graph),
  ]);
  if (agent === null || !graphs.has(versionKey(versions.graph))) {
    throw problem('version_set_not_found', 'The agent or the graph of this version is not in the registry.');
  }
  const { id, version, name, role } = agent;
  return {
    service: { id: service.id, name: service.name },
    version_set: versions.name,
    agent: { id, version, name, role },
    root: versions.graph,
    graphs: [...graphs.values()],
  };
}

const VersionNumber = z.int().min(1).optional();

/**
 * The graphs that a service means by a version set now. A conversation keeps the versions that it began with: the page
 * names their numbers where it draws one.
 */
export const getGraphs = endpoint(
  {
    id: 'workbench-graphs',
    path: '/workbench/api/:organization/services/:service_id/graphs',
    params: OrganizationParams.extend({ service_id: Identifier }),
    query: z.object({
      version_set: z.string().min(1).max(100).default('release'),
      agent_version: VersionNumber,
      graph_version: VersionNumber,
    }),
    headers: z.object({}),
    answer: drawnAgent(ContextGraph),
  },
  async ({ env, registry, caller, params, query, answer }) => {
    const service = await drawableService(registry, caller, params.service_id);
    requireAdministrator(env, caller, service.id);
    const catalog = await registry.catalog(caller.organization);
    const versions = resolveVersions(catalog, service, query.version_set);
    if (versions === null)
      throw problem('version_set_not_found', 'The service has no version set of that name.');
    const { name, agent, graph } = versions;
    return answer(
      await drawn(registry, caller.organization, service, {
        name,
        agent: [agent[0], query.agent_version ?? agent[1]],
        graph: [graph[0], query.graph_version ?? graph[1]],
      }),
    );
  },
);
