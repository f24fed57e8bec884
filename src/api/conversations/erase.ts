import { ErasedConversationAnswer } from '../../contract/erasure.ts';
import { logChange } from '../../log.ts';
import { signReceipt } from '../../signing/receipts.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, ConversationParams, NoQuery } from '../parameters.ts';
import { write } from './conversation-calls.ts';

/** Erases a conversation, with everything that was learnt from it. */
export const eraseConversation = operation(
  {
    id: 'erase-conversation',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Erase a conversation',
    description:
      'Removes a conversation for good: its messages, recordings and insights, its entry in the list, the memories that ' +
      'were learnt from it, and copies of what was learnt in other conversations of the user. A turn that runs is ended. ' +
      'From the beginning of the erasure on, the conversation does not exist for any other request. The user model is ' +
      'made anew of the other memories. The request may be repeated: it returns the same receipt for 30 days.',
    method: 'delete',
    path: '/v1/{organization}/conversation/{conversation_id}/',
    credentials: 'user',
    rateLimit: 50,
    access: {
      requires: [{ permission: 'Conversation:DeleteConversation', on: 'the conversation' }],
      impactedBy: [],
    },
    params: ConversationParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The conversation is erased. The receipt says what was removed.',
        content: { type: 'application/json', schema: ErasedConversationAnswer },
      },
      404: { description: 'The organization or the conversation does not exist.' },
      409: { description: 'The erasure is at work: ask again for the receipt.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, params, answer }) => {
    const { caller } = signedIn(c);
    const erased = await write({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.erase(caller),
    );
    const { erased_at, ...counts } = erased;
    const told = { what: 'conversation' as const, ...counts, erased_at: new Date(erased_at).toISOString() };
    const { request_id, user_id: actor } = caller;
    const object = params.conversation_id;
    logChange({ operation: 'erase-conversation', organization: organization.id, actor, object, request_id });
    return answer({ ...told, receipt: await signReceipt(env.SIGNING_KEYS, organization.id, told) });
  },
);
