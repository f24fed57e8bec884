/** What this page has in common with the chat: how it asks, and how it reads streams. */
export { ApiError, ConnectionLostError, requestOf } from '../widget/api/request.ts';
export { readJsonLines } from '../widget/api/ndjson.ts';
