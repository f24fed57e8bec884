/** What the passed-through states have in common. */
import type { AgentAction } from '../../contract/agent-actions.ts';
import type { DecisionState, ReflectionState } from '../../registry/graph.ts';
import { whileWaiting, type Fillers } from '../fillers.ts';
import type { TurnEvent, Walk } from '../walk.ts';

/** A thought of the agent: a message of the conversation, and known for the rest of the turn. */
export function think(walk: Walk, text: string): string {
  walk.thoughts.push(text);
  return walk.input.keepThought(text);
}

/** The fillers of a state whose reasoning may take long. */
export function fillersOf(state: DecisionState | ReflectionState): Fillers {
  return { texts: state.audio_fillers, afterSeconds: state.audio_filler_triggered_after };
}

/** Waits with a state's fillers, naming the event that takes so long. */
export function waiting(walk: Walk, fillers: Fillers, started: AgentAction) {
  return <T>(work: Promise<T>): AsyncGenerator<TurnEvent, T> => whileWaiting(walk, work, fillers, started);
}
