/** Decisions about an organization and its API keys. */
import { problem } from '../../../problems.ts';
import { MAX_USERS } from '../../organization.ts';
import { roleGrants } from '../../reader.ts';
import type { Actor, CommandOf, Decision, RegistryState } from '../commands.ts';
import { ORGANIZATION } from '../names.ts';
import type { KeyRecord } from '../records.ts';
import { OPERATOR, organizationOf, requireNoLessThan, requirePermission, requireRole } from './access.ts';

/** The most API keys of an organization that are still valid (published API). */
export const MAX_API_KEYS = 20;

export function createOrganization(
  state: RegistryState,
  actor: Actor,
  { organization }: CommandOf<'create-organization'>,
): Decision {
  if (actor.user_id !== OPERATOR)
    throw problem('permission_missing', 'Only the operator creates organizations.');
  if (state.isBeingErased()) {
    throw problem('operation_in_progress', `The organization "${organization.id}" is being erased.`);
  }
  if (state.organization() !== null) {
    throw problem('organization_exists', `There is an organization "${organization.id}" already.`);
  }
  return {
    writes: [{ type: 'put', name: ORGANIZATION, value: organization }],
    about: { kind: 'organization', id: organization.id },
  };
}

export function modifyOrganization(
  state: RegistryState,
  actor: Actor,
  command: CommandOf<'modify-organization'>,
): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'Organization:ModifyOrganization');
  const { type: _type, ...changes } = command;
  return {
    writes: [
      { type: 'put', name: ORGANIZATION, value: { ...organization, ...changes } },
      { type: 'tell', kind: 'organization', users: [actor.user_id] },
    ],
    about: { kind: 'organization', id: organization.id },
  };
}

export function deleteOrganization(state: RegistryState, actor: Actor): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'Organization:DeleteOrganization');
  return {
    writes: [
      { type: 'delete-organization', organization },
      { type: 'tell', kind: 'organization', users: state.userIds(MAX_USERS) },
    ],
    about: { kind: 'organization', id: organization.id },
  };
}

export function createKey(
  state: RegistryState,
  actor: Actor,
  command: CommandOf<'create-key'>,
  now: number,
): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'Organization:CreateAPIKey');
  requireRole(organization, command.role);
  requireNoLessThan(organization, actor, roleGrants(organization, command.role));
  const valid = state.keys().filter(({ expires_at }) => expires_at === null || Date.parse(expires_at) > now);
  if (valid.length >= MAX_API_KEYS) {
    throw problem('quota_reached', `An organization has at most ${MAX_API_KEYS} API keys: delete one first.`);
  }
  const { type: _type, ...fields } = command;
  const key: KeyRecord = { ...fields, development_only: false, created_at: now, creator: actor.user_id };
  return {
    writes: [{ type: 'put', name: { kind: 'key', id: key.id, version: 0 }, value: key }],
    about: { kind: 'key', id: key.id },
  };
}

export function deleteKey(state: RegistryState, actor: Actor, { id }: CommandOf<'delete-key'>): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'Organization:DeleteAPIKey');
  if (state.key(id) === null) throw problem('api_key_not_found', 'There is no such API key.');
  return {
    writes: [{ type: 'delete', name: { kind: 'key', id, version: 0 } }],
    about: { kind: 'key', id },
  };
}
