import { withDeadline } from '../deadline.ts';
import type { AgentAction } from '../contract/agent-actions.ts';
import { act, type TurnEvent, type Walk } from './walk.ts';

/** Texts to say while an operation takes long, and the number of seconds after which one of them is due. */
export interface Fillers {
  texts: readonly string[];
  afterSeconds: number;
}

const LATE = new Error('It takes longer than its fillers allow.');

/**
 * Waits for `work` and returns its result. When it takes longer than `afterSeconds`, yields one event with a filler;
 * the event contains `started`, the event that began the work.
 */
export async function* whileWaiting<T>(
  walk: Walk,
  work: Promise<T>,
  { texts, afterSeconds }: Fillers,
  started: AgentAction,
): AsyncGenerator<TurnEvent, T> {
  if (texts.length === 0) return await work;
  const { signal } = walk.input;
  try {
    return await withDeadline(afterSeconds * 1000, () => work, { within: signal, late: () => LATE });
  } catch (error) {
    if (error !== LATE) throw error;
  }
  const filler = texts[walk.fillersSent % texts.length] ?? '';
  walk.fillersSent += 1;
  yield act({ type: 'action-too-long', filler, previously_started_event: started });
  return await work;
}
