import { describe, expect, it } from 'vitest';
import { isAdministrator } from '../../src/access/administrators.ts';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { grantsFor, type Condition, type PermissionGrant } from '../../src/access/permissions.ts';

const SELF = { user_id: 'a'.repeat(24), org_id: 'o' };

function insights(conditions: PermissionGrant['conditions']): PermissionGrant[] {
  return [{ permission_name: 'Conversation:GetInteractionInsights', conditions }];
}

function isOne(grants: readonly PermissionGrant[], service_id?: string): boolean {
  const about = { org_id: 'o', ...(service_id !== undefined && { service_id }) };
  return isAdministrator(grantsFor(grants, SELF), about);
}

describe('an administrator', () => {
  it.each([
    ['DefaultVisitorRole', false],
    ['DefaultUserRole', false],
    ['DefaultAdministratorRole', true],
    ['DefaultKeyRole', true],
  ])('is a user whose grants reach more than %s: %s', (role, expected) => {
    expect(isOne(DEFAULT_ROLES[role] ?? [])).toBe(expected);
  });

  const self: Condition = { type: 'Equals', value: '{self_user_id}' };
  it.each<[string, PermissionGrant['conditions'], boolean]>([
    ['of everybody', {}, true],
    ['of everybody in the organization', { org_id: { type: 'Equals', value: '{self_org_id}' } }, true],
    ['of another organization', { org_id: { type: 'Equals', value: 'other' } }, false],
    ['of themselves', { user_id: self }, false],
    ['of a list of users', { user_id: { type: 'In', values: ['{self_user_id}', 'b'.repeat(24)] } }, false],
    ['of all but one', { user_id: { type: 'NotEquals', value: 'b'.repeat(24) } }, true],
  ])('sees the insights %s: %j gives %s', (_name, conditions, expected) => {
    expect(isOne(insights(conditions))).toBe(expected);
  });

  it('is an administrator of one service only, and not of another one or the whole organization', () => {
    const grants = insights({ service_id: { type: 'Equals', value: 's' } });
    expect([isOne(grants, 's'), isOne(grants, 't'), isOne(grants)]).toEqual([true, false, false]);
  });
});
