import { problem } from '../../problems.ts';
import type { ExitCondition } from '../../registry/graph.ts';
import type { ToolCallRounds } from '../../contract/insights.ts';
import { leaveActionState } from '../revisits.ts';
import { act, moveTo, targetOf, type TurnEvent, type Walk } from '../walk.ts';

/** Leaves an action or decision state through the exit with the given index. */
export function* takeExit(
  walk: Walk,
  type: 'action' | 'decision',
  exits: readonly ExitCondition[],
  index: number,
  tool_call_logs: ToolCallRounds,
): Generator<TurnEvent, void> {
  const exit = exits[index];
  if (exit === undefined)
    throw problem('turn_failed', 'The agent chose an exit that the state does not have.');
  if (type === 'action') leaveActionState(walk, index);
  const target = targetOf(walk, exit.next_state);
  yield act({
    type: 'navigate-state-machine-exit-condition-selected',
    exit_condition: exit.description,
    next_state_state_machine_version_info: target.graph,
    next_state_name: target.state,
  });
  yield* moveTo(walk, exit.next_state, {
    type,
    previous_state_exit_condition_description: exit.description,
    tool_call_logs,
  });
}
