/** The operations of conversations and their turns, and the sign-in before them: the routes that a start has. */
import { CONVERSATION_OPERATIONS } from './conversations/operations.ts';
import { retrieveMessageSource } from './media/message-source.ts';
import type { Operation } from './operation.ts';
import { TURN_OPERATIONS } from './turns/operations.ts';
import { signInWithApiKey } from './users/sign-in.ts';

/** Operations whose routes are there from the start. Those of the others are added with their first request. */
export const FIRST_OPERATIONS: readonly Operation[] = [
  signInWithApiKey,
  ...CONVERSATION_OPERATIONS,
  retrieveMessageSource,
  ...TURN_OPERATIONS,
];
