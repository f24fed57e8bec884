import { CHAT_OPERATIONS } from './chat/operations.ts';
import { CONVERSATION_OPERATIONS } from './conversations/operations.ts';
import { MANAGEMENT_OPERATIONS } from './management-operations.ts';
import { retrieveMessageSource } from './media/message-source.ts';
import type { Operation } from './operation.ts';
import { getOrganization } from './organizations/get.ts';
import { TURN_OPERATIONS } from './turns/operations.ts';
import { signInWithApiKey } from './users/sign-in.ts';
import { adoptVisitor } from './visitors/adopt.ts';
import { VISITOR_OPERATIONS } from './visitors/operations.ts';

/** Every operation of the API. The document and the tests of the edge are made from this list; each has a route in src/app.ts. */
export const OPERATIONS: readonly Operation[] = [
  signInWithApiKey,
  getOrganization,
  ...CONVERSATION_OPERATIONS,
  retrieveMessageSource,
  ...TURN_OPERATIONS,
  ...CHAT_OPERATIONS,
  ...MANAGEMENT_OPERATIONS,
  ...VISITOR_OPERATIONS,
  adoptVisitor,
];
