/** The agent is told the time of its user: by the user's time zone, else by that of the organization. */
import { beforeAll, expect, it } from 'vitest';
import { RegistryReader } from '../../src/registry/reader.ts';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import { testOrganization } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

beforeAll(publishTestOrganization);

it('has the time zone that the user states, then that of the organization', async () => {
  const { default_user_preferences } = testOrganization('0'.repeat(64)).organization;
  const tenant = await Tenant.publish({
    default_user_preferences: { ...default_user_preferences, timezone: 'Europe/Berlin' },
  });
  const registry = new RegistryReader(testEnv.REGISTRY);
  const silent = await tenant.user();
  const stating = await tenant.user({ preferences: { timezone: 'Asia/Tokyo' } });
  expect(await registry.timezone(tenant.id, silent.userId)).toBe('Europe/Berlin');
  expect(await registry.timezone(tenant.id, stating.userId)).toBe('Asia/Tokyo');
  expect(await registry.timezone(tenant.id, 'f'.repeat(24))).toBe('Europe/Berlin');
  expect(await registry.timezone('no-such-organization', silent.userId)).toBeNull();
});
