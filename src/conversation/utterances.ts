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

/** Returns a message as the agent is given it. `stopped` tells it that its message was cut short. */
export function utteranceOf({
  type,
  text,
  stopped = false,
}: Pick<MessageRecord, 'type' | 'text'> & { stopped?: boolean }): Utterance {
  return { by: SPEAKERS[type], text: stopped ? text + STOPPED : text };
}
