import type { Tool } from '../capabilities.ts';
import type { ToolCallSpec } from '../graph.ts';
import { resolveTool } from '../tool-versions.ts';

/** Returns the error of a tool specification and its field; null if a version of the tool matches. */
export function toolSpecMessage(
  spec: ToolCallSpec,
  tools: ReadonlyMap<string, Tool>,
  unread: ReadonlySet<string>,
): { field: 'tool_id' | 'version_constraint'; message: string } | null {
  if (unread.has(spec.tool_id)) return null;
  const tool = tools.get(spec.tool_id);
  if (tool === undefined) return { field: 'tool_id', message: `there is no tool ${spec.tool_id}` };
  if (resolveTool([tool], spec) !== null) return null;
  const message = `no version of the tool satisfies "${spec.version_constraint}"`;
  return { field: 'version_constraint', message };
}
