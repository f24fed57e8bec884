/** How the embedded agent reads an exit of a graph. */
import type { ContextGraph, ExitCondition, State } from '../../registry/graph.ts';

/** An exit that waits for an answer, whatever its words: "The user has given their name". */
const ANSWERED =
  /\b(?:has|have) (?:given|told|named|said|answered|provided|described|shared|chosen|picked|mentioned|explained|stated)\b/i;

export function awaitsAnswer({ description }: ExitCondition): boolean {
  return ANSWERED.test(description);
}

/** Where an exit leads, and whether it does so through another graph. */
interface Destination {
  state: State | undefined;
  abroad: boolean;
  /** Whether a tool is called on the way: what is decided behind it goes by what the tool says. */
  byTool: boolean;
}

/** Follows an exit to where something is said or decided: past the states that are merely passed through. */
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

/** The state that an exit leads to; of a call of another graph, the state that it comes back to. */
export function targetOf(graph: ContextGraph, exit: ExitCondition): State | undefined {
  return destinationOf(graph, exit).state;
}

/** What is decided right behind an exit. Nothing is behind another graph or a tool, which tell more. */
export function decidedBehind(graph: ContextGraph, exit: ExitCondition): readonly ExitCondition[] {
  const { state, abroad, byTool } = destinationOf(graph, exit);
  return state?.type === 'decision' && !abroad && !byTool ? state.exit_conditions : [];
}

/** The first two words of a sentence, which tell the form of a question. */
function opening(sentence: string): string {
  return (sentence.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []).slice(0, 2).join(' ');
}

/** Whether an exit shows by example that a question of this form is an answer: "Do you have The Hobbit?" */
export function takesQuestion({ description }: ExitCondition, heard: string): boolean {
  const quotes = [...description.matchAll(/"([^"]+)"|“([^“”]+)”/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  const questions = quotes.filter((quote) => quote.endsWith('?'));
  return questions.map(opening).includes(opening(heard));
}
