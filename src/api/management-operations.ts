/** The operations that manage users, roles, keys, services and the organization. */
import { createApiKey } from './api-keys/create.ts';
import { deleteApiKey } from './api-keys/delete.ts';
import { getApiKeys } from './api-keys/list.ts';
import type { Operation } from './operation.ts';
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
  getUserDimensions,
  createApiKey,
  getApiKeys,
  deleteApiKey,
];
