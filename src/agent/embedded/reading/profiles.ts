/** Words of what an exit or an action is about, for the comparison by meaning. */
import type { ContextGraph, ExitCondition } from '../../../registry/graph.ts';
import { targetOf } from '../exits.ts';
import { clausesOf } from '../language/clauses.ts';
import type { WeightedProposition } from '../evidence.ts';
import { WEIGHTS } from '../weights.ts';

/** Stems, each with a weight from 0 to 1. */
export type Profile = ReadonlyMap<string, number>;

/** A profile that is being made. */
class Words {
  readonly stems = new Map<string, number>();

  add(stems: Iterable<string>, weight: number): this {
    for (const stem of stems)
      if (!stem.startsWith('?')) this.stems.set(stem, Math.max(this.stems.get(stem) ?? 0, weight));
    return this;
  }
}

interface Described {
  weighted: readonly WeightedProposition[];
  weightedExamples: readonly WeightedProposition[];
}

function stemsOf(propositions: readonly WeightedProposition[]): string[] {
  return propositions.flatMap(({ words }) => words.map(([stem]) => stem));
}

/** Returns the texts of the state behind an exit that tell what it is for. */
function textsBehind(graph: ContextGraph, exit: ExitCondition): string[] {
  const state = targetOf(graph, exit);
  if (state === undefined || !('exit_conditions' in state)) return [];
  const descriptions = state.exit_conditions.map(({ description }) => description);
  return state.type === 'action' ? [...descriptions, state.actions[0] ?? ''] : descriptions;
}

/** Returns the profile of an exit, from its descriptions and the state behind it. */
export function profileOfExit(graph: ContextGraph, exit: ExitCondition, ways: readonly Described[]): Profile {
  const words = new Words();
  for (const { weighted, weightedExamples } of ways)
    words.add(stemsOf(weighted), 1).add(stemsOf(weightedExamples), WEIGHTS.exampleWord);
  for (const text of textsBehind(graph, exit))
    words.add(
      clausesOf(text.replaceAll(/["“”]/g, ' ')).flatMap(({ stems }) => stems),
      WEIGHTS.behindExit,
    );
  return words.stems;
}

/** Returns a profile with the words of hints. */
export function withHintWords(profile: Profile, hints: readonly WeightedProposition[]): Profile {
  const words = new Words();
  for (const [stem, weight] of profile) words.add([stem], weight);
  return words.add(stemsOf(hints), 1).stems;
}

/** Returns the profile of an action on an occasion, from its topics and its deed. */
export function profileOfOccasion(
  topics: readonly WeightedProposition[],
  deed: WeightedProposition,
): Profile {
  return new Words().add(stemsOf(topics), 1).add(stemsOf([deed]), WEIGHTS.behindExit).stems;
}
