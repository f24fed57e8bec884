import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import {
  allows,
  grantsFor,
  PERMISSIONS,
  usersWithin,
  type Condition,
  type PermissionGrant,
} from '../../src/access/permissions.ts';

const PERMISSION = 'Conversation:GetMessage';
const thing = { org_id: 'o', user_id: 'u', service_id: 's' };

function granted(conditions: PermissionGrant['conditions']): boolean {
  return allows([{ permission_name: PERMISSION, conditions }], PERMISSION, thing);
}

describe('a grant', () => {
  it.each<[PermissionGrant['conditions'], boolean]>([
    [{}, true],
    [{ user_id: { type: 'Equals', value: 'u' } }, true],
    [{ user_id: { type: 'Equals', value: 'x' } }, false],
    [{ user_id: { type: 'NotEquals', value: 'x' } }, true],
    [{ user_id: { type: 'NotEquals', value: 'u' } }, false],
    [{ user_id: { type: 'In', values: ['x', 'u'] } }, true],
    [{ user_id: { type: 'In', values: [] } }, false],
    [{ user_id: { type: 'Equals', value: 'u' }, service_id: { type: 'Equals', value: 'x' } }, false],
    // An attribute that the thing does not have fulfils nothing, the negation neither.
    [{ message_type: { type: 'NotEquals', value: 'x' } }, false],
  ])('with %j gives %s', (conditions, expected) => {
    expect(granted(conditions)).toBe(expected);
  });

  it('gives its own permission only', () => {
    const grants: PermissionGrant[] = [{ permission_name: 'Service:GetService', conditions: {} }];
    expect(PERMISSIONS.filter((permission) => allows(grants, permission, thing))).toEqual([
      'Service:GetService',
    ]);
  });

  it('has its variables replaced by its user and organization', () => {
    const grants = grantsFor(DEFAULT_ROLES.DefaultUserRole!, { user_id: 'u', org_id: 'o' });
    expect(allows(grants, PERMISSION, thing)).toBe(true);
    expect(allows(grants, PERMISSION, { ...thing, user_id: 'x' })).toBe(false);
    expect(allows(grants, PERMISSION, { ...thing, org_id: 'x' })).toBe(false);
    expect(allows(grants, 'Organization:GetOrganizationDetails', thing)).toBe(false);
  });
});

const value = fc.constantFrom('a', 'b', 'c', '{self_user_id}');
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ type: fc.constant('Equals' as const), value }),
  fc.record({ type: fc.constant('NotEquals' as const), value }),
  fc.record({ type: fc.constant('In' as const), values: fc.array(value, { maxLength: 3 }) }),
);
const grant: fc.Arbitrary<PermissionGrant> = fc.record({
  permission_name: fc.constantFrom(...PERMISSIONS.slice(0, 3)),
  conditions: fc.record({ user_id: condition, service_id: condition }, { requiredKeys: [] }),
});

describe('properties of conditions', () => {
  it('the bound on users includes every user whose objects are allowed', () => {
    fc.assert(
      fc.property(fc.array(grant), fc.constantFrom('a', 'b', 'c'), value, (grants, user_id, service_id) => {
        const filled = grantsFor(grants, { user_id: 'a', org_id: 'o' });
        const permission = PERMISSIONS[0];
        const bound = usersWithin(filled, permission);
        if (!allows(filled, permission, { org_id: 'o', user_id, service_id })) return true;
        return bound === null || bound.includes(user_id);
      }),
    );
  });

  it('more grants never allow less, and more conditions never allow more', () => {
    fc.assert(
      fc.property(fc.array(grant), grant, condition, (grants, extra, stricter) => {
        const permission = extra.permission_name;
        const before = allows(grants, permission, thing);
        const after = allows([...grants, extra], permission, thing);
        const narrowed = { ...extra, conditions: { ...extra.conditions, org_id: stricter } };
        return (
          (!before || after) && (allows([extra], permission, thing) || !allows([narrowed], permission, thing))
        );
      }),
    );
  });

  it('Equals and NotEquals of a known attribute exclude each other and leave nothing out', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (actual, wanted) => {
        const holds = (type: 'Equals' | 'NotEquals') =>
          allows(
            [{ permission_name: PERMISSION, conditions: { user_id: { type, value: wanted } } }],
            PERMISSION,
            {
              org_id: 'o',
              user_id: actual,
            },
          );
        return holds('Equals') !== holds('NotEquals');
      }),
    );
  });
});
