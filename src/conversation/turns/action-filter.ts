import { RE2JS } from 're2js';
import { failure, success, type Outcome } from '../../problems.ts';

/** A caller's pattern is compiled on every turn, so its length is bounded (behaviour.md). */
export const MAX_ACTION_FILTER_LENGTH = 256;

/** Says of an action's type whether the caller wants to see it. */
export type ActionFilter = (actionType: string) => boolean;

/**
 * Compiles `current_agent_action_type`. The pattern is the caller's, so it runs on RE2: in time linear in the text,
 * whatever the pattern. Search semantics, as in the published API. The two patterns that nearly everybody sends are
 * decided without an engine.
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
    const compiled = RE2JS.compile(pattern);
    return success((actionType) => compiled.matcher(actionType).find());
  } catch {
    return failure(
      'action_filter_invalid',
      'The filter is not a regular expression of the RE2 syntax (which has no look-around and no back-references).',
    );
  }
}
