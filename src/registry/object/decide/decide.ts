import { success, ProblemError, type Outcome } from '../../../problems.ts';
import type { Actor, Command, Decision, RegistryState } from '../commands.ts';
import { createAgentVersion, createBlueprint, createGraphVersion, deleteBlueprint } from './blueprints.ts';
import {
  createKey,
  createOrganization,
  deleteKey,
  deleteOrganization,
  modifyOrganization,
} from './organization.ts';
import { createRole, modifyRole } from './roles.ts';
import { createService, deleteVersionSet, updateService, upsertVersionSet } from './services.ts';
import { adoptVisitor } from './adoption.ts';
import {
  assignRole,
  createIssuedUser,
  createUser,
  deleteUser,
  modifyVariables,
  updateUser,
} from './users.ts';

function decided(state: RegistryState, actor: Actor, command: Command, now: number): Decision {
  switch (command.type) {
    case 'create-user':
      return createUser(state, actor, command);
    case 'create-issued-user':
      return createIssuedUser(state, actor, command);
    case 'update-user':
      return updateUser(state, actor, command);
    case 'modify-variables':
      return modifyVariables(state, actor, command);
    case 'delete-user':
      return deleteUser(state, actor, command);
    case 'adopt-visitor':
      return adoptVisitor(state, actor, command);
    case 'create-organization':
      return createOrganization(state, actor, command);
    case 'delete-organization':
      return deleteOrganization(state, actor);
    case 'modify-organization':
      return modifyOrganization(state, actor, command);
    case 'create-key':
      return createKey(state, actor, command, now);
    case 'delete-key':
      return deleteKey(state, actor, command);
    case 'create-role':
      return createRole(state, actor, command);
    case 'modify-role':
      return modifyRole(state, actor, command);
    case 'assign-role':
      return assignRole(state, actor, command);
    case 'create-service':
      return createService(state, actor, command);
    case 'update-service':
      return updateService(state, actor, command);
    case 'upsert-version-set':
      return upsertVersionSet(state, actor, command);
    case 'delete-version-set':
      return deleteVersionSet(state, actor, command);
    case 'create-blueprint':
      return createBlueprint(state, actor, command);
    case 'delete-blueprint':
      return deleteBlueprint(state, actor, command);
    case 'create-agent-version':
      return createAgentVersion(state, actor, command);
    case 'create-graph-version':
      return createGraphVersion(state, actor, command);
  }
}

/** Decides about a command: what it writes, or the problem that it meets. Reads `state`, changes nothing. */
export function decide(state: RegistryState, actor: Actor, command: Command, now: number): Outcome<Decision> {
  try {
    return success(decided(state, actor, command, now));
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem };
    throw error;
  }
}
