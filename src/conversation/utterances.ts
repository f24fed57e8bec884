import type { Utterance } from '../agent/reasoner.ts';
import type { MessageRecord } from './records.ts';

const SPEAKERS = {
  'user-message': 'user',
  'agent-message': 'agent',
  'agent-inner-thought': 'thought',
  'external-event': 'event',
} as const satisfies Record<MessageRecord['type'], Utterance['by']>;

/** Returns a message as the agent is given it. */
export function utteranceOf({ type, text }: Pick<MessageRecord, 'type' | 'text'>): Utterance {
  return { by: SPEAKERS[type], text };
}
