import type { RecallState } from '../../registry/graph.ts';
import { recall } from '../memory-check.ts';
import { unaskedQueries } from '../position.ts';
import { act, moveTo, situationOf, type TurnEvent, type Walk } from '../walk.ts';

/** Returns the queries of the state, or those that the reasoner makes from the information that it requests. */
async function* queriesOf(walk: Walk, state: RecallState): AsyncGenerator<TurnEvent, string[]> {
  if (state.queries !== null) {
    yield act({
      type: 'navigate-state-machine-recall-state-static-queries-retrieved',
      static_queries: state.queries,
    });
    return state.queries;
  }
  const requested_information = state.requested_information ?? '';
  const dynamic_queries = await walk.reasoner.recallQueries(situationOf(walk), requested_information);
  yield act({
    type: 'navigate-state-machine-recall-state-dynamic-queries-generated',
    dynamic_queries,
    requested_information,
  });
  return dynamic_queries;
}

/** Passes through a recall state: sends its queries to memory, except those of earlier turns. */
export async function* passRecall(walk: Walk, state: RecallState): AsyncGenerator<TurnEvent, void> {
  const performed_queries = unaskedQueries(walk.position, yield* queriesOf(walk, state));
  const queries_and_responses = await recall(walk, performed_queries);
  yield act({ type: 'navigate-state-machine-recall-state-active-memory-retrieved', queries_and_responses });
  yield* moveTo(walk, state.next_state, { type: 'recall', performed_queries });
}
