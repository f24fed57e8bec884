/** The code that this page has in common with the chat: requests, and the reading of streams. */
export { ApiError, ConnectionLostError, requestOf } from '../widget/api/request.ts';
export { readJsonLines } from '../widget/api/ndjson.ts';
