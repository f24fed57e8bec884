import { waitUntil } from 'cloudflare:workers';
import * as z from 'zod';
import { createdIdentifier } from '../../conversation/turns/idempotency.ts';
import { SENT_MESSAGE_TYPES } from '../../contract/messages.ts';
import { CreateStreamEvent } from '../../contract/stream.ts';
import { newIdentifier } from '../../identifiers.ts';
import { problem } from '../../problems.ts';
import { atMost, Identifier, Tags } from '../../registry/primitives.ts';
import { isBlank } from '../../text.ts';
import { MessageText } from '../message-text.ts';
import {
  ActionFilterParam,
  COMMON_ANSWERS,
  MAX_NAME_LENGTH,
  OrganizationParams,
  ResponseFormat,
} from '../parameters.ts';
import { operation, signedIn } from '../operation.ts';
import { requireActionFilter } from './action-filter.ts';
import { beginCreate } from './begin-create.ts';
import { KeyedHeaders, keyOf, keyRecordOf } from './idempotency-key.ts';
import { identityOf, openService } from './service.ts';

const CreateBody = z
  .object({
    service_id: Identifier.meta({ description: 'The service to talk to.' }),
    service_version_set_name: atMost(MAX_NAME_LENGTH)
      .default('release')
      .meta({ description: 'The version set to use; `edge` is always the latest.' }),
    initial_message: MessageText.trim().min(1).nullish().meta({
      description: 'What the conversation begins with. Without it, the agent speaks first.',
    }),
    initial_message_type: z
      .enum(SENT_MESSAGE_TYPES)
      .nullish()
      .meta({ description: 'What `initial_message` is; only together with it.' }),
    tags: Tags.default({}).meta({ description: 'Tags of the conversation: at most 20.' }),
  })
  .refine((body) => body.initial_message_type == null || body.initial_message != null, {
    path: ['initial_message_type'],
    message: 'can only be given together with initial_message',
  })
  .meta({ id: 'CreateConversationRequest' });

/** Returns what a request says, for the comparison with another one of the same key. */
function contentOf(body: z.infer<typeof CreateBody>, response_format: string) {
  const { service_id, service_version_set_name, initial_message, initial_message_type, tags } = body;
  const said = [initial_message ?? null, initial_message_type ?? null];
  return { service_id, service_version_set_name, said, tags, response_format };
}

/** Creates a conversation and streams its first turn. */
export const createConversation = operation(
  {
    id: 'create-conversation',
    tag: 'Conversation',
    summary: 'Create a conversation',
    description:
      'Creates a conversation and takes its first turn. The answer streams events as lines of JSON: ' +
      '`conversation-created` first, `interaction-complete` last. A user has one unfinished conversation per service.',
    method: 'post',
    path: '/v1/{organization}/conversation/',
    credentials: 'user',
    rateLimit: 5,
    access: {
      requires: [
        {
          permission: 'Conversation:CreateConversation',
          on: 'the new conversation, with the `message_type` of its initial message',
        },
      ],
      impactedBy: [
        {
          permission: 'Conversation:GetInteractionInsights',
          effect: '`current-agent-action` events are sent only with it.',
        },
      ],
    },
    params: OrganizationParams,
    query: z.object({
      response_format: ResponseFormat,
      current_agent_action_type: ActionFilterParam,
      on_unfinished: z
        .enum(['reject', 'resume', 'finish'])
        .default('reject')
        .meta({
          description:
            'What to do when another conversation of the user and the service is unfinished: refuse with 400, go on with ' +
            'it, or finish it first. `resume` answers with the turn of the message that is sent, with the running turn, or ' +
            'with the latest one; `conversation-created` then names that conversation and has `resumed: true`.',
          'x-extension': true,
        }),
    }),
    headers: KeyedHeaders,
    body: CreateBody,
    answers: {
      201: {
        description: 'The conversation is being created; the stream tells of it.',
        content: { type: 'application/x-ndjson', schema: CreateStreamEvent },
        orExisting:
          'The unfinished conversation goes on (`on_unfinished=resume`); the stream tells of its turn.',
      },
      400: {
        description:
          'Another conversation of the service is unfinished (`conversation_id` names it), or voice is asked for ' +
          'where the deployment, the agent or the language has none.',
      },
      404: { description: 'The organization, the service or the version set does not exist.' },
      409: { description: 'Another create of this user and service is running.' },
      410: { description: 'The conversation that this create made was erased.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, query, headers, body, answer }) => {
    const { caller, user } = signedIn(c);
    requireActionFilter(query.current_agent_action_type);
    const key = keyOf(headers);
    const text = body.initial_message ?? null;
    const message = text === null ? null : { type: body.initial_message_type ?? 'user-message', text };
    const opened = await openService(registry, caller, body, message?.type ?? null);
    const { service } = opened;
    if (text !== null && isBlank(text)) throw problem('message_empty', 'The message is empty.');
    const id =
      key === null
        ? newIdentifier(Date.now())
        : await createdIdentifier(organization.id, user.id, service.id, key);
    const creation = {
      env,
      caller,
      identity: identityOf(id, organization, user, opened),
      context: user.additional_context,
      on_unfinished: query.on_unfinished,
      tags: body.tags,
      message,
      sender: { user_id: user.id, name: user.name },
      action_filter: query.current_agent_action_type,
      response_format: query.response_format,
      key: await keyRecordOf(key, user.id, 'create', contentOf(body, query.response_format)),
    };
    const beginning = beginCreate(creation);
    // A client that leaves in the middle must not leave a place behind that no conversation takes.
    waitUntil(beginning.catch(() => undefined));
    return answer(await beginning);
  },
);
