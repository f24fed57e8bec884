/** Divides an organization into the parts that a publication adds, changes and removes. */
import type { Catalog, Organization } from './organization.ts';
import type { Service } from './services.ts';
import type { Published } from './published.ts';

/** Rule for changes of a published part. */
export type Permanence =
  /** The part may change. */
  | 'free'
  /** The part never changes: other content needs another number. */
  | 'version'
  /** The part changes only with a higher number. */
  | 'numbered';

/** A part of an organization with its content. */
export interface Part {
  /** Name for messages: `users[Maya Chen]`. */
  what: string;
  value: unknown;
  permanence: Permanence;
}

type Entry = readonly [key: string, part: Part];

function part(
  kind: string,
  id: string,
  name: string,
  value: unknown,
  permanence: Permanence = 'free',
): Entry {
  return [`${kind}/${id}`, { what: `${kind}[${name}]`, value, permanence }];
}

/** Returns the parts of guests. A guest has no name, so guests of one organization and role are numbered. */
function guestParts(guests: Organization['guests']): Entry[] {
  const counts = new Map<string, number>();
  return guests.map((guest) => {
    const name = `${guest.org_id} as ${guest.role}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return part('organization.guests', `${name}/${count}`, name, guest);
  });
}

function organizationParts(organization: Organization): Entry[] {
  const { roles, guests, token_issuers, allowed_origins, ...settings } = organization;
  return [
    ['organization', { what: 'organization', value: settings, permanence: 'free' }],
    ...roles.map((role) => part('organization.roles', role.name, role.name, role)),
    ...guestParts(guests),
    ...token_issuers.map((issuer) =>
      part('organization.token_issuers', issuer.issuer, issuer.issuer, issuer),
    ),
    ...allowed_origins.map((origin) => part('organization.allowed_origins', origin, origin, origin)),
  ];
}

function serviceParts(service: Service): Entry[] {
  const { version_sets, ...own } = service;
  return [
    part('services', service.id, service.name, own),
    ...Object.entries(version_sets).map(([name, set]) =>
      part(`services[${service.name}].version_sets`, `${service.id}/${name}`, name, set),
    ),
  ];
}

function catalogParts({ services, tools, dynamic_behavior_sets, metrics, models }: Catalog): Entry[] {
  return [
    ...services.flatMap(serviceParts),
    ...tools.flatMap(({ versions, ...tool }) => [
      part('tools', tool.id, tool.name, tool),
      ...versions.map((version) =>
        part(
          `tools[${tool.name}].versions`,
          `${tool.id}/${version.version}`,
          version.version,
          version,
          'version',
        ),
      ),
    ]),
    ...dynamic_behavior_sets.map((set) => part('dynamic_behavior_sets', set.id, set.name, set, 'numbered')),
    ...metrics.map((metric) => part('metrics', metric.id, metric.name, metric)),
    ...models.map((model) => part('models', model.name, model.name, model)),
  ];
}

/**
 * Returns the parts of published documents, or of those that a file would publish, by keys that do not change with a
 * name.
 */
export function partsOf({
  organization,
  users,
  api_keys,
  agents,
  graphs,
  catalog,
}: Published): Map<string, Part> {
  const version = (kind: string, thing: { id: string; name: string; version: number }) =>
    part(kind, `${thing.id}/${thing.version}`, `${thing.name} v${thing.version}`, thing, 'version');
  return new Map([
    ...(organization === null ? [] : organizationParts(organization)),
    ...users.map((user) => part('users', user.id, `${user.name} ${user.id}`, user)),
    ...api_keys.map((key) => part('api_keys', key.id, key.id, key)),
    ...agents.map((agent) => version('agents', agent)),
    ...graphs.map((graph) => version('graphs', graph)),
    ...catalogParts(catalog),
  ]);
}
