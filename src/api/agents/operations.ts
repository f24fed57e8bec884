import type { Operation } from '../operation.ts';
import { createAgent } from './create.ts';
import { createAgentVersion } from './create-version.ts';
import { deleteAgent } from './delete.ts';
import { getAgents } from './list.ts';
import { getAgentVersions } from './versions.ts';

/** Operations on agents. */
export const AGENT_OPERATIONS: readonly Operation[] = [
  createAgent,
  getAgents,
  createAgentVersion,
  getAgentVersions,
  deleteAgent,
];
