import { failure, success, type Outcome } from '../../problems.ts';
import { compile } from '../../regular-expression/search.ts';

/** A caller's pattern is compiled on every turn, so its length is bounded (behaviour.md). */
export const MAX_ACTION_FILTER_LENGTH = 256;

/** Says of an action's type whether the caller wants to see it. */
export type ActionFilter = (actionType: string) => boolean;

/**
 * Compiles `current_agent_action_type`. The pattern is the caller's, so it has the syntax of RE2 and is searched
 * for in time linear in the text. Search semantics, as in the published API. The two patterns that most callers send are
 * decided without an engine, and each type of an action, of which there are few, is searched once.
 */
export function compileActionFilter(pattern: string): Outcome<ActionFilter> {
  if (pattern === '^.*$') return success(() => true);
  if (pattern === '^$') return success(() => false);
  if (pattern.length > MAX_ACTION_FILTER_LENGTH) {
    return failure(
      'action_filter_invalid',
      `The filter is longer than ${MAX_ACTION_FILTER_LENGTH} characters.`,
    );
  }
  try {
    const search = compile(pattern);
    const known = new Map<string, boolean>();
    return success((actionType) => {
      const isShown = known.get(actionType) ?? search(actionType);
      known.set(actionType, isShown);
      return isShown;
    });
  } catch {
    return failure(
      'action_filter_invalid',
      'The filter is not a regular expression of the RE2 syntax (which has no look-around and no back-references).',
    );
  }
}
