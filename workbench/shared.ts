/** What this page has in common with the chat: how it asks, how it reads streams, and its words for actions. */
import type { AgentAction } from '../src/events/agent-actions.ts';
import { describeAction as describe } from '../widget/words/activity.ts';
import { languageOf } from '../widget/words/words.ts';

export { ApiError, ConnectionLostError, requestOf } from '../widget/api/request.ts';
export { readJsonLines } from '../widget/api/ndjson.ts';

const { words: ENGLISH } = languageOf('en');

/** What an action is in words; `null` for one that is not worth telling. */
export function describeAction(action: AgentAction): string | null {
  return describe(action, ENGLISH, false);
}
