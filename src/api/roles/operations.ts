import type { Operation } from '../operation.ts';
import { assignRole } from './assign.ts';
import { createRole } from './create.ts';
import { getRoles } from './list.ts';
import { modifyRole } from './modify.ts';

/** Operations on roles. */
export const ROLE_OPERATIONS: readonly Operation[] = [createRole, getRoles, modifyRole, assignRole];
