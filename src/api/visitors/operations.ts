import type { Operation } from '../operation.ts';
import { getVisitorChallenge } from './challenge.ts';
import { createVisitor } from './create.ts';

/** Operations of visitors who are not users yet. */
export const VISITOR_OPERATIONS: readonly Operation[] = [getVisitorChallenge, createVisitor];
