/** What went wrong, and what to do about it, for somebody who knows nothing of statuses and codes. */
import { ApiError, ConnectionLostError } from './api-request.ts';
import { NoDemoError } from './session.ts';

/** What the page can offer to do about a problem. */
export type Remedy = 'open-again' | 'start-new' | 'read-document' | 'none';

export interface Explanation {
  words: string;
  remedy: Remedy;
}

const HTTP_SERVER_ERROR = 500;

/** The API's own sentences are written for people, so they may be shown; the rest is put in other words. */
function explainApiError(error: ApiError, agent: string): Explanation {
  const wait = error.retryAfterSeconds;
  if (error.status === 429) {
    const pause = wait === null ? 'a minute' : `${wait} ${wait === 1 ? 'second' : 'seconds'}`;
    return { words: `That was a lot at once. Wait ${pause}, then try again.`, remedy: 'none' };
  }
  switch (error.code) {
    case 'conversation_finished':
      return {
        words: 'This conversation has already ended, perhaps in another window.',
        remedy: 'start-new',
      };
    case 'conversation_not_found':
      return { words: 'This conversation no longer exists.', remedy: 'start-new' };
    case 'conversation_open':
      return { words: 'You have a conversation open in another window.', remedy: 'open-again' };
    case 'operation_in_progress':
      return { words: `${agent} is still busy. Wait a moment, then try again.`, remedy: 'open-again' };
    case 'turn_deadline_exceeded':
      return { words: `${agent} took too long, so the answer was dropped. Try again.`, remedy: 'none' };
    case 'service_overloaded':
      return { words: 'The line is very busy. Wait a few seconds, then try again.', remedy: 'open-again' };
  }
  if (error.status === 401) {
    return { words: 'Your sign-in was not accepted. Open the conversation again.', remedy: 'open-again' };
  }
  if (error.status >= HTTP_SERVER_ERROR) {
    return {
      words: `${agent} could not answer because of a fault on our side. Try again.`,
      remedy: 'open-again',
    };
  }
  return { words: `That was not possible: ${error.message}`, remedy: 'none' };
}

export function explain(error: unknown, agent: string): Explanation {
  if (error instanceof ApiError) return explainApiError(error, agent);
  if (error instanceof NoDemoError) {
    return {
      words:
        'There is no demo in this deployment: a visitor here is signed in by the site that embeds the chat. ' +
        'What the API can do is in its document.',
      remedy: 'read-document',
    };
  }
  if (error instanceof ConnectionLostError) {
    return {
      words: 'The connection was lost. Check your network, then open the conversation again.',
      remedy: 'open-again',
    };
  }
  // A fault of this page: the console has the details, the reader gets the way out.
  console.error(error);
  return { words: 'Something went wrong on this page. Open the conversation again.', remedy: 'open-again' };
}
