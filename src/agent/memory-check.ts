import type { ActionState } from '../registry/graph.ts';
import { isBlank } from '../text.ts';
import { recordQueries, unaskedQueries } from './position.ts';
import { act, situationOf, type TurnEvent, type Walk } from './walk.ts';

/**
 * Sends queries to memory and returns those with an answer, each with its answer. The answers join the working memory
 * of the turn. The position stores every query that memory responded to, so that it is not sent again.
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

/** Asks the reasoner for queries to memory before an action state acts, and recalls those that were not asked yet. */
export async function* checkMemory(walk: Walk, state: ActionState): AsyncGenerator<TurnEvent, void> {
  if (state.skip_active_memory_retrieval) return;
  const wanted = await walk.reasoner.memoryQueries(situationOf(walk), state);
  const queries = unaskedQueries(walk.position, wanted);
  yield act({ type: 'check-if-active-memory-needed-completed', queries });
  if (queries.length === 0) return;
  const found = await recall(walk, queries);
  yield act({ type: 'extract-active-memories-completed', queries_and_responses: found });
}
