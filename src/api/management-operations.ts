/** The operations that manage users, roles, keys, services, agents, graphs and the organization. */
import { AGENT_OPERATIONS } from './agents/operations.ts';
import { createApiKey } from './api-keys/create.ts';
import { deleteApiKey } from './api-keys/delete.ts';
import { getApiKeys } from './api-keys/list.ts';
import { GRAPH_OPERATIONS } from './graphs/operations.ts';
import type { Operation } from './operation.ts';
import { deleteOrganization } from './organizations/delete.ts';
import { getChanges } from './organizations/get-changes.ts';
import { getUsage } from './organizations/get-usage.ts';
import { getUserDimensions } from './organizations/get-user-dimensions.ts';
import { modifyOrganization } from './organizations/modify.ts';
import { ROLE_OPERATIONS } from './roles/operations.ts';
import { SERVICE_OPERATIONS } from './services/operations.ts';
import { USER_OPERATIONS } from './users/operations.ts';

export const MANAGEMENT_OPERATIONS: readonly Operation[] = [
  ...USER_OPERATIONS,
  ...ROLE_OPERATIONS,
  ...SERVICE_OPERATIONS,
  modifyOrganization,
  deleteOrganization,
  getUserDimensions,
  getChanges,
  getUsage,
  createApiKey,
  getApiKeys,
  deleteApiKey,
  ...AGENT_OPERATIONS,
  ...GRAPH_OPERATIONS,
];
