import * as z from 'zod';
import { allows, type Caller } from '../../access/permissions.ts';
import { ServicesAnswer, type ServiceInstance } from '../../contract/organizations.ts';
import type { Service } from '../../registry/organization.ts';
import { userShownTo } from '../makers.ts';
import { operation, signedIn } from '../operation.ts';
import {
  COMMON_ANSWERS,
  CommonHeaders,
  ContinuationToken,
  identifiers,
  OrganizationParams,
  pageLimit,
  sortBy,
  tagFilter,
} from '../parameters.ts';

const LATEST = {
  agent_version_number: null,
  service_hierarchical_state_machine_version_number: null,
  llm_model_preferences: {},
};

/** Returns a service as the published API has it: without the settings of this deployment. */
function shownTo(caller: Caller, service: Service): ServiceInstance {
  const { id, name, description, is_active, agent_id, service_hierarchical_state_machine_id, keyterms } =
    service;
  return {
    ...{ id, name, description, is_active, agent_id, service_hierarchical_state_machine_id, keyterms },
    creator: userShownTo(caller, service.creator),
    updated_by: userShownTo(caller, service.updated_by),
    version_sets: { ...service.version_sets, edge: { ...service.version_sets.edge, ...LATEST } },
    tags: Object.entries(service.tags).map(([key, value]) => ({ key, value })),
  };
}

/** By the first field that differs; services that differ in none keep the order of the registry. */
function compare(sort: { field: 'name' | 'is_active'; ascending: boolean }[]) {
  return (a: Service, b: Service): number => {
    for (const { field, ascending } of sort) {
      const [left, right] = [String(a[field]), String(b[field])];
      if (left !== right) return (left < right ? -1 : 1) * (ascending ? 1 : -1);
    }
    return 0;
  };
}

function hasTag(service: Service, { key, value }: { key: string; value?: string | null }): boolean {
  if (!Object.hasOwn(service.tags, key)) return false;
  return value === undefined || service.tags[key] === value;
}

/** Lists services, page by page. */
export const getServices = operation(
  {
    id: 'get-services',
    tag: 'Service',
    summary: 'Get services',
    description: 'Lists the services of the organization that fit all filters.',
    method: 'get',
    path: '/v1/{organization}/service/',
    credentials: 'user',
    rateLimit: 50,
    access: {
      requires: [],
      impactedBy: [
        { permission: 'Service:GetService', effect: 'Only services with it are listed.' },
        {
          permission: 'User:GetUserInfo',
          effect: '`creator` and `updated_by` do not tell a user without it.',
        },
      ],
    },
    params: OrganizationParams,
    query: z.object({
      id: identifiers({ description: 'Only these services.' }),
      is_active: z.boolean().nullish().meta({ description: 'Only active, or only inactive ones.' }),
      sort_by: sortBy(['name', 'is_active'], {
        description: '`name` and `is_active`, each with `+` or `-` before it.',
      }),
      tags: tagFilter({
        description: 'Only services with all of these tags: `key:value`, `key:*` or `key:`.',
      }),
      limit: pageLimit(20, 10, { description: 'The most services to return.' }),
      continuation_token: ContinuationToken,
    }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of services.',
        content: { type: 'application/json', schema: ServicesAnswer },
      },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, registry, organization, query, answer }) => {
    const { caller } = signedIn(c);
    const { services } = await registry.catalog(organization.id);
    const visible = services.filter(({ id }) =>
      allows(caller.grants, 'Service:GetService', { org_id: organization.id, service_id: id }),
    );
    const found = visible
      .filter(({ id }) => query.id.length === 0 || query.id.includes(id))
      .filter(({ is_active }) => query.is_active == null || is_active === query.is_active)
      .filter((service) => query.tags.every((tag) => hasTag(service, tag)))
      .sort(compare(query.sort_by));
    const end = query.continuation_token + query.limit;
    const tags = visible.flatMap((service) =>
      Object.entries(service.tags).map(([key, value]) => `${key}:${value ?? ''}`),
    );
    return answer({
      services: found.slice(query.continuation_token, end).map((service) => shownTo(caller, service)),
      has_more: found.length > end,
      continuation_token: found.length > end ? end : null,
      filter_values: query.continuation_token === 0 ? { tags: [...new Set(tags)].sort() } : null,
    });
  },
);
