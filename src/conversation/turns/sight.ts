import type { Caller } from '../../access/permissions.ts';
import { maySeeMessages, seesAgentActions } from '../admission.ts';
import type { ConversationRecord } from '../records.ts';

/** The parts that a caller may see of the agent's work beside its answer. */
export interface Sight {
  /** True when the stream tells what the agent does. */
  actions: boolean;
  /** True when it tells what the agent thinks. */
  thoughts: boolean;
}

/** Returns what a caller's streams tell: each part by the permission that also shows it afterwards. */
export function sightOf(record: ConversationRecord, caller: Caller): Sight {
  return {
    actions: seesAgentActions(record, caller),
    thoughts: maySeeMessages(record, caller, 'agent-inner-thought'),
  };
}
