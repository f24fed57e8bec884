import { exportConversation } from '../export/conversation.ts';
import type { Operation } from '../operation.ts';
import { createConversation } from './create.ts';
import { eraseConversation } from './erase.ts';
import { finishConversation } from './finish.ts';
import { getInteractionInsights } from './insights.ts';
import { interactWithConversation } from './interact.ts';
import { getConversations } from './list.ts';
import { getConversationMessages } from './messages.ts';
import { getConversationMetrics } from './metrics.ts';
import { modifyTags } from './modify-tags.ts';
import { recommendResponses } from './recommend-responses.ts';
import { generateConversationStarter } from './starters.ts';

/** The operations of conversations. The metrics and the erasure are beyond the published API. */
export const CONVERSATION_OPERATIONS: readonly Operation[] = [
  createConversation,
  getConversations,
  interactWithConversation,
  getConversationMessages,
  finishConversation,
  eraseConversation,
  exportConversation,
  recommendResponses,
  getInteractionInsights,
  generateConversationStarter,
  modifyTags,
  getConversationMetrics,
];
