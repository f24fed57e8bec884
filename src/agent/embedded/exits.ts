/** How the embedded agent reads an exit of a graph. */
import type { ContextGraph, ExitCondition, State } from '../../registry/graph.ts';

/** An exit that waits for an answer, whatever its words: "The user has given their name". */
const ANSWERED =
  /\b(?:has|have) (?:given|told|named|said|answered|provided|described|shared|chosen|picked|mentioned|explained|stated)\b/i;

export function awaitsAnswer({ description }: ExitCondition): boolean {
  return ANSWERED.test(description);
}

/** The state that an exit leads to; of a call of another graph, the state that it comes back to. */
export function targetOf(graph: ContextGraph, { next_state }: ExitCondition): State | undefined {
  const name = typeof next_state === 'string' ? next_state : next_state[1];
  return graph.states.find((state) => state.name === name);
}

/** The first two words of a sentence, which tell the form of a question. */
function opening(sentence: string): string {
  return (sentence.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []).slice(0, 2).join(' ');
}

/** Whether an exit shows by example that a question of this form is an answer: "Do you have The Hobbit?" */
export function takesQuestion({ description }: ExitCondition, heard: string): boolean {
  const examples = [...description.matchAll(/["“]([^"”]+\?)["”]/g)].map((match) => opening(match[1] ?? ''));
  return examples.includes(opening(heard));
}
