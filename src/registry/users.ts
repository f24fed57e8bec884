/** Users as documents of the registry: those that there are, and what is left of those that a file has no more. */
import { registryKey } from './keys.ts';
import type { User } from './organization.ts';

/**
 * What stays under the key of a user that a later file lacks, when that user had stated preferences: what they kept from
 * others stays kept. It is no user: it cannot be signed in, and has no name and no role.
 */
export interface DepartedUser {
  departed: true;
  preferences: NonNullable<User['preferences']>;
}

/** Returns whether what stands under the key of a user is what is left of one. */
export function isDeparted(document: unknown): document is DepartedUser {
  return typeof document === 'object' && document !== null && 'departed' in document;
}

/**
 * Returns the mark that users of an organization decide about their conversations themselves, where one of them does:
 * then lists look at each owner. It is written before the users, and never taken back: users that a later file leaves
 * out keep what they stated.
 */
export function statedPreferences(organization: string, users: readonly User[]): [string, unknown][] {
  const states = users.some(
    ({ preferences }) => typeof preferences?.conversations_visible_to_admins === 'boolean',
  );
  return states ? [[registryKey.statedPreferences(organization), { stated: true }]] : [];
}

/** Returns what is to stay of a user who is removed, or null when they stated nothing. */
export function departed({ preferences }: Pick<User, 'preferences'>): DepartedUser | null {
  if (preferences === null || preferences === undefined) return null;
  const states = Object.values(preferences).some((stated) => typeof stated === 'boolean');
  return states ? { departed: true, preferences } : null;
}
