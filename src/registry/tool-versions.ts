import { maxSatisfying } from '@renovatebot/pep440';
import type { Tool, ToolVersion } from './capabilities.ts';
import type { ToolCallSpec } from './graph.ts';

/**
 * Returns the tool of a specification and its newest version that the constraint allows (Python's version specifiers),
 * or null if there is none. An empty constraint allows all versions.
 */
export function resolveTool(
  tools: readonly Tool[],
  spec: ToolCallSpec,
): { tool: Tool; version: ToolVersion } | null {
  const tool = tools.find(({ id }) => id === spec.tool_id);
  if (tool === undefined) return null;
  const versions = tool.versions.map(({ version }) => version);
  const newest = maxSatisfying(versions, spec.version_constraint.trim() || '>=0');
  const version = tool.versions.find((candidate) => candidate.version === newest);
  return version === undefined ? null : { tool, version };
}
