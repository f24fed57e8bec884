/** Values of tool properties that list what they can be. */
import type { ContextGraph } from '../../registry/graph.ts';
import { lastOption } from './deciding/options.ts';
import { vocabularyOf } from './reading/vocabulary.ts';
import type { Told } from './recollection.ts';
import { best, relevance } from './relevance.ts';

/** Returns the value of a property's list that the user named last, and has not ruled out; undefined without one. */
export function optionOf(graph: ContextGraph, values: readonly unknown[], told: readonly Told[]): unknown {
  const options = values.map(String);
  for (const { message } of told) {
    const named = lastOption(options, { message, vocabulary: vocabularyOf(graph) });
    if (named !== null) return values[options.indexOf(named)];
    const stated = message.statements.filter(({ negated }) => !negated).map(({ words }) => words.join(' '));
    const chosen = best(relevance(stated.join('. '), options));
    if (chosen !== null) return values[chosen];
  }
  return undefined;
}
