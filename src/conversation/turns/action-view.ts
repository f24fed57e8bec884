import type { AgentAction } from '../../contract/agent-actions.ts';

/** Returns the action for a caller who may not read the agent's thoughts: that it thought, but not what. */
export function withoutThought(action: AgentAction): AgentAction {
  if (action.type === 'navigate-state-machine-reflection-state-reflection-generated')
    return { ...action, reflection: '' };
  if (action.type === 'navigate-state-machine-annotation-state-annotation-retrieved')
    return { ...action, annotation: '' };
  return action;
}
