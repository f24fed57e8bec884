/** Decisions about users. */
import { problem } from '../../../problems.ts';
import { MAX_USERS, type Organization } from '../../organization.ts';
import { roleGrants } from '../../reader.ts';
import type { Actor, CommandOf, Decision, RegistryState, Write } from '../commands.ts';
import { splitName, type UserRecord } from '../records.ts';
import {
  organizationOf,
  requireAnotherAdministrator,
  requireMoreThan,
  requireNoLessThan,
  requirePermission,
  requireRole,
} from './access.ts';

/** The most variables of a user whose values are shown, and the most whose values are not. */
export const MAX_VARIABLES = 20;

/** Returns a user. Throws `user_not_found` (404) if there is none. */
export function userOf(state: RegistryState, id: string): UserRecord {
  const user = state.user(id);
  if (user === null) throw problem('user_not_found', 'There is no such user in this organization.');
  return user;
}

/** Writes a user, behind the mark that users decide about their conversations where this one does. */
export function putUser(user: UserRecord, isNew = false): Write[] {
  const states = typeof user.preferences.conversations_visible_to_admins === 'boolean';
  const mark: Write = {
    type: 'put',
    name: { kind: 'preferences', id: '', version: 0 },
    value: { stated: true },
  };
  return [
    ...(states ? [mark] : []),
    { type: 'put-user', user },
    // What the user states about conversations holds for those of adopted visitors.
    ...(states ? (user.adopted ?? []) : []).map(
      (visitor_id) => ({ type: 'put-adopted', visitor_id, user }) as const,
    ),
    ...(isNew ? [] : [{ type: 'tell', kind: 'user', users: [user.id] } as const]),
  ];
}

/** Throws 400 where there are as many users as can be. */
function requireRoom(state: RegistryState): void {
  if (state.countUsers() < MAX_USERS) return;
  throw problem('quota_reached', `An organization has at most ${MAX_USERS} users.`);
}

export function createUser(state: RegistryState, actor: Actor, command: CommandOf<'create-user'>): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'User:InviteUser', { user_id: command.id });
  requireRole(organization, command.role);
  requireMoreThan(organization, actor, roleGrants(organization, command.role));
  const email = command.email.toLowerCase();
  if (state.hasEmail(email)) {
    throw problem('email_taken', 'Another user of this organization has this address of e-mail.');
  }
  requireRoom(state);
  const { type: _type, ...fields } = command;
  const name = `${fields.first_name} ${fields.last_name}`;
  const user: UserRecord = { ...fields, name, email, additional_context: [] };
  return { writes: putUser(user, true), about: { kind: 'user', id: user.id } };
}

/**
 * Creates the user that a token of a trusted issuer names, with the role that the organization gives to the issuer's users.
 * The edge has verified the token. A user who was deleted is not created again. An address that another user has is left
 * out: it does not make the two one.
 */
export function createIssuedUser(
  state: RegistryState,
  actor: Actor,
  { id, issuer, name, email }: CommandOf<'create-issued-user'>,
): Decision {
  const organization = organizationOf(state, actor);
  const created = organization.token_issuers.find((trusted) => trusted.issuer === issuer)?.create_users;
  if (created === undefined || state.wasDeleted(id)) {
    throw problem('credentials_invalid', 'The issuer creates no such user.');
  }
  requireRole(organization, created.role);
  const about = { kind: 'user', id };
  if (state.user(id) !== null) return { writes: [], about };
  requireRoom(state);
  const own = email === null || state.hasEmail(email) ? null : email;
  const user: UserRecord = {
    id,
    name,
    ...splitName(name),
    email: own,
    role: created.role,
    preferences: {},
    additional_context: [],
    nonsensitive_variables: {},
    sensitive_variables: {},
  };
  return { writes: putUser(user, true), about };
}

export function updateUser(state: RegistryState, actor: Actor, command: CommandOf<'update-user'>): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'User:UpdateUserInfo', { user_id: command.id });
  const { type: _type, preferences, ...fields } = command;
  const known = userOf(state, command.id);
  const user = { ...known, ...fields, preferences: { ...known.preferences, ...preferences } };
  const isRenamed = user.first_name !== known.first_name || user.last_name !== known.last_name;
  if (isRenamed) user.name = `${user.first_name} ${user.last_name}`.trim();
  return { writes: putUser(user), about: { kind: 'user', id: user.id } };
}

function changedVariables(user: UserRecord, command: CommandOf<'modify-variables'>): UserRecord {
  const shown = new Map(Object.entries(user.nonsensitive_variables));
  const hidden = new Map(Object.entries(user.sensitive_variables));
  for (const name of command.deletes) {
    if (shown.delete(name) || hidden.delete(name)) continue;
    throw problem('variable_not_found', `The user has no variable "${name}".`);
  }
  for (const { name, value, is_secret } of command.upserts) {
    const [to, from] = is_secret ? [hidden, shown] : [shown, hidden];
    from.delete(name);
    to.set(name, value);
  }
  if (Math.max(shown.size, hidden.size) > MAX_VARIABLES) {
    throw problem('quota_reached', `A user has at most ${MAX_VARIABLES} variables of each kind.`);
  }
  return {
    ...user,
    nonsensitive_variables: Object.fromEntries(shown),
    sensitive_variables: Object.fromEntries(hidden),
  };
}

export function modifyVariables(
  state: RegistryState,
  actor: Actor,
  command: CommandOf<'modify-variables'>,
): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'User:UpdateUserInfo', { user_id: command.id });
  const user = changedVariables(userOf(state, command.id), command);
  return { writes: [{ type: 'put-user', user }], about: { kind: 'user', id: user.id } };
}

export function deleteUser(state: RegistryState, actor: Actor, { id }: CommandOf<'delete-user'>): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'User:DeleteUser', { user_id: id });
  const user = userOf(state, id);
  requireNoLessThan(organization, actor, roleGrants(organization, user.role));
  requireAnotherAdministrator(state, organization, user);
  return {
    writes: [
      { type: 'delete-user', user },
      { type: 'tell', kind: 'user', users: [id] },
    ],
    about: { kind: 'user', id },
  };
}

function requireChangeOfRole(
  state: RegistryState,
  actor: Actor,
  organization: Organization,
  user: UserRecord,
): void {
  requireNoLessThan(organization, actor, roleGrants(organization, user.role));
  requireAnotherAdministrator(state, organization, user);
}

export function assignRole(
  state: RegistryState,
  actor: Actor,
  { id, role }: CommandOf<'assign-role'>,
): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'User:UpdateUserInfo', { user_id: id });
  requireRole(organization, role);
  requireMoreThan(organization, actor, roleGrants(organization, role));
  const user = userOf(state, id);
  if (user.role !== role) requireChangeOfRole(state, actor, organization, user);
  return { writes: putUser({ ...user, role }), about: { kind: 'user', id } };
}
