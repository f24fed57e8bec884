import type { Caller } from '../../access/permissions.ts';
import { maySeeMessages, seesAgentActions } from '../admission.ts';
import type { ConversationRecord } from '../records.ts';
import type { Sight } from './readers.ts';

/** Returns what a caller's streams tell: each part by the permission that also shows it afterwards. */
export function sightOf(record: ConversationRecord, caller: Caller): Sight {
  return {
    actions: seesAgentActions(record, caller),
    thoughts: maySeeMessages(record, caller, 'agent-inner-thought'),
  };
}
