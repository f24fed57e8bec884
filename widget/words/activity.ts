/** The agent's actions in a few words, for a visitor who waits for its answer and knows nothing of graphs. */
import type { AgentAction } from '../../src/contract/agent-actions.ts';
import type { Words } from './words.ts';

/** By what is in an action's name, the first that fits: the families of the reference. */
const STEPS: readonly (readonly [RegExp, keyof Words | null])[] = [
  // A piece of the answer, which is on the screen already.
  [/fragment/, null],
  [/memor|recall/, 'remembering'],
  [/tool/, 'lookingUp'],
  [/reflection/, 'thinking'],
  [/annotation/, 'noting'],
  [/behavior|state/, 'choosing'],
];

/** A WAV file in base64: a filler that is heard has no words. */
const SOUND = /^UklGR/;

/** Returns what a visitor reads of an action; `null` for one that says nothing to them. */
export function describeAction(action: AgentAction, words: Words): string | null {
  if (action.type === 'action-too-long') return SOUND.test(action.filler) ? null : action.filler;
  const step = STEPS.find(([names]) => names.test(action.type))?.[1] ?? null;
  return step === null ? null : words[step];
}
