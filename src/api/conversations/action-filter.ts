import { compileActionFilter } from '../../conversation/turns/action-filter.ts';
import { ProblemError } from '../../problems.ts';

/** Refuses a filter that the conversation could not compile, before anything is asked of the conversation. */
export function requireActionFilter(pattern: string): void {
  const compiled = compileActionFilter(pattern);
  if (compiled.ok) return;
  throw new ProblemError({
    ...compiled.problem,
    errors: [{ loc: ['query', 'current_agent_action_type'], msg: compiled.problem.detail, type: 'pattern' }],
  });
}
