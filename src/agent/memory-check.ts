import type { ActionState } from '../registry/graph.ts';
import { isBlank } from '../text.ts';
import { recordQueries, unaskedQueries } from './position.ts';
import { act, situationOf, type TurnEvent, type Walk } from './walk.ts';

/**
 * Puts queries to memory that were not put before, and returns those that found something, with what they found: it is
 * at hand for the rest of the turn. A query that found nothing is not put again; one that memory did not answer is.
 */
export async function recall(walk: Walk, queries: readonly string[]): Promise<[string, string][]> {
  if (queries.length === 0) return [];
  const found = await walk.input.memory.recall(queries);
  walk.position = recordQueries(
    walk.position,
    found.map(([query]) => query),
  );
  const remembered = found.filter(([, content]) => !isBlank(content));
  walk.workingMemory.push(...remembered.map(([context, content]) => ({ content, context })));
  return remembered;
}

/** Looks, before acting, whether something the user said asks for what is remembered. */
export async function* checkMemory(walk: Walk, state: ActionState): AsyncGenerator<TurnEvent, void> {
  if (state.skip_active_memory_retrieval) return;
  const wanted = await walk.reasoner.memoryQueries(situationOf(walk), state);
  const queries = unaskedQueries(walk.position, wanted);
  yield act({ type: 'check-if-active-memory-needed-completed', queries });
  if (queries.length === 0) return;
  const found = await recall(walk, queries);
  yield act({ type: 'extract-active-memories-completed', queries_and_responses: found });
}
