/** Documents of users, and of users that a later file removed. */
import { isLikelyVisitor } from '../identifiers.ts';
import { registryKey } from './keys.ts';
import type { User } from './organization.ts';

/**
 * Tells whether the owner of the truth is asked for the document of a user that KV does not have. A visitor has no
 * document: asking for it would cost a request in each turn.
 */
export function mayHaveDocument(id: string): boolean {
  return !isLikelyVisitor(id);
}

/**
 * Document of a removed user who had stated preferences: it keeps hidden objects hidden. It has no name and no role,
 * and cannot be signed in.
 */
export interface DepartedUser {
  departed: true;
  preferences: NonNullable<User['preferences']>;
  /** Visitors that the user had adopted; absent for none. */
  adopted?: string[];
  /** The user who has adopted this visitor. Set for visitors only, who never had a name and a role. */
  adopted_by?: string;
}

/** Tells whether a document is that of a removed user. */
export function isDeparted(document: unknown): document is DepartedUser {
  return typeof document === 'object' && document !== null && 'departed' in document;
}

/**
 * Returns the mark that a user of an organization has stated preferences about conversations, if one has. With the
 * mark, lists read the preferences of each owner. It is written before the users and never removed, because removed
 * users keep their preferences.
 */
export function statedPreferences(organization: string, users: readonly User[]): [string, unknown][] {
  const states = users.some(
    ({ preferences }) => typeof preferences?.conversations_visible_to_admins === 'boolean',
  );
  return states ? [[registryKey.statedPreferences(organization), { stated: true }]] : [];
}

/**
 * Returns the document to keep of a removed user, or null if the user stated no preference and has adopted no visitor. The
 * visitors are needed until they are erased with the user.
 */
export function departed({
  preferences,
  adopted = [],
}: Pick<User, 'preferences' | 'adopted'>): DepartedUser | null {
  if (adopted.length > 0) return { departed: true, preferences: preferences ?? {}, adopted };
  if (preferences === null || preferences === undefined) return null;
  const states = Object.values(preferences).some((stated) => typeof stated === 'boolean');
  return states ? { departed: true, preferences } : null;
}
