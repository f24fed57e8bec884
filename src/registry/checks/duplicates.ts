/** Finds duplicates in a file: identifiers, names, versions, keys. */
import { jsonLine } from '../../text.ts';
import type { Draft } from './draft.ts';
import type { Issue } from './issues.ts';

type Path = PropertyKey[];

/** Returns an issue for each entry whose key an earlier entry has. Null keys are not compared. */
function repeated<Entry>(
  list: readonly (Entry | null)[],
  path: Path,
  keyOf: (entry: Entry) => string | null,
  message: string,
  field: Path = [],
): Issue[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const key = entry === null ? null : keyOf(entry);
    if (key === null || !seen.has(key)) {
      if (key !== null) seen.add(key);
      return [];
    }
    return [{ path: [...path, index, ...field], message }];
  });
}

interface Named {
  id: string;
  name: string;
}

/** Returns the issues of entries that repeat an identifier or a name. */
function repeatedThings(list: readonly (Named | null)[], path: Path, kind: string): Issue[] {
  return [
    ...repeated(list, path, ({ id }) => id, `another ${kind} has the same identifier`, ['id']),
    ...repeated(list, path, ({ name }) => name, `another ${kind} has the same name`, ['name']),
  ];
}

/** Returns a version in its shortest form by Python's rules: `1.0` and `1.0.0` are equal. */
function canonicalVersion(version: string): string {
  const numbers = version.split('.').map((part) => BigInt(part).toString());
  while (numbers.length > 1 && numbers.at(-1) === '0') numbers.pop();
  return numbers.join('.');
}

function repeatedVersions({ agents, graphs, tools }: Draft): Issue[] {
  const versioned = ({ id, version }: { id: string; version: number }) => `${id}:${version}`;
  const firstOf = new Map<string, string>();
  for (const graph of graphs)
    if (graph !== null && !firstOf.has(graph.name)) firstOf.set(graph.name, graph.id);
  const agentIds = new Set(agents.flatMap((agent) => (agent === null ? [] : [agent.id])));
  return [
    ...repeated(agents, ['agents'], versioned, 'this version of the agent appears twice', ['version']),
    ...repeated(graphs, ['graphs'], versioned, 'this version of the graph appears twice', ['version']),
    ...graphs.flatMap((graph, index) => {
      if (graph === null) return [];
      const path = ['graphs', index];
      const hasOtherName = firstOf.get(graph.name) !== graph.id;
      return [
        ...(hasOtherName ? [{ path: [...path, 'name'], message: 'another graph has the same name' }] : []),
        ...(agentIds.has(graph.id)
          ? [{ path: [...path, 'id'], message: 'an agent has the same identifier' }]
          : []),
      ];
    }),
    ...tools.flatMap((tool, index) =>
      tool === null
        ? []
        : repeated(
            tool.versions,
            ['tools', index, 'versions'],
            ({ version }) => canonicalVersion(version),
            'another version of the tool has the same number',
            ['version'],
          ),
    ),
  ];
}

/** Returns the issues of guests that two entries name: only the first entry would count. */
function repeatedGuests(guests: readonly { org_id: string; user_ids: readonly string[] | null }[]): Issue[] {
  const seen = new Map<string, Set<string> | null>();
  return guests.flatMap(({ org_id, user_ids }, index) => {
    const known = seen.get(org_id);
    const isNew = known === undefined;
    const meets = !isNew && (known === null || user_ids === null || user_ids.some((id) => known.has(id)));
    seen.set(org_id, user_ids === null || known === null ? null : new Set([...(known ?? []), ...user_ids]));
    if (!meets) return [];
    return [
      { path: ['organization', 'guests', index], message: 'another entry makes these users guests already' },
    ];
  });
}

function repeatedInOrganization({ organization }: Draft): Issue[] {
  if (organization === null) return [];
  const { roles, guests, token_issuers } = organization;
  return [
    ...repeated(roles, ['organization', 'roles'], ({ name }) => name, 'another role has the same name', [
      'name',
    ]),
    ...roles.flatMap(({ permission_grants }, index) =>
      repeated(
        permission_grants,
        ['organization', 'roles', index, 'permission_grants'],
        (grant) => jsonLine(grant),
        'the role has the same grant already',
      ),
    ),
    ...repeatedGuests(guests),
    ...repeated(
      token_issuers,
      ['organization', 'token_issuers'],
      ({ issuer }) => issuer,
      'another entry has the same issuer',
      ['issuer'],
    ),
  ];
}

/** Returns the issues of exits of one state with the same description: no agent could choose between them. */
function repeatedExits({ graphs }: Draft): Issue[] {
  return graphs.flatMap((graph, at) =>
    (graph?.states ?? []).flatMap((state, index) =>
      state?.type === 'action' || state?.type === 'decision'
        ? repeated(
            state.exit_conditions,
            ['graphs', at, 'states', index, 'exit_conditions'],
            ({ description }) => description,
            'another exit of the state has the same description',
            ['description'],
          )
        : [],
    ),
  );
}

/**
 * Returns the issues of all duplicates, except those of states (`validateGraphs`) and of lists of texts
 * (`documentIssues`).
 */
export function duplicateIssues(draft: Draft): Issue[] {
  const { users, api_keys, services, tools, dynamic_behavior_sets, metrics, models } = draft;
  return [
    ...repeatedInOrganization(draft),
    ...repeated(users, ['users'], ({ id }) => id, 'another user has the same identifier', ['id']),
    ...repeated(api_keys, ['api_keys'], ({ id }) => id, 'another key has the same identifier', ['id']),
    ...repeated(api_keys, ['api_keys'], ({ hash }) => hash, 'this key appears twice', ['hash']),
    ...repeatedVersions(draft),
    ...repeatedExits(draft),
    ...repeatedThings(services, ['services'], 'service'),
    ...repeatedThings(tools, ['tools'], 'tool'),
    ...repeatedThings(dynamic_behavior_sets, ['dynamic_behavior_sets'], 'behavior set'),
    ...repeatedThings(metrics, ['metrics'], 'metric'),
    ...repeated(models, ['models'], ({ name }) => name, 'another model has the same name', ['name']),
  ];
}
