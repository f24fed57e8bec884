import type { AgentAction } from '../../contract/agent-actions.ts';
import type { DecisionState } from '../../registry/graph.ts';
import { consult, Toolbox } from '../tool-calls.ts';
import { act, situationOf, type TurnEvent, type Walk } from '../walk.ts';
import { takeExit } from './exit.ts';
import { fillersOf, waiting } from './passing.ts';

/** Passes through a decision state: the reasoner decides which exit to take. */
export async function* passDecision(walk: Walk, state: DecisionState): AsyncGenerator<TurnEvent, void> {
  const started = {
    type: 'navigate-state-machine-decision-state-decision-started',
  } as const satisfies AgentAction;
  yield act(started);
  const toolbox = new Toolbox(walk, state.tool_call_specs);
  const { answer, rounds } = yield* consult(
    walk,
    walk.reasoner.decide(situationOf(walk), state, toolbox.candidates),
    toolbox,
    waiting(walk, fillersOf(state), started),
  );
  yield* takeExit(walk, 'decision', state.exit_conditions, answer, rounds);
}
