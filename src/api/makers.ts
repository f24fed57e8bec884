/** Users who made or changed something, as others may see them. */
import { allows, type Caller } from '../access/permissions.ts';
import type { UserInfo } from '../contract/organizations.ts';
import { IDENTIFIER } from '../identifiers.ts';

/** Stands for a user that the caller may not know: the field stays, in the form of an identifier. */
const HIDDEN_USER_ID = '0'.repeat(24);

/** Returns a user as a caller may see them: without their identifier unless the caller has `User:GetUserInfo` on them. */
export function userShownTo({ grants }: Pick<Caller, 'grants'>, user: UserInfo): UserInfo {
  return allows(grants, 'User:GetUserInfo', user) ? user : { ...user, user_id: HIDDEN_USER_ID };
}

/** Returns the maker of what a change stored, as a caller may see them. The operator is no user of an organization. */
export function makerShownTo(caller: Caller, actor: string): UserInfo {
  const { organization: org_id } = caller;
  if (!IDENTIFIER.test(actor)) return { org_id, user_id: HIDDEN_USER_ID };
  return userShownTo(caller, { org_id, user_id: actor });
}
