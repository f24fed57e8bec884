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
 * Maximum number of stored states that a conversation has passed, the newest ones, and the maximum depth of graphs in
 * which they are stored.
 */
const MAX_PASSED = 40;
const MAX_PASSED_RETURNS = 3;

/** A state of a graph that was called from certain graphs. */
export type Place = Pick<Position, 'graph' | 'state' | 'returns'>;

/** An action state that the conversation has left, with the exit by its index. A correction can reopen it. */
export interface PassedState extends Place {
  exit: number;
}

/** A correction that reopened a state, until the conversation is back where the user corrected. */
export interface Reopening {
  /** The place in which the user corrected. */
  from: Place;
  /** The states passed before the correction that were not passed again since. Their exits are known. */
  known: PassedState[];
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
  /** The action states that were left; left out while no graph of the conversation has a state to reopen. */
  passed?: PassedState[];
  /** Set while a correction leads through states that were passed before. */
  reopening?: Reopening;
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

/** Returns true if two places are the same state, called from the same graphs. */
export function isSamePlace(a: Place, b: Place): boolean {
  const keyOf = ({ graph, state, returns }: Place) => JSON.stringify([graph, state, returns]);
  return a.state === b.state && keyOf(a) === keyOf(b);
}

/** Returns the passed states other than those in the given places. */
function without(passed: readonly PassedState[], places: readonly Place[]): PassedState[] {
  return passed.filter((each) => !places.some((place) => isSamePlace(place, each)));
}

/** Stores that the present action state is left by an exit. A state that was left before is stored once. */
export function recordPassed(position: Position, exit: number): Position {
  const { graph, state, returns, passed = [], reopening } = position;
  if (returns.length > MAX_PASSED_RETURNS) return position;
  const others = without(passed, [position]);
  return {
    ...position,
    passed: [...others, { graph, state, returns, exit }].slice(-MAX_PASSED),
    ...(reopening && { reopening: { ...reopening, known: without(reopening.known, [position]) } }),
  };
}

/**
 * Returns the position in a state that a correction reopens. The message of the correction, stored as the answer to the
 * present state, becomes the answer to the reopened one; the present state gets its earlier answer back. A correction
 * on the way back from another one leads to where the first one was made.
 */
export function reopenState(position: Position, to: Place, earlier: Position): Position {
  const { [position.state]: correction = '', ...others } = position.answers;
  const before = earlier.answers[position.state];
  const answers = { ...others, ...(before === undefined ? {} : { [position.state]: before }) };
  const { graph, state, returns } = position;
  const from = position.reopening?.from ?? { graph, state, returns };
  const known = without(position.passed ?? [], [from, position]);
  const entered = enterState({ ...position, answers, reopening: { from, known } }, to.state);
  const reopened = { ...entered, graph: to.graph, returns: to.returns };
  return correction === '' ? reopened : recordAnswer(reopened, correction);
}

/** Returns the exit by which the present state was left before a correction; null when it is not known. */
export function knownExit(position: Position): number | null {
  return position.reopening?.known.find((each) => isSamePlace(each, position))?.exit ?? null;
}

/**
 * Returns the position at the end of a turn. A correction is over when the agent speaks in a state that the
 * conversation had not passed before it.
 */
export function settled(position: Position): Position {
  if (position.reopening === undefined || knownExit(position) !== null) return position;
  const { reopening: _over, ...rest } = position;
  return rest;
}

/** Stores that an action of the present state was performed. */
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
