import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { grantsFor, type PermissionGrant } from '../../src/access/permissions.ts';
import {
  findsConversation,
  isShown,
  preferencesOf,
  type StatedPreferences,
} from '../../src/access/visibility.ts';

const SHOWN = { conversations_visible_to_admins: true, user_model_visible_to_admins: true };
const HIDDEN = { conversations_visible_to_admins: false, user_model_visible_to_admins: false };

function callerOf(user_id: string, grants: readonly PermissionGrant[]) {
  const self = { user_id, org_id: 'o' };
  return { request_id: 'r', organization: 'o', user_id, grants: grantsFor(grants, self) };
}

describe('the preferences of a user', () => {
  it.each<[StatedPreferences | null | undefined, boolean, boolean]>([
    [undefined, true, false],
    [null, true, false],
    [{}, true, false],
    [{ conversations_visible_to_admins: null, user_model_visible_to_admins: undefined }, true, false],
    [{ conversations_visible_to_admins: false }, false, false],
    [{ user_model_visible_to_admins: true }, true, true],
    [{ conversations_visible_to_admins: false, user_model_visible_to_admins: true }, false, true],
  ])('are merged over the preferences of the organization: %j', (stated, conversations, model) => {
    const organization = { conversations_visible_to_admins: true, user_model_visible_to_admins: false };
    expect(preferencesOf(stated, organization)).toEqual({
      conversations_visible_to_admins: conversations,
      user_model_visible_to_admins: model,
    });
  });

  it('take precedence over the organization once they are stated', () => {
    for (const organization of [SHOWN, HIDDEN]) {
      expect(preferencesOf(SHOWN, organization)).toEqual(SHOWN);
      expect(preferencesOf(HIDDEN, organization)).toEqual(HIDDEN);
    }
  });
});

const user = fc.constantFrom('a', 'b', 'c');
const role = fc.constantFrom(...Object.values(DEFAULT_ROLES), [] as readonly PermissionGrant[]);

describe('properties of visibility', () => {
  it('only the owner finds a hidden conversation', () => {
    fc.assert(
      fc.property(user, user, role, (asking, owner, grants) => {
        const found = findsConversation(callerOf(asking, grants), { user_id: owner, service_id: 's' }, false);
        return !found || asking === owner;
      }),
    );
  });

  it('a preference hides nothing from the owner and grants nothing beyond the permissions', () => {
    fc.assert(
      fc.property(user, user, role, fc.boolean(), (asking, owner, grants, visible) => {
        const caller = callerOf(asking, grants);
        const conversation = { user_id: owner, service_id: 's' };
        const found = findsConversation(caller, conversation, visible);
        const permitted = findsConversation(caller, conversation, true);
        return found === (permitted && isShown(caller, owner, visible));
      }),
    );
  });
});
