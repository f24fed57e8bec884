import type { AgentAction } from '../../contract/agent-actions.ts';
import { problem } from '../../problems.ts';
import type { ToolCallState } from '../../registry/graph.ts';
import { callTools, consult, Toolbox } from '../tool-calls.ts';
import { act, moveTo, situationOf, type TurnEvent, type Walk } from '../walk.ts';
import { waiting } from './passing.ts';

/** Passes through a tool-call state: calls its designated tool with an input from the reasoner. */
export async function* passToolCall(walk: Walk, state: ToolCallState): AsyncGenerator<TurnEvent, void> {
  const designated = new Toolbox(walk, [state.designated_tool]);
  const [tool] = designated.candidates;
  if (tool === undefined) throw problem('turn_failed', 'The tool of the state is not in the registry.');
  const named = { tool_id: tool.id, tool_version: tool.version };
  const started = { type: 'designated-tool-retrieved', ...named } as const satisfies AgentAction;
  yield act(started);
  const toolbox = new Toolbox(walk, state.tool_call_specs);
  const fillers = {
    texts: state.designated_tool_call_params_generation_audio_fillers,
    afterSeconds: state.designated_tool_call_params_generation_audio_filler_triggered_after,
  };
  const { answer: input, rounds } = yield* consult(
    walk,
    walk.reasoner.toolInput(situationOf(walk), state, tool, toolbox.candidates),
    toolbox,
    waiting(walk, fillers, started),
  );
  yield act({ type: 'designated-tool-call-params-generated', ...named, tool_call_params: input });
  const round = { type: 'tool-round' as const, calls: [{ tool, input }] };
  const [called] = yield* callTools(walk, designated, round, rounds.length);
  if (called === undefined) throw problem('turn_failed', 'The tool of the state was not called.');
  yield act({
    type: 'navigate-state-machine-tool-call-state-tool-output-available',
    ...named,
    tool_output: called.output,
    duration: called.log.duration,
    input_arguments: input,
  });
  yield* moveTo(walk, state.next_state, {
    type: 'tool-call',
    tool_call_logs: rounds,
    designated_tool_call_log: called.log,
  });
}
