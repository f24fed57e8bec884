/** What the engine needs of the world, given to it by whoever runs a turn. */
import type { ToolCallSpec } from '../registry/graph.ts';
import type { ToolCandidate } from './reasoner.ts';

/** The user's memories. */
export interface MemoryPort {
  /**
   * What is remembered about each query: pairs of query and answer, in the order of the queries. Empty when the memory
   * does not answer.
   */
  recall(queries: readonly string[]): Promise<[query: string, response: string][]>;
}

/** What came of calling a tool. A failure is an output too: words for the agent. */
export interface ToolOutcome {
  output: string;
  /** In seconds. */
  duration: number;
}

export interface ToolPort {
  /** The tool that a specification means, in the newest version that its constraint allows. Throws when there is none. */
  candidate(spec: ToolCallSpec): ToolCandidate;
  /** Validates the input and calls the tool. Never throws: what goes wrong is told in the output. */
  call(tool: ToolCandidate, input: Record<string, unknown>, signal: AbortSignal): Promise<ToolOutcome>;
}

/** Keeps an inner thought as a message of the conversation, and says under which identifier. */
export type KeepThought = (text: string) => string;
