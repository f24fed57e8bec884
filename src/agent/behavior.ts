/** Dynamic behavior: a turn follows at most one set. Relevance finds the candidates, and the reasoner selects one. */
import type { BehaviorSet } from '../registry/capabilities.ts';
import type { ToolCallSpec } from '../registry/graph.ts';
import { act, situationOf, type SelectedBehavior, type TurnEvent, type Walk } from './walk.ts';

/** Maximum number of sets that the reasoner judges in a turn: the most relevant ones. */
const MAX_CANDIDATES = 5;

function selected(set: BehaviorSet): SelectedBehavior {
  const instructions = set.actions.filter((action) => action.type === 'inject-instruction');
  const tools = set.actions.filter((action) => action.type === 'change-tool-candidates');
  return {
    version: [set.id, set.version],
    active: {
      instructions: instructions.map(({ instruction }) => instruction),
      overriding: instructions.some(({ overrides_instructions }) => overrides_instructions),
    },
    tools: tools.flatMap(({ tool_call_specs }) => tool_call_specs),
    overridingTools: tools.some(({ overrides_tools }) => overrides_tools),
  };
}

/** Selects the behavior set of this turn. Yields no event when there is no set to select from, or no input. */
export async function* selectBehavior(walk: Walk): AsyncGenerator<TurnEvent, void> {
  const { behaviors, input } = walk.input;
  const said = input.map(({ text }) => text).join('\n');
  if (behaviors.length === 0 || said === '') return;
  const situation = situationOf(walk);
  if ((await walk.reasoner.behaviorVectors?.(situation)) === true)
    yield act({ type: 'select-dynamic-behavior-vector-generated' });
  const relevant = await walk.reasoner.relevantBehaviors(situation, behaviors);
  const candidates = relevant.flatMap((index) => behaviors[index] ?? []).slice(0, MAX_CANDIDATES);
  yield act({ type: 'select-dynamic-behavior-relevance-retrieval-completed' });
  const index = candidates.length === 0 ? null : await walk.reasoner.selectBehavior(situation, candidates);
  const set = index === null ? undefined : candidates[index];
  walk.behavior = set === undefined ? null : selected(set);
  const previous = walk.position.behavior;
  const version = walk.behavior?.version ?? null;
  walk.position = { ...walk.position, behavior: version };
  yield act({
    type: 'select-dynamic-behavior-completed',
    selected_dynamic_behavior_set_version_info: version,
    previous_selected_dynamic_behavior_set_version_info: previous,
  });
}

/** Returns the tools of a state, with those of the turn's behavior set added or put in their place. */
export function withBehaviorTools(walk: Walk, specs: readonly ToolCallSpec[]): readonly ToolCallSpec[] {
  if (walk.behavior === null || walk.behavior.tools.length === 0) return specs;
  return walk.behavior.overridingTools ? walk.behavior.tools : [...specs, ...walk.behavior.tools];
}

/** Returns the members of the override events, or null when the turn follows no behavior set. */
export function overrides(
  walk: Walk,
): { overriding_instructions: boolean; overriding_tool_candidates: boolean } | null {
  if (walk.behavior === null) return null;
  return {
    overriding_instructions: walk.behavior.active.overriding,
    overriding_tool_candidates: walk.behavior.overridingTools,
  };
}
