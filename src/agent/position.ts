import type { VersionInfo } from '../registry/primitives.ts';

/** At most this many remembered answers travel with a conversation, each cut to this many characters. */
const MAX_ANSWERS = 40;
const MAX_ANSWER_LENGTH = 200;

/** Where a conversation stands in its graph. Stored as one value with the conversation, so it stays small. */
export interface Position {
  graph: VersionInfo;
  state: string;
  /** The indexes of the actions already performed since the state was entered. */
  performed: number[];
  /** What the user last answered in each state, for agents that speak of it later. */
  answers: Record<string, string>;
}

export function startPosition(graph: VersionInfo, state: string): Position {
  return { graph, state, performed: [], answers: {} };
}

export function enterState(position: Position, state: string): Position {
  return { ...position, state, performed: [] };
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
