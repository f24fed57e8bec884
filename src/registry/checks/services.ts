/** Checks the services and agents of a file. */
import { DEFAULT_ROLES } from '../../access/default-roles.ts';
import { grantsNoMoreThan } from '../../access/permissiveness.ts';
import { INTERACTIONS } from '../interactions.ts';
import type { ServiceEntry, VersionSet } from '../services.ts';
import type { Published } from '../published.ts';
import type { Draft } from './draft.ts';
import type { Issue } from './issues.ts';
import { languageIssues } from './people.ts';

type Path = PropertyKey[];

/** Version numbers by identifier, of the file and of earlier publications. */
type Versions = ReadonlyMap<string, ReadonlySet<number>>;

function versionsOf(...lists: readonly (readonly ({ id: string; version: number } | null)[])[]): Versions {
  const versions = new Map<string, Set<number>>();
  for (const entry of lists.flat()) {
    if (entry === null) continue;
    versions.set(entry.id, (versions.get(entry.id) ?? new Set()).add(entry.version));
  }
  return versions;
}

function preferenceIssues(set: VersionSet, path: Path, models: ReadonlySet<string>): Issue[] {
  const interactions: readonly string[] = INTERACTIONS;
  return Object.entries(set.llm_model_preferences).flatMap(([interaction, { llm_name }]) => {
    const at = [...path, 'llm_model_preferences', interaction];
    const message = `there is no interaction "${interaction}": there are ${interactions.join(', ')}`;
    return [
      ...(interactions.includes(interaction) ? [] : [{ path: at, message }]),
      ...(models.has(llm_name)
        ? []
        : [
            {
              path: [...at, 'llm_name'],
              message: `there is no model "${llm_name}" among the models of the file`,
            },
          ]),
    ];
  });
}

function economyIssues({ economy_version_set: name, version_sets }: ServiceEntry): Issue[] {
  if (name === undefined || Object.hasOwn(version_sets, name)) return [];
  return [{ path: ['economy_version_set'], message: `the service has no version set "${name}"` }];
}

/** Checks services against the names in their file, which it indexes once. */
class ServiceCheck {
  readonly #draft: Draft;
  readonly #agents: ReadonlySet<string>;
  readonly #graphs: ReadonlySet<string>;
  readonly #users: ReadonlySet<string>;
  readonly #models: ReadonlySet<string>;
  readonly #guests: ReadonlySet<string>;
  readonly #agentVersions: Versions;
  readonly #graphVersions: Versions;

  constructor(draft: Draft, published: Published | null) {
    const { organization, unread } = draft;
    const ids = (list: readonly ({ id: string } | null)[]) =>
      new Set([...list.flatMap((entry) => entry?.id ?? []), ...unread]);
    this.#draft = draft;
    this.#agents = ids(draft.agents);
    this.#graphs = ids(draft.graphs);
    this.#users = ids(draft.users);
    this.#models = new Set([...draft.models.flatMap((model) => model?.name ?? []), ...unread]);
    this.#guests = new Set(organization?.guests.map(({ org_id }) => org_id));
    this.#agentVersions = versionsOf(draft.agents, published?.agents ?? []);
    this.#graphVersions = versionsOf(draft.graphs, published?.graphs ?? []);
  }

  /** Returns the issues of one service. */
  issues(service: ServiceEntry): Issue[] {
    const { agent, graph } = this.#draft.defaults;
    const hasRelease = Object.hasOwn(service.version_sets, 'release');
    return [
      ...this.#partIssues(this.#agents, service.agent_id ?? agent, 'agent_id', 'agent'),
      ...this.#partIssues(
        this.#graphs,
        service.service_hierarchical_state_machine_id ?? graph,
        'service_hierarchical_state_machine_id',
        'graph',
      ),
      ...(hasRelease ? [] : [{ path: ['version_sets'], message: 'must have a "release" version set' }]),
      ...Object.entries(service.version_sets).flatMap(([name, set]) => [
        ...this.#pinIssues(service, set, ['version_sets', name]),
        ...preferenceIssues(set, ['version_sets', name], this.#models),
      ]),
      ...this.#makerIssues(service),
      ...this.#visitorIssues(service),
      ...economyIssues(service),
    ];
  }

  #visitorIssues({ visitors }: ServiceEntry): Issue[] {
    const { organization } = this.#draft;
    if (visitors === undefined || organization === null) return [];
    const path = ['visitors', 'origins'];
    const unlisted = (visitors.origins ?? []).filter(
      (origin) => !organization.allowed_origins.includes(origin),
    );
    const { role } = visitors;
    const known =
      organization.roles.find(({ name }) => name === role)?.permission_grants ?? DEFAULT_ROLES[role];
    const roleMessage =
      known === undefined
        ? `there is no role "${role}"`
        : grantsNoMoreThan(known, DEFAULT_ROLES.DefaultUserRole ?? [])
          ? null
          : `"${role}" grants more than DefaultUserRole: visitors may not have it`;
    return [
      ...unlisted.map((origin) => ({
        path,
        message: `"${origin}" is not among the allowed_origins of the organization`,
      })),
      ...(roleMessage === null ? [] : [{ path: ['visitors', 'role'], message: roleMessage }]),
    ];
  }

  #partIssues(known: ReadonlySet<string>, id: string | null, field: string, kind: string): Issue[] {
    if (id === null)
      return [{ path: [field], message: `is missing: the file does not have exactly one ${kind}` }];
    return known.has(id) ? [] : [{ path: [field], message: `there is no such ${kind}` }];
  }

  #pinIssues(service: ServiceEntry, set: VersionSet, path: Path): Issue[] {
    const graphField = 'service_hierarchical_state_machine_version_number';
    const pinned = (versions: Versions, id: string, number: number | null, field: string, kind: string) => {
      // If the entry itself is missing or wrong, another issue says so.
      const isSaid = number === null || this.#draft.unread.has(id) || !versions.has(id);
      if (isSaid || versions.get(id)?.has(number) === true) return [];
      return [{ path: [...path, field], message: `there is no version ${number} of the ${kind}` }];
    };
    const { defaults } = this.#draft;
    const agent_id = service.agent_id ?? defaults.agent ?? '';
    const graph_id = service.service_hierarchical_state_machine_id ?? defaults.graph ?? '';
    return [
      ...pinned(this.#agentVersions, agent_id, set.agent_version_number, 'agent_version_number', 'agent'),
      ...pinned(this.#graphVersions, graph_id, set[graphField], graphField, 'graph'),
    ];
  }

  #makerIssues(service: ServiceEntry): Issue[] {
    const { organization } = this.#draft;
    if (service.creator === undefined && this.#draft.users.length === 0) {
      return [{ path: ['creator'], message: 'is missing, and the file has no user to be the creator' }];
    }
    if (organization === null) return [];
    return (['creator', 'updated_by'] as const).flatMap((field): Issue[] => {
      const user = service[field];
      if (user === undefined) return [];
      if (user.org_id !== organization.id) {
        if (this.#guests.has(user.org_id)) return [];
        return [{ path: [field, 'org_id'], message: `there are no guests of "${user.org_id}"` }];
      }
      if (this.#users.has(user.user_id)) return [];
      return [{ path: [field, 'user_id'], message: `there is no user ${user.user_id}` }];
    });
  }
}

/** Returns the issues of services. `published` has earlier versions, which version sets may name too. */
export function serviceIssues(draft: Draft, published: Published | null): Issue[] {
  const check = new ServiceCheck(draft, published);
  return draft.services.flatMap((service, index) =>
    (service === null ? [] : check.issues(service)).map(({ path, message }) => ({
      path: ['services', index, ...path],
      message,
    })),
  );
}

/** Returns the issues of the languages of agents. */
export function agentIssues({ agents }: Draft): Issue[] {
  return agents.flatMap((agent, index) =>
    languageIssues(agent?.default_spoken_language, ['agents', index, 'default_spoken_language']),
  );
}
