import type { AnnotationState } from '../../registry/graph.ts';
import { act, moveTo, type TurnEvent, type Walk } from '../walk.ts';
import { think } from './passing.ts';

/** Passes through an annotation state: its text becomes a thought of the agent. */
export function* passAnnotation(walk: Walk, state: AnnotationState): Generator<TurnEvent, void> {
  yield act({
    type: 'navigate-state-machine-annotation-state-annotation-retrieved',
    annotation: state.inner_thought,
  });
  const inner_thought_message_id = think(walk, state.inner_thought);
  yield* moveTo(walk, state.next_state, { type: 'annotation', inner_thought_message_id });
}
