import type { Operation } from '../operation.ts';
import { createService } from './create.ts';
import { deleteVersionSet } from './delete-version-set.ts';
import { updateService } from './update.ts';
import { upsertVersionSet } from './upsert-version-set.ts';

/** How services are changed. */
export const SERVICE_OPERATIONS: readonly Operation[] = [
  createService,
  updateService,
  upsertVersionSet,
  deleteVersionSet,
];
