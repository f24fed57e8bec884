import * as z from 'zod';
import { listOfAtMost, MAX_TAG_KEY_LENGTH, Tags, textOfAtMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import { BEING_CREATED, COMMON_ANSWERS, CommonHeaders, ConversationParams, NoQuery } from '../parameters.ts';
import { write } from './conversation-calls.ts';

/** A conversation has no more than 20 tags; a caller that does not know them may name all that there could be. */
const MAX_DELETES = 100;

const ModifyTagsBody = z
  .object({
    updates: Tags.default({}).meta({ description: 'Tags to set. Others stay as they are.' }),
    deletes: listOfAtMost(textOfAtMost(MAX_TAG_KEY_LENGTH), MAX_DELETES)
      .refine((keys) => new Set(keys).size === keys.length, 'must not name a tag twice')
      .default([])
      .meta({ description: 'Keys to remove, before `updates` are set.', uniqueItems: true }),
  })
  .meta({ id: 'ModifyTagsRequest' });

/** Removes and sets tags of a conversation. */
export const modifyTags = operation(
  {
    id: 'modify-tags-of-conversation',
    tag: 'Conversation',
    summary: 'Modify tags of a conversation',
    description: 'Removes and sets tags of a conversation: all of it, or nothing.',
    method: 'post',
    path: '/v1/{organization}/conversation/{conversation_id}/tags/',
    credentials: 'user',
    rateLimit: 50,
    access: {
      requires: [{ permission: 'Conversation:ModifyConversation', on: 'the conversation' }],
      impactedBy: [],
    },
    params: ConversationParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: ModifyTagsBody,
    answers: {
      204: { description: 'The tags are changed.' },
      400: { description: 'The conversation would have more than 20 tags.' },
      404: { description: 'The organization or the conversation does not exist.' },
      409: BEING_CREATED,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, body, answer }) => {
    const { caller } = signedIn(c);
    await write({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.modifyTags(caller, body.updates, body.deletes),
    );
    return answer();
  },
);
