/**
 * Who sees what belongs to a user, as far as that user decides. A user always sees their own; the others see it where
 * the user, or else the organization, says so. Permissions are demanded besides: both must hold.
 */
import { allows, type Caller } from './permissions.ts';

/** What an owner says about the things that are theirs, by the names of the published API. */
export interface OwnerPreferences {
  conversations_visible_to_admins: boolean;
  user_model_visible_to_admins: boolean;
}

/** What one user says. What is null or absent is left to the organization. */
export type StatedPreferences = { [Name in keyof OwnerPreferences]?: boolean | null | undefined };

/** Nothing is shown to others: what holds where no organization is there to ask. */
export const NOTHING_SHOWN: OwnerPreferences = {
  conversations_visible_to_admins: false,
  user_model_visible_to_admins: false,
};

/** Returns the preferences that hold for a user: their own, and the organization's where they say nothing. */
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

/** Returns whether the owner lets the caller see something. `visible` is what the owner says about all others. */
export function isShown(caller: Pick<Caller, 'user_id'>, owner: string, visible: boolean): boolean {
  return visible || caller.user_id === owner;
}

/**
 * Returns whether a conversation exists for the caller: in lists, and for every operation on it. `visible` is the
 * owner's `conversations_visible_to_admins`.
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
