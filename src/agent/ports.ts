/**
 * Ports of the engine: access to the user's memories, to tools and to the messages. The caller of a turn provides them.
 */
import type { ToolCallSpec } from '../registry/graph.ts';
import type { ToolCandidate } from './reasoner.ts';

/** The user's memories. */
export interface MemoryPort {
  /**
   * Returns pairs of a query and its answer, in the order of the queries. Returns an empty list when the memory does
   * not respond.
   */
  recall(queries: readonly string[]): Promise<[query: string, response: string][]>;
}

/** Result of a tool call. The output of a failed call is a sentence for the agent that describes the failure. */
export interface ToolOutcome {
  output: string;
  /** Duration of the call in seconds. */
  duration: number;
}

export interface ToolPort {
  /**
   * Returns the tool of a specification, in the newest version that its constraint allows. Throws when there is none.
   */
  candidate(spec: ToolCallSpec): ToolCandidate;
  /** Validates the input and calls the tool. Never throws: the output describes an error. */
  call(tool: ToolCandidate, input: Record<string, unknown>, signal: AbortSignal): Promise<ToolOutcome>;
}

/** Stores an inner thought as a message of the conversation and returns the identifier of the message. */
export type KeepThought = (text: string) => string;
