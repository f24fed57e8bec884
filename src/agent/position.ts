import { problem } from '../problems.ts';
import type { VersionInfo } from '../contract/versions.ts';
import { cut } from '../text.ts';

/** Maximum number of stored answers of a conversation, and of the characters of each. */
const MAX_ANSWERS = 40;
const MAX_ANSWER_LENGTH = 200;
/**
 * Maximum number of stored queries. A query is stored so that it is asked once; beyond this number the oldest are asked
 * again.
 */
const MAX_ASKED = 100;
/** Maximum length of a query to memory, in UTF-16 units. */
const MAX_QUERY_LENGTH = 300;
/**
 * Maximum number of stored tool results, the newest ones, and of the characters of an input that is stored with its
 * result.
 */
const MAX_TOOL_RESULTS = 5;
const MAX_KEPT_INPUT_LENGTH = 5_000;
/** Maximum depth of graphs that call one another. */
const MAX_RETURNS = 64;

/** Graph and state in which the conversation continues after the end of a referenced graph. */
export interface Return {
  graph: VersionInfo;
  state: string;
}

/** Output of a tool, for the decisions and messages after it. */
export interface ToolResult {
  tool_name: string;
  input: Record<string, unknown>;
  output: string;
}

/** A summary of the older messages of a conversation, in place of the messages themselves. */
export interface Summary {
  text: string;
  /** Number of messages that it covers, counted from the first. */
  covers: number;
}

/**
 * Position of a conversation in its graphs. It is stored as one value with the conversation, so its size is bounded.
 */
export interface Position {
  graph: VersionInfo;
  state: string;
  /** The graphs that called the present one, the innermost last. */
  returns: Return[];
  /** The indexes of the actions already performed since the state was entered. */
  performed: number[];
  /**
   * The last answer of the user in each state, by the name of the state: later messages of the agent can refer to it.
   */
  answers: Record<string, string>;
  /** Queries that memory answered in this conversation, the newest last. */
  asked: string[];
  /** The dynamic behavior set that was selected last. */
  behavior: VersionInfo | null;
  /** Tool results that later turns can use too. */
  tool_results: ToolResult[];
  /** A summary of the older part of the conversation; left out while there is none. */
  summary?: Summary;
}

export function startPosition(graph: VersionInfo, state: string): Position {
  return {
    graph,
    state,
    returns: [],
    performed: [],
    answers: {},
    asked: [],
    behavior: null,
    tool_results: [],
  };
}

export function enterState(position: Position, state: string): Position {
  return { ...position, state, performed: [] };
}

/**
 * Returns the position in a referenced graph, which later returns to the state `back` of the present graph. Throws
 * `too_many_steps` beyond the maximum depth.
 */
export function callGraph(position: Position, graph: VersionInfo, state: string, back: string): Position {
  if (position.returns.length >= MAX_RETURNS) {
    throw problem('too_many_steps', `The agent is in ${MAX_RETURNS} context graphs that called one another.`);
  }
  const returns = [...position.returns, { graph: position.graph, state: back }];
  return { ...enterState(position, state), graph, returns };
}

/** Returns the position after the end of a referenced graph, or null in the root graph, which no other graph called. */
export function returnFromGraph(position: Position): Position | null {
  const target = position.returns.at(-1);
  if (target === undefined) return null;
  return {
    ...enterState(position, target.state),
    graph: target.graph,
    returns: position.returns.slice(0, -1),
  };
}

export function performAction(position: Position, action: number): Position {
  return { ...position, performed: [...new Set([...position.performed, action])] };
}

/** Stores the answer of the user in the present state. Beyond the maximum, the oldest answer is dropped. */
export function recordAnswer(position: Position, text: string): Position {
  const { [position.state]: _replaced, ...others } = position.answers;
  const kept = Object.entries(others).slice(-(MAX_ANSWERS - 1));
  return {
    ...position,
    answers: { ...Object.fromEntries(kept), [position.state]: cut(text, MAX_ANSWER_LENGTH) },
  };
}

/** Returns the key by which queries are compared: queries that differ only in case and spaces have the same key. */
function sameQuery(query: string): string {
  return query.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

/**
 * Returns the queries that were not asked yet in this conversation, each once, cut to the maximum length of a query.
 */
export function unaskedQueries(position: Position, queries: readonly string[]): string[] {
  const known = new Set(position.asked.map(sameQuery));
  return queries
    .map((query) => cut(query, MAX_QUERY_LENGTH))
    .filter((query) => {
      const key = sameQuery(query);
      return key !== '' && !known.has(key) && known.add(key);
    });
}

export function recordQueries(position: Position, queries: readonly string[]): Position {
  return { ...position, asked: [...position.asked, ...queries].slice(-MAX_ASKED) };
}

/** Stores a tool result for later turns. An input above the maximum length is replaced by an empty one. */
export function keepToolResult(position: Position, result: ToolResult): Position {
  const isLong = JSON.stringify(result.input).length > MAX_KEPT_INPUT_LENGTH;
  const kept = isLong ? { ...result, input: {} } : result;
  return { ...position, tool_results: [...position.tool_results, kept].slice(-MAX_TOOL_RESULTS) };
}
