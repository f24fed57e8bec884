import type { Utterance } from '../agent/reasoner.ts';
import type { MessageRecord } from './records.ts';

const SPEAKERS = {
  'user-message': 'user',
  'agent-message': 'agent',
  'agent-inner-thought': 'thought',
  'external-event': 'event',
} as const satisfies Record<MessageRecord['type'], Utterance['by']>;

/** The end of a message that was stopped, as the agent reads it. */
const STOPPED = ' [stopped here by the user]';

/** A message that an agent may be given. */
type Said = Readonly<Pick<MessageRecord, 'type' | 'text'> & { stopped?: boolean }>;

/** The utterances of messages that are kept: what an agent knows of an utterance, it knows in later turns too. */
const made = new WeakMap<Said, Utterance>();

/**
 * Returns a message as the agent is given it: the same object each time. `stopped` tells the agent that its message was cut
 * short.
 */
export function utteranceOf(message: Said): Utterance {
  const known = made.get(message);
  if (known !== undefined) return known;
  const { type, text, stopped = false } = message;
  const utterance = { by: SPEAKERS[type], text: stopped ? text + STOPPED : text };
  made.set(message, utterance);
  return utterance;
}
