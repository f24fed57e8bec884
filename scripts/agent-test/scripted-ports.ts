/** Memory and tools of a dialogue: they answer from its file. */
import { stemsOf } from '../../src/agent/embedded/words.ts';
import type { MemoryPort, ToolPort } from '../../src/agent/ports.ts';
import { toolCandidate } from '../../src/agent/tool-candidate.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { resolveTool } from '../../src/registry/tool-versions.ts';
import type { Dialogue } from './dialogue-file.ts';

/** Call of a tool in a turn. */
export interface PlayedCall {
  name: string;
  input: Record<string, unknown>;
}

const MAX_REMEMBERED = 3;

/**
 * Returns a memory port that answers a query with the memories that share a word with it, those with the most words
 * first.
 */
export function memoryOf(memories: readonly string[]): MemoryPort {
  const indexed = memories.map((text) => ({ text, stems: new Set(stemsOf(text)) }));
  const answer = (query: string) => {
    const wanted = stemsOf(query);
    return indexed
      .map(({ text, stems }) => ({ text, shared: wanted.filter((stem) => stems.has(stem)).length }))
      .filter(({ shared }) => shared > 0)
      .sort((a, b) => b.shared - a.shared)
      .slice(0, MAX_REMEMBERED)
      .map(({ text }) => text)
      .join(' ');
  };
  return { recall: (queries) => Promise.resolve(queries.map((query) => [query, answer(query)])) };
}

/** Returns a tool port with the scripted outputs of the dialogue. It adds each call to `calls`. */
export function toolsOf(file: OrganizationFile, answers: Dialogue['tools'], calls: PlayedCall[]): ToolPort {
  const said = new Map<string, number>();
  const next = (name: string): string => {
    const answer = answers[name];
    if (answer === undefined) return `Error: the dialogue has no answer of the tool "${name}".`;
    const count = said.get(name) ?? 0;
    said.set(name, count + 1);
    return typeof answer === 'string' ? answer : (answer[Math.min(count, answer.length - 1)] ?? '');
  };
  return {
    candidate: (spec) => {
      const resolved = resolveTool(file.tools, spec);
      if (resolved === null) throw new Error(`There is no tool ${spec.tool_id}.`);
      const { tool, version } = resolved;
      return toolCandidate(tool, version, spec);
    },
    call: ({ name }, input) => {
      calls.push({ name, input });
      return Promise.resolve({ output: next(name), duration: 0.1 });
    },
  };
}
