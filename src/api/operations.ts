import { createConversation } from './conversations/create.ts';
import { finishConversation } from './conversations/finish.ts';
import { getInteractionInsights } from './conversations/insights.ts';
import { interactWithConversation } from './conversations/interact.ts';
import { getConversations } from './conversations/list.ts';
import { getConversationMessages } from './conversations/messages.ts';
import { modifyTags } from './conversations/modify-tags.ts';
import { recommendResponses } from './conversations/recommend-responses.ts';
import { generateConversationStarter } from './conversations/starters.ts';
import { retrieveMessageSource } from './media/message-source.ts';
import { MANAGEMENT_OPERATIONS } from './management-operations.ts';
import type { Operation } from './operation.ts';
import { getOrganization } from './organizations/get.ts';
import { TURN_OPERATIONS } from './turns/operations.ts';
import { signInWithApiKey } from './users/sign-in.ts';

/** Every operation there is. The routes, the document and the tests of the edge are made from this list. */
export const OPERATIONS: readonly Operation[] = [
  signInWithApiKey,
  getOrganization,
  createConversation,
  getConversations,
  interactWithConversation,
  getConversationMessages,
  finishConversation,
  recommendResponses,
  getInteractionInsights,
  retrieveMessageSource,
  generateConversationStarter,
  modifyTags,
  ...TURN_OPERATIONS,
  ...MANAGEMENT_OPERATIONS,
];
