import type { Tool, ToolVersion } from '../registry/capabilities.ts';
import type { ToolCallSpec } from '../registry/graph.ts';
import type { ToolCandidate } from './reasoner.ts';

/** Returns a version of a tool as a reasoner is offered it, for the use that a graph specifies. */
export function toolCandidate(
  { id, name }: Tool,
  { version, description, input_schema }: ToolVersion,
  { additional_instruction: instruction }: ToolCallSpec,
): ToolCandidate {
  return { id, name, version, description, input_schema, instruction };
}
