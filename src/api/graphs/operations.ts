import type { Operation } from '../operation.ts';
import { createGraph } from './create.ts';
import { createGraphVersion } from './create-version.ts';
import { deleteGraph } from './delete.ts';
import { getGraphs } from './list.ts';
import { getGraphVersions } from './versions.ts';

/** Operations on context graphs, which the published API calls service hierarchical state machines. */
export const GRAPH_OPERATIONS: readonly Operation[] = [
  createGraph,
  getGraphs,
  createGraphVersion,
  getGraphVersions,
  deleteGraph,
];
