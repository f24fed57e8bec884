/** Shared parts of the states that a turn passes through: thoughts and fillers. */
import type { AgentAction } from '../../contract/agent-actions.ts';
import type { DecisionState, ReflectionState } from '../../registry/graph.ts';
import { whileWaiting, type Fillers } from '../fillers.ts';
import type { TurnEvent, Walk } from '../walk.ts';

/**
 * Stores a thought of the agent as a message of the conversation and for the rest of the turn. Returns the identifier
 * of the message.
 */
export function think(walk: Walk, text: string): string {
  walk.thoughts.push(text);
  return walk.input.keepThought(text);
}

/** Returns the fillers of a decision or reflection state. */
export function fillersOf(state: DecisionState | ReflectionState): Fillers {
  return { texts: state.audio_fillers, afterSeconds: state.audio_filler_triggered_after };
}

/** Returns a function that waits for work with a state's fillers. Their event contains `started`. */
export function waiting(walk: Walk, fillers: Fillers, started: AgentAction) {
  return <T>(work: Promise<T>): AsyncGenerator<TurnEvent, T> => whileWaiting(walk, work, fillers, started);
}
