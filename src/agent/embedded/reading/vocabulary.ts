import type { ContextGraph } from '../../../registry/graph.ts';
import { clausesOf, sentencesOf } from '../language/clauses.ts';

const known = new WeakMap<ContextGraph, ReadonlySet<string>>();

/** Every stem that a graph's actions and exits speak of. */
export function vocabularyOf(graph: ContextGraph): ReadonlySet<string> {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const texts = graph.states.flatMap((state) => [
    ...('exit_conditions' in state ? state.exit_conditions.map(({ description }) => description) : []),
    ...(state.type === 'action' ? state.actions : []),
  ]);
  const made = new Set(
    texts.flatMap((text) =>
      sentencesOf(text.replaceAll(/["“”]/g, ' ')).flatMap(({ text: part }) =>
        clausesOf(part).flatMap(({ stems }) => stems),
      ),
    ),
  );
  known.set(graph, made);
  return made;
}
