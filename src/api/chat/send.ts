import { UiMessageChunk } from '../../contract/ui-message-stream.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { answerIn, SAYING_ANSWERS, sayingAccess } from './answer.ts';
import { ChatBody, saidIn } from './chat-body.ts';
import { ServiceParams } from './chat-parameters.ts';
import { UI_MESSAGE_HEADERS, uiMessageStream } from './ui-message-stream.ts';

/** Says the last message of a chat and streams the answer. */
export const sendChatMessage = operation(
  {
    id: 'send-chat-message',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Send a message of a chat',
    description:
      'Says the last message of a chat and streams the answer as an AI SDK UI message stream (version 1): what ' +
      '`DefaultChatTransport` of `useChat` sends and reads. A chat is one conversation of the user, and its first message ' +
      'begins it (counted as `create-conversation`, too); another conversation of the service that is unfinished is ' +
      'finished then. A message is said once, ' +
      'however often it is sent with its identifier.',
    method: 'post',
    path: '/v1/{organization}/service/{service_id}/chat',
    credentials: 'user',
    rateLimit: 15,
    access: sayingAccess('`data-agent-action` chunks are sent only with it.'),
    params: ServiceParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: ChatBody,
    answers: {
      200: {
        description: 'The message is answered; the stream tells of it.',
        content: { type: 'text/event-stream', schema: UiMessageChunk },
      },
      ...SAYING_ANSWERS,
      ...COMMON_ANSWERS,
    },
  },
  async ({ answer, ...input }) => {
    const { params, body } = input;
    const said = {
      ...{ service_id: params.service_id, chat_id: body.id },
      service_version_set_name: body.service_version_set_name,
      ...saidIn(body),
    };
    const source = { ...(await answerIn(input, said)), interactionId: '' };
    return answer({ body: uiMessageStream(source), headers: UI_MESSAGE_HEADERS });
  },
);
