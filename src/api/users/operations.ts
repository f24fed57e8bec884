import { exportUser } from '../export/user.ts';
import type { Operation } from '../operation.ts';
import { createInvitedUser } from './create.ts';
import { deleteUser } from './delete.ts';
import { getUserErasure } from './get-erasure.ts';
import { getMemories } from './get-memories.ts';
import { getUserModel } from './get-user-model.ts';
import { getUsers } from './list.ts';
import { modifyUserVariables } from './modify-variables.ts';
import { searchUsers } from './search.ts';
import { updateUserInfo } from './update.ts';

/** Operations on users. */
export const USER_OPERATIONS: readonly Operation[] = [
  createInvitedUser,
  getUsers,
  searchUsers,
  updateUserInfo,
  modifyUserVariables,
  deleteUser,
  getUserErasure,
  exportUser,
  getUserModel,
  getMemories,
];
