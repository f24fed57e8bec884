/** The list of services, as each role sees it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ServiceInstance } from '../../src/contract/organizations.ts';
import { Visitors } from '../../src/registry/services.ts';
import type { Client } from '../support/client.ts';
import { ADMIN, OTHER_SERVICE, SERVICE, testOrganization } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

interface UserInfo {
  org_id: string;
  user_id: string;
}
interface Page {
  services: { id: string; creator: UserInfo; updated_by: UserInfo }[];
  filter_values: { tags: string[] } | null;
}

const HIDDEN = '0'.repeat(24);
const FOREIGN = { org_id: 'elsewhere', user_id: 'f'.repeat(24) };

let tenant: Tenant;
let maker: Client;

beforeAll(async () => {
  const { services } = testOrganization('0'.repeat(64));
  const counter = {
    name: 'Counter',
    description: 'Sees one service.',
    permission_grants: [
      {
        permission_name: 'Service:GetService' as const,
        conditions: { service_id: { type: 'Equals' as const, value: OTHER_SERVICE } },
      },
    ],
  };
  tenant = await Tenant.publish({ roles: [counter] });
  maker = await tenant.user();
  const inTenant = { org_id: tenant.id, user_id: ADMIN };
  const made = { org_id: tenant.id, user_id: maker.userId };
  await tenant.republish({
    roles: [counter],
    services: services.map((service) => ({
      ...service,
      tags: { [`tag of ${service.name}`]: service.name, empty: null },
      creator: service.id === SERVICE ? made : inTenant,
      updated_by: service.id === SERVICE ? inTenant : FOREIGN,
    })),
  });
});

async function usersShownTo(client: Client): Promise<Record<string, [creator: string, updated_by: string]>> {
  const { services } = await client.get<Page>('/service/');
  for (const { creator, updated_by } of services) {
    for (const user of [creator, updated_by]) expect(Object.keys(user).sort()).toEqual(['org_id', 'user_id']);
  }
  return Object.fromEntries(
    services.map(({ id, creator, updated_by }) => [id, [creator.user_id, updated_by.user_id]]),
  );
}

describe('who made and changed a service', () => {
  it('is told to administrators, of the users of their organization', async () => {
    expect(await usersShownTo(tenant.administrator)).toMatchObject({
      [SERVICE]: [maker.userId, ADMIN],
      [OTHER_SERVICE]: [ADMIN, HIDDEN],
    });
  });

  it('is told to users of themselves alone', async () => {
    expect(await usersShownTo(maker)).toMatchObject({
      [SERVICE]: [maker.userId, HIDDEN],
      [OTHER_SERVICE]: [HIDDEN, HIDDEN],
    });
  });

  it.each(['DefaultUserRole', 'DefaultVisitorRole'])('is not told to a user of %s', async (role) => {
    const user = await tenant.user({ role });
    expect(await usersShownTo(user)).toMatchObject({
      [SERVICE]: [HIDDEN, HIDDEN],
      [OTHER_SERVICE]: [HIDDEN, HIDDEN],
    });
    const text = await (await user.request('/service/')).text();
    for (const id of [ADMIN, maker.userId, FOREIGN.user_id]) expect(text).not.toContain(id);
  });
});

describe('a service with settings of the deployment', () => {
  it('is listed with the fields of the published API alone', async () => {
    const { services } = testOrganization('0'.repeat(64));
    const other = await Tenant.publish({
      services: services.map((service) => ({
        ...service,
        busy_policy: 'queue' as const,
        recover: true,
        visitors: Visitors.parse({}),
        closed_message: 'Closed.',
        economy_version_set: 'release',
        retention: { conversations_days: 1, recordings_days: null, visitors_days: null },
      })),
    });
    const listed = await other.administrator.get<Page>('/service/');
    expect(listed.services).toHaveLength(services.length);
    for (const service of listed.services)
      expect(Object.keys(service).sort()).toEqual(Object.keys(ServiceInstance.shape).sort());
  });
});

describe('the values to filter services by', () => {
  const tagsShownTo = async (client: Client, query = '') =>
    (await client.get<Page>(`/service/${query}`)).filter_values?.tags;

  it('are those of every service that the caller sees, whatever is filtered', async () => {
    const all = ['empty:', 'tag of Closed:Closed', 'tag of Counter:Counter', 'tag of Stall:Stall'];
    expect(await tagsShownTo(tenant.administrator)).toEqual(all);
    expect(await tagsShownTo(tenant.administrator, '?is_active=true&limit=1')).toEqual(all);
  });

  it('name no tag of a service that is hidden from the caller', async () => {
    const user = await tenant.user({ role: 'Counter' });
    expect(await tagsShownTo(user)).toEqual(['empty:', 'tag of Counter:Counter']);
    expect(await tagsShownTo(await tenant.user({ role: 'Nothing' }))).toEqual([]);
  });
});
