import type { Caller } from '../../access/permissions.ts';
import type { AgentAction } from '../../contract/agent-actions.ts';
import { maySeeMessages, seesAgentActions } from '../admission.ts';
import type { ActionFilter } from './action-filter.ts';
import type { ConversationRecord } from '../records.ts';

/** Gives an agent's action as a caller may see it; null for one that is not sent to them. */
export type ActionView = (action: AgentAction) => AgentAction | null;

/** Returns the action for a caller who may not read the agent's thoughts: that it thought, but not what. */
export function withoutThought(action: AgentAction): AgentAction {
  if (action.type === 'navigate-state-machine-reflection-state-reflection-generated')
    return { ...action, reflection: '' };
  if (action.type === 'navigate-state-machine-annotation-state-annotation-retrieved')
    return { ...action, annotation: '' };
  return action;
}

/**
 * Returns what the stream of a turn tells its caller: with `Conversation:GetInteractionInsights` the actions that the
 * filter lets through, the thoughts in them only with `Conversation:GetMessage` on inner thoughts.
 */
export function actionView(record: ConversationRecord, caller: Caller, filter: ActionFilter): ActionView {
  if (!seesAgentActions(record, caller)) return () => null;
  const seesThoughts = maySeeMessages(record, caller, 'agent-inner-thought');
  return (action) => {
    if (!filter(action.type)) return null;
    return seesThoughts ? action : withoutThought(action);
  };
}
