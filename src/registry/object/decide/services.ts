/** Decisions about services and their version sets. */
import { problem } from '../../../problems.ts';
import { INTERACTIONS } from '../../interactions.ts';
import { MAX_SERVICES, type Catalog } from '../../organization.ts';
import { MAX_VERSION_SETS, type Service, type VersionSet } from '../../services.ts';
import type { Actor, CommandOf, Decision, RegistryState } from '../commands.ts';
import { organizationOf, requirePermission } from './access.ts';
import { requireUsable } from './blueprints.ts';

const LATEST: VersionSet = {
  agent_version_number: null,
  service_hierarchical_state_machine_version_number: null,
  llm_model_preferences: {},
};

function serviceOf({ services }: Catalog, id: string): Service {
  const service = services.find((candidate) => candidate.id === id);
  if (service === undefined) throw problem('service_not_found', 'There is no such service.');
  return service;
}

/**
 * Throws 404 where the agent or the graph of a service does not exist, 400 where it has no version, or where it is deleted
 * and the service begins to use it.
 */
function requireParts(state: RegistryState, service: Service, before: Service | null): void {
  const begins = before === null || (service.is_active && !before.is_active);
  const { agent_id: agent, service_hierarchical_state_machine_id: graph } = service;
  requireUsable(state, 'agent', agent, begins || before?.agent_id !== agent);
  requireUsable(state, 'graph', graph, begins || before?.service_hierarchical_state_machine_id !== graph);
}

/** Throws 400 where a version set names a version, an interaction or a model that is not there. */
function requireSense(state: RegistryState, service: Service, set: VersionSet): void {
  const invalid = (detail: string) => problem('version_set_invalid', detail);
  const { agent_version_number: agent, service_hierarchical_state_machine_version_number: graph } = set;
  if (agent !== null && !state.hasVersion('agent', service.agent_id, agent)) {
    throw invalid(`The agent of the service has no version ${agent}.`);
  }
  if (graph !== null && !state.hasVersion('graph', service.service_hierarchical_state_machine_id, graph)) {
    throw invalid(`The state machine of the service has no version ${graph}.`);
  }
  const models = new Set(state.catalog().models.map(({ name }) => name));
  for (const [interaction, { llm_name }] of Object.entries(set.llm_model_preferences)) {
    if (!(INTERACTIONS as readonly string[]).includes(interaction)) {
      throw invalid(
        `There is no interaction "${interaction.slice(0, 100)}": there are ${INTERACTIONS.join(', ')}.`,
      );
    }
    if (!models.has(llm_name)) throw invalid(`There is no model "${llm_name}" in this organization.`);
  }
}

/** Throws 409 where another active service has the name of an active service. */
function requireOwnName({ services }: Catalog, service: Service): void {
  const isTaken = services.some(
    ({ id, name, is_active }) => is_active && name === service.name && id !== service.id,
  );
  if (service.is_active && isTaken) {
    throw problem('service_exists', 'Another active service has this name.');
  }
}

/** Writes the catalog, which names the latest versions of the agents and graphs of its services. */
function putCatalog(
  state: RegistryState,
  { services, ...catalog }: Catalog,
  actor: Actor,
  id: string,
): Decision {
  const latest = { ...catalog.latest };
  for (const service of services) {
    const { agent_id: agent, service_hierarchical_state_machine_id: graph } = service;
    latest[agent] ??= state.latestVersion('agent', agent) ?? 1;
    latest[graph] ??= state.latestVersion('graph', graph) ?? 1;
  }
  return {
    writes: [
      {
        type: 'put',
        name: { kind: 'catalog', id: '', version: 0 },
        value: { ...catalog, services, latest },
      },
      { type: 'tell', kind: 'catalog', users: [actor.user_id] },
    ],
    about: { kind: 'service', id },
  };
}

/** Returns the catalog with a service in place of that of the same identifier. */
function withService(catalog: Catalog, service: Service): Catalog {
  const services = catalog.services.map((known) => (known.id === service.id ? service : known));
  return { ...catalog, services };
}

function makerOf({ organization, user_id }: Actor): Service['creator'] {
  return { org_id: organization, user_id };
}

export function createService(
  state: RegistryState,
  actor: Actor,
  command: CommandOf<'create-service'>,
): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'Service:CreateService', { service_id: command.id });
  requirePermission(actor, 'Service:CreateVersionSet', { service_id: command.id });
  const catalog = state.catalog();
  const { type: _type, release, ...fields } = command;
  const maker = makerOf(actor);
  const version_sets = { release: release ?? LATEST, edge: LATEST };
  const service: Service = { ...fields, version_sets, creator: maker, updated_by: maker };
  requireParts(state, service, null);
  requireSense(state, service, version_sets.release);
  requireOwnName(catalog, service);
  if (catalog.services.length >= MAX_SERVICES) {
    throw problem('quota_reached', `An organization has at most ${MAX_SERVICES} services.`);
  }
  return putCatalog(state, { ...catalog, services: [...catalog.services, service] }, actor, service.id);
}

export function updateService(
  state: RegistryState,
  actor: Actor,
  command: CommandOf<'update-service'>,
): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'Service:UpdateService', { service_id: command.id });
  const catalog = state.catalog();
  const { type: _type, ...changes } = command;
  const before = serviceOf(catalog, command.id);
  const service = { ...before, ...changes, updated_by: makerOf(actor) };
  requireParts(state, service, before);
  for (const set of Object.values(service.version_sets)) requireSense(state, service, set);
  requireOwnName(catalog, service);
  return putCatalog(state, withService(catalog, service), actor, service.id);
}

export function upsertVersionSet(
  state: RegistryState,
  actor: Actor,
  { id, name, version_set }: CommandOf<'upsert-version-set'>,
): Decision {
  organizationOf(state, actor);
  const catalog = state.catalog();
  const known = catalog.services.find((candidate) => candidate.id === id);
  const exists = known !== undefined && Object.hasOwn(known.version_sets, name);
  requirePermission(actor, exists ? 'Service:UpdateVersionSet' : 'Service:CreateVersionSet', {
    service_id: id,
  });
  const service = serviceOf(catalog, id);
  if (name === 'edge') throw problem('version_set_reserved', '"edge" is always the latest versions.');
  if (!exists && Object.keys(service.version_sets).length >= MAX_VERSION_SETS) {
    throw problem('quota_reached', `A service has at most ${MAX_VERSION_SETS} version sets.`);
  }
  requireSense(state, service, version_set);
  const version_sets = { ...service.version_sets, [name]: version_set };
  return putCatalog(
    state,
    withService(catalog, { ...service, version_sets, updated_by: makerOf(actor) }),
    actor,
    id,
  );
}

export function deleteVersionSet(
  state: RegistryState,
  actor: Actor,
  { id, name }: CommandOf<'delete-version-set'>,
): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'Service:DeleteVersionSet', { service_id: id });
  const catalog = state.catalog();
  const service = serviceOf(catalog, id);
  if (name === 'edge' || name === 'release') {
    throw problem('version_set_reserved', `Every service has the version set "${name}".`);
  }
  if (!Object.hasOwn(service.version_sets, name)) {
    throw problem('version_set_not_found', 'The service has no such version set.');
  }
  const { [name]: _removed, ...version_sets } = service.version_sets;
  return putCatalog(
    state,
    withService(catalog, { ...service, version_sets, updated_by: makerOf(actor) }),
    actor,
    id,
  );
}
