/** Answers a question of the user with the words of another state of the graph, without leaving the present state. */
import type { ActionState } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import { quotesIn } from '../actions.ts';
import type { Hearing } from './hearing.ts';
import { questionsEvidence } from './occasions.ts';
import { readState } from '../reading/states.ts';

/** Evidence above which the answer of another state is used. It is higher than for an answer of the present state. */
const LEAST = 0.55;

/** Returns an answer without the question at its end, which belongs to another state. */
export function withoutQuestion(answer: string): string {
  const sentences = answer.split(/(?<=[.!?])\s+/);
  return sentences.filter((sentence) => !sentence.endsWith('?')).join(' ');
}

/**
 * Returns the answer of another state to what is asked, in any graph of the conversation; `null` when no other state has
 * one that fits well.
 */
export function answerFromElsewhere(
  { graph: present, graphs = [present] }: Pick<Situation, 'graph' | 'graphs'>,
  here: ActionState,
  hearing: Hearing,
): string | null {
  let best = LEAST;
  let found: string | null = null;
  const states = graphs.flatMap((graph) => graph.states.map((state) => ({ graph, state })));
  for (const { graph, state } of states) {
    if (state.type !== 'action' || (graph === present && state.name === here.name)) continue;
    const read = readState(graph, state);
    questionsEvidence(read, hearing).forEach((evidence, index) => {
      const answer = withoutQuestion(quotesIn(read.actions[index]?.read.deed ?? '').join(' '));
      if (evidence <= best || answer === '' || answer.includes('[')) return;
      best = evidence;
      found = answer;
    });
  }
  return found;
}
