/**
 * Visibility of a user's objects, as far as the user decides about it. A user always sees their own objects. Other
 * users see them if the preference of the owner, or else of the organization, allows it. Permissions are checked as
 * well: both must allow it.
 */
import { allows, isSelf, type Caller } from './permissions.ts';

/** Preferences of an owner about their objects, by the names of the published API. */
export interface OwnerPreferences {
  conversations_visible_to_admins: boolean;
  user_model_visible_to_admins: boolean;
}

/** Preferences that one user has stated. For a preference that is null or absent, the organization's holds. */
export type StatedPreferences = { [Name in keyof OwnerPreferences]?: boolean | null | undefined };

/** Preferences that show nothing to other users: for a user without an organization to ask. */
export const NOTHING_SHOWN: OwnerPreferences = {
  conversations_visible_to_admins: false,
  user_model_visible_to_admins: false,
};

/** Returns the preferences that hold for a user: the stated ones, and the organization's where none is stated. */
export function preferencesOf(
  stated: StatedPreferences | null | undefined,
  organization: OwnerPreferences,
): OwnerPreferences {
  const of = (name: keyof OwnerPreferences) => stated?.[name] ?? organization[name];
  return {
    conversations_visible_to_admins: of('conversations_visible_to_admins'),
    user_model_visible_to_admins: of('user_model_visible_to_admins'),
  };
}

/**
 * Tells whether the preferences of the owner show an object to the caller. `visible` is the preference for other users.
 */
export function isShown(
  caller: Pick<Caller, 'user_id' | 'adopted'>,
  owner: string,
  visible: boolean,
): boolean {
  return visible || isSelf(caller, owner);
}

/**
 * Tells whether a conversation exists for the caller, in lists and for every operation. `visible` is the owner's
 * `conversations_visible_to_admins`.
 */
export function findsConversation(
  caller: Caller,
  { user_id, service_id }: { user_id: string; service_id: string },
  visible: boolean,
): boolean {
  return (
    isShown(caller, user_id, visible) &&
    allows(caller.grants, 'Conversation:GetConversation', {
      org_id: caller.organization,
      user_id,
      service_id,
    })
  );
}
