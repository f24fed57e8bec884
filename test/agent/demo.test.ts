import { describe, expect, it } from 'vitest';
import booksFile from '../../seed/paper-lantern-books.json';
import clinicFile from '../../seed/riverside-clinic.json';
import identities from '../../seed/identities.json';
import { hashApiKey, parseOrganizationFile } from '../../src/registry/publish.ts';

const FILES = [parseOrganizationFile(clinicFile), parseOrganizationFile(booksFile)];

describe('the identities of the demo', () => {
  it('are the users of the demo organizations, the administrator of the clinic first', () => {
    expect(identities.map(({ organization, role }) => [organization, role])).toEqual([
      ['riverside-clinic', 'DefaultAdministratorRole'],
      ['riverside-clinic', 'DefaultUserRole'],
      ['riverside-clinic', 'DefaultUserRole'],
      ['paper-lantern-books', 'DefaultAdministratorRole'],
      ['paper-lantern-books', 'DefaultUserRole'],
    ]);
    expect(identities.map(({ user_id, role }) => [user_id, role])).toEqual(
      FILES.flatMap(({ users }) => users.map(({ id, role }) => [id, role])),
    );
  });

  it.each(identities)('have for $user_id the key and the services of $organization', async (identity) => {
    const file = FILES.find(({ organization }) => organization.id === identity.organization);
    const key = file?.api_keys.find(({ id }) => id === identity.api_key_id);
    expect(identity.api_key).toMatch(/^[\w-]{43}$/);
    expect(key?.hash).toBe(await hashApiKey(identity.api_key));
    expect([key?.development_only, key?.expires_at]).toEqual([true, null]);
    expect(identity.service_ids).toEqual(file?.services.map(({ id }) => id));
  });
});
