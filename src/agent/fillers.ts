import type { AgentAction } from '../events/agent-actions.ts';
import { act, type TurnEvent, type Walk } from './walk.ts';

/** What to say while something takes long, and after how many seconds. */
export interface Fillers {
  texts: readonly string[];
  afterSeconds: number;
}

/**
 * Waits for `work`; when it takes longer than the fillers allow, says one of them, once, naming what takes so long.
 */
export async function* whileWaiting<T>(
  walk: Walk,
  work: Promise<T>,
  { texts, afterSeconds }: Fillers,
  started: AgentAction,
): AsyncGenerator<TurnEvent, T> {
  if (texts.length === 0) return await work;
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), afterSeconds * 1000);
  try {
    const first = await Promise.race([work.then((value) => ({ value })), late]);
    if (first !== 'late') return first.value;
    const filler = texts[walk.fillersSent % texts.length] ?? '';
    walk.fillersSent += 1;
    yield act({ type: 'action-too-long', filler, previously_started_event: started });
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
