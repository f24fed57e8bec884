import type { AgentAction } from '../../contract/agent-actions.ts';
import type { ReflectionState } from '../../registry/graph.ts';
import { consult, Toolbox } from '../tool-calls.ts';
import { act, moveTo, situationOf, type TurnEvent, type Walk } from '../walk.ts';
import { fillersOf, think, waiting } from './passing.ts';

/** Returns the first `limit` words of a text, with an ellipsis when it has more. */
function firstWords(text: string, limit: number): string {
  const words = text.trim().split(/\s+/);
  return words.length <= limit ? text.trim() : `${words.slice(0, limit).join(' ')}…`;
}

/** Passes through a reflection state: the reasoner reflects on its problem, and the result becomes a thought. */
export async function* passReflection(walk: Walk, state: ReflectionState): AsyncGenerator<TurnEvent, void> {
  const started = {
    type: 'navigate-state-machine-reflection-state-prompt-retrieved',
    prompt: state.problem,
  } as const satisfies AgentAction;
  yield act(started);
  const toolbox = new Toolbox(walk, state.tool_call_specs);
  const { answer, rounds } = yield* consult(
    walk,
    walk.reasoner.reflect(situationOf(walk), state, toolbox.candidates),
    toolbox,
    waiting(walk, fillersOf(state), started),
  );
  const reflection = firstWords(answer, state.word_limit);
  yield act({ type: 'navigate-state-machine-reflection-state-reflection-generated', reflection });
  const inner_thought_message_id = think(walk, reflection);
  walk.reflections.push({ message_id: inner_thought_message_id, text: reflection });
  yield* moveTo(walk, state.next_state, {
    type: 'reflection',
    inner_thought_message_id,
    tool_call_logs: rounds,
  });
}
