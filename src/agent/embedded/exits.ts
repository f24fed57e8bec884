/** Reads the exits of a graph: the states that they lead to, and the answers that they take. */
import type { ContextGraph, ExitCondition, State } from '../../registry/graph.ts';

/** An exit that waits for an answer, whatever its words: "The user has given their name". */
const ANSWERED =
  /\b(?:has|have) (?:given|told|named|said|answered|provided|described|shared|chosen|picked|mentioned|explained|stated|found (?:the|their|his|her|an?) (?:\w+ )?(?:number|code|name|address|date))\b/i;

export function awaitsAnswer({ description }: ExitCondition): boolean {
  return ANSWERED.test(description);
}

/** The state that an exit leads to. `abroad` is true if the way leads through another graph. */
interface Destination {
  state: State | undefined;
  abroad: boolean;
  /** True if a tool is called on the way. A decision behind it goes by the output of the tool. */
  byTool: boolean;
}

/**
 * Follows an exit to a state in which something is said or decided, past the states that have one fixed next state.
 */
function destinationOf(graph: ContextGraph, { next_state }: ExitCondition): Destination {
  const passed = new Set<State>();
  let abroad = false;
  let byTool = false;
  for (let next = next_state; ;) {
    abroad ||= typeof next !== 'string';
    const name = typeof next === 'string' ? next : next[1];
    const state = graph.states.find((candidate) => candidate.name === name);
    if (state === undefined || !('next_state' in state)) return { state, abroad, byTool };
    if (passed.has(state)) return { state: undefined, abroad, byTool };
    byTool ||= state.type === 'tool-call';
    passed.add(state);
    next = state.next_state;
  }
}

/**
 * Returns the state that an exit leads to. If the exit calls another graph, this is the state that follows the call.
 */
export function targetOf(graph: ContextGraph, exit: ExitCondition): State | undefined {
  return destinationOf(graph, exit).state;
}

/** Returns true if a tool is called behind an exit before the agent speaks again. A referenced graph speaks. */
export function leadsToTool(graph: ContextGraph, exit: ExitCondition): boolean {
  const { state, abroad, byTool } = destinationOf(graph, exit);
  if (abroad) return false;
  if (byTool || state?.type !== 'decision') return byTool;
  return state.exit_conditions.some((further) => {
    const next = destinationOf(graph, further);
    return next.byTool && !next.abroad;
  });
}

/**
 * Returns the exits of the decision state that an exit leads to. Returns none behind another graph or a tool, because
 * the decision also goes by their results.
 */
export function decidedBehind(graph: ContextGraph, exit: ExitCondition): readonly ExitCondition[] {
  const { state, abroad, byTool } = destinationOf(graph, exit);
  return state?.type === 'decision' && !abroad && !byTool ? state.exit_conditions : [];
}

/** Returns true if a tool is called behind an exit before anything is said or decided. */
export function callsTool(graph: ContextGraph, exit: ExitCondition): boolean {
  return destinationOf(graph, exit).byTool;
}

/** The first two words of a sentence, which tell the form of a question. */
function opening(sentence: string): string {
  return (sentence.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []).slice(0, 2).join(' ');
}

/**
 * Returns true if an exit quotes a question that begins with the same two words as `heard`, so that such a question is
 * an answer: "Do you have The Hobbit?"
 */
export function takesQuestion({ description }: ExitCondition, heard: string): boolean {
  const quotes = [...description.matchAll(/"([^"]+)"|“([^“”]+)”/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  const questions = quotes.filter((quote) => quote.endsWith('?'));
  return questions.map(opening).includes(opening(heard));
}
