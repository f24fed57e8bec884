/** Records of users and keys, and the documents that are published of them. */
import type { ApiKey, Organization, Preferences, User } from '../organization.ts';
import type * as z from 'zod';

/** Preferences of a user. Null or absent means that of the organization. */
export type StatedUserPreferences = {
  [Name in keyof z.infer<typeof Preferences>]?: z.infer<typeof Preferences>[Name] | null | undefined;
};

/** A user as the registry keeps it. */
export interface UserRecord {
  id: string;
  /** The name that is shown: of a user from a file the file's, else first and last name. */
  name: string;
  first_name: string;
  last_name: string;
  /** In lower case; null for a user from a file that has none. */
  email: string | null;
  role: string;
  preferences: StatedUserPreferences;
  additional_context: string[];
  nonsensitive_variables: Record<string, string>;
  /** Each value sealed, as `seal` returns it. */
  sensitive_variables: Record<string, string>;
  /** Visitors that the user has adopted, the first one first; absent for none. */
  adopted?: string[];
}

/** An API key as the registry keeps it. The key itself is nowhere. */
export interface KeyRecord extends ApiKey {
  name: string | null;
  /** Milliseconds since 1970. */
  created_at: number;
  /** The user who made it; null for a key from a file. */
  creator: string | null;
}

/** A deletion that was asked for: when (milliseconds since 1970), and the settings that the organization had. */
export interface PendingDeletion {
  since: number;
  organization: Organization;
}

/** Returns a text for searching: without case and marks. */
export function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Splits a name that is shown into a first name, which is its first word, and the rest. */
export function splitName(name: string): { first_name: string; last_name: string } {
  const [first = '', ...rest] = name.split(/\s+/);
  return { first_name: first, last_name: rest.join(' ') };
}

/** Leaves out what is null or absent. */
function stated<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Fields>;
}

/** Returns the document of a user that turns and the edge read: without their address and their variables. */
export function publishedUser(record: UserRecord): User {
  const { id, name, role, preferences, additional_context, adopted = [] } = record;
  const { preferred_language, conversations_visible_to_admins, user_model_visible_to_admins } = preferences;
  const shown = stated({ conversations_visible_to_admins, user_model_visible_to_admins });
  return {
    id,
    name,
    role,
    ...stated({ preferred_language }),
    ...(Object.keys(shown).length > 0 && { preferences: shown }),
    ...(additional_context.length > 0 && { additional_context }),
    ...(adopted.length > 0 && { adopted }),
  };
}

/** Returns a user as a file has them: what is published, and the address. */
export function fileUser(record: UserRecord): User {
  return { ...publishedUser(record), ...stated({ email: record.email ?? undefined }) };
}

/** Returns the record of a user that a file or KV has. What neither says of a user who is known stays. */
export function userRecord(user: User, known: UserRecord | null): UserRecord {
  const { id, name, role, preferred_language = null, preferences, email = null, additional_context } = user;
  const adopted = user.adopted ?? known?.adopted;
  const names =
    known !== null && known.name === name
      ? { first_name: known.first_name, last_name: known.last_name }
      : splitName(name);
  return {
    id,
    name,
    ...names,
    email: email?.toLowerCase() ?? known?.email ?? null,
    role,
    preferences: {
      ...known?.preferences,
      preferred_language,
      conversations_visible_to_admins: preferences?.conversations_visible_to_admins ?? null,
      user_model_visible_to_admins: preferences?.user_model_visible_to_admins ?? null,
    },
    additional_context: additional_context ?? known?.additional_context ?? [],
    nonsensitive_variables: known?.nonsensitive_variables ?? {},
    sensitive_variables: known?.sensitive_variables ?? {},
    ...(adopted !== undefined && { adopted }),
  };
}

/** Returns the document of a key that sign-in reads. */
export function publishedKey({ id, hash, role, expires_at, development_only }: KeyRecord): ApiKey {
  return { id, hash, role, expires_at, development_only };
}
