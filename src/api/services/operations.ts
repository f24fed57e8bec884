import type { Operation } from '../operation.ts';
import { createService } from './create.ts';
import { deleteVersionSet } from './delete-version-set.ts';
import { getServices } from './list.ts';
import { updateService } from './update.ts';
import { upsertVersionSet } from './upsert-version-set.ts';

/** Operations on services. */
export const SERVICE_OPERATIONS: readonly Operation[] = [
  getServices,
  createService,
  updateService,
  upsertVersionSet,
  deleteVersionSet,
];
