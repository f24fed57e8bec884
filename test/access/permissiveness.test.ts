import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { isLessPermissive } from '../../src/access/permissiveness.ts';
import { allows, PERMISSIONS, type Condition, type PermissionGrant } from '../../src/access/permissions.ts';

describe('the default roles', () => {
  const order = ['DefaultVisitorRole', 'DefaultUserRole', 'DefaultAdministratorRole', 'DefaultKeyRole'];

  it('are less permissive than exactly the roles after them', () => {
    for (const [i, role] of order.entries()) {
      for (const [j, than] of order.entries()) {
        expect([role, than, isLessPermissive(DEFAULT_ROLES[role]!, DEFAULT_ROLES[than]!)]).toEqual([
          role,
          than,
          i < j,
        ]);
      }
    }
  });

  it('grant more than a role without grants', () => {
    expect(isLessPermissive([], DEFAULT_ROLES.DefaultUserRole!)).toBe(true);
    expect(isLessPermissive([], [])).toBe(false);
  });
});

const value = fc.constantFrom('a', 'b', 'c');
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ type: fc.constant('Equals' as const), value }),
  fc.record({ type: fc.constant('NotEquals' as const), value }),
  fc.record({ type: fc.constant('In' as const), values: fc.array(value, { maxLength: 3 }) }),
);
const grants: fc.Arbitrary<PermissionGrant[]> = fc.array(
  fc.record({
    permission_name: fc.constantFrom(...PERMISSIONS.slice(0, 2)),
    conditions: fc.record({ user_id: condition, service_id: condition }, { requiredKeys: [] }),
  }),
  { maxLength: 4 },
);

it('a less permissive role allows nothing that the other role refuses', () => {
  fc.assert(
    fc.property(grants, grants, (role, than) => {
      if (!isLessPermissive(role, than)) return true;
      return PERMISSIONS.slice(0, 2).every((permission) =>
        ['a', 'b', 'c', 'd'].every((user_id) =>
          ['a', 'b', 'c', 'd'].every((service_id) => {
            const thing = { org_id: 'o', user_id, service_id };
            return !allows(role, permission, thing) || allows(than, permission, thing);
          }),
        ),
      );
    }),
    { numRuns: 500 },
  );
});
