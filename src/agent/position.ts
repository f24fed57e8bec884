import { problem } from '../problems.ts';
import type { VersionInfo } from '../contract/versions.ts';
import { cut } from '../text.ts';

/** At most this many remembered answers travel with a conversation, each cut to this many characters. */
const MAX_ANSWERS = 40;
const MAX_ANSWER_LENGTH = 200;
/** Queries are remembered to be asked once; a conversation that asks more may ask its oldest again. */
const MAX_ASKED = 100;
/** What is asked of memory in one query, in UTF-16 units: a longer one says nothing more. */
const MAX_QUERY_LENGTH = 300;
/** Results of tools that travel with a conversation: the newest. The input of each is kept up to this many characters. */
const MAX_TOOL_RESULTS = 5;
const MAX_KEPT_INPUT_LENGTH = 5_000;
/** Graphs that call each other without coming to an end go no deeper than this. */
const MAX_RETURNS = 64;

/** Where to go on when a referenced graph has come to its end. */
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

/** A summary of the part of a conversation that is no longer shown whole. */
export interface Summary {
  text: string;
  /** The number of messages, from the first, that it covers. */
  covers: number;
}

/** Where a conversation stands in its graphs. Stored as one value with the conversation, so it stays small. */
export interface Position {
  graph: VersionInfo;
  state: string;
  /** The graphs that called the present one, the innermost last. */
  returns: Return[];
  /** The indexes of the actions already performed since the state was entered. */
  performed: number[];
  /** What the user last answered in each state, for agents that speak of it later. */
  answers: Record<string, string>;
  /** Queries that were put to memory in this conversation. */
  asked: string[];
  /** The dynamic behavior set that was selected last. */
  behavior: VersionInfo | null;
  /** Results of tools that later turns see too. */
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

/** Goes into a referenced graph, to come back to `back` of the present one. Throws `too_many_steps` when it goes too deep. */
export function callGraph(position: Position, graph: VersionInfo, state: string, back: string): Position {
  if (position.returns.length >= MAX_RETURNS) {
    throw problem('too_many_steps', `The agent is in ${MAX_RETURNS} context graphs that called one another.`);
  }
  const returns = [...position.returns, { graph: position.graph, state: back }];
  return { ...enterState(position, state), graph, returns };
}

/** Comes back from a referenced graph; `null` in the root graph, which nobody called. */
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

/** Remembers what the user said in the present state; the oldest states are forgotten first. */
export function recordAnswer(position: Position, text: string): Position {
  const { [position.state]: _replaced, ...others } = position.answers;
  const kept = Object.entries(others).slice(-(MAX_ANSWERS - 1));
  return {
    ...position,
    answers: { ...Object.fromEntries(kept), [position.state]: cut(text, MAX_ANSWER_LENGTH) },
  };
}

/** Two queries are the same when they differ in case and spaces only. */
function sameQuery(query: string): string {
  return query.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

/** The queries that were not asked yet in this conversation, each once, and cut to what memory is asked. */
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

/** Keeps a result for later turns. An input that is too long to be kept is left out of it. */
export function keepToolResult(position: Position, result: ToolResult): Position {
  const isLong = JSON.stringify(result.input).length > MAX_KEPT_INPUT_LENGTH;
  const kept = isLong ? { ...result, input: {} } : result;
  return { ...position, tool_results: [...position.tool_results, kept].slice(-MAX_TOOL_RESULTS) };
}
