/** What this page has in common with the chat: how it asks, how it reads streams, and its words for actions. */
export { describeAction } from '../widget/activity.ts';
export { ApiError, ConnectionLostError, requestOf } from '../widget/api-request.ts';
export { readJsonLines } from '../widget/ndjson.ts';
