import type { VersionInfo } from '../registry/primitives.ts';
import type { ToolResult } from './reasoner.ts';

/** At most this many remembered answers travel with a conversation, each cut to this many characters. */
const MAX_ANSWERS = 40;
const MAX_ANSWER_LENGTH = 200;
/** Queries are remembered to be asked once; a conversation that asks more may ask its oldest again. */
const MAX_ASKED = 100;
/** Results of tools that travel with a conversation: the newest. */
const MAX_TOOL_RESULTS = 5;

/** Where to go on when a referenced graph has come to its end. */
export interface Return {
  graph: VersionInfo;
  state: string;
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

/** Goes into a referenced graph, to come back to `back` of the present one. */
export function callGraph(position: Position, graph: VersionInfo, state: string, back: string): Position {
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
    answers: { ...Object.fromEntries(kept), [position.state]: text.slice(0, MAX_ANSWER_LENGTH) },
  };
}

/** Two queries are the same when they differ in case and spaces only. */
function sameQuery(query: string): string {
  return query.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

/** The queries that were not asked yet in this conversation, each once. */
export function unaskedQueries(position: Position, queries: readonly string[]): string[] {
  const known = new Set(position.asked.map(sameQuery));
  return queries.filter((query) => {
    const key = sameQuery(query);
    return key !== '' && !known.has(key) && known.add(key);
  });
}

export function recordQueries(position: Position, queries: readonly string[]): Position {
  return { ...position, asked: [...position.asked, ...queries].slice(-MAX_ASKED) };
}

export function keepToolResult(position: Position, result: ToolResult): Position {
  return { ...position, tool_results: [...position.tool_results, result].slice(-MAX_TOOL_RESULTS) };
}
