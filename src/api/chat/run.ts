import { AgUiEvent } from '../../contract/ag-ui-events.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { AgUiBody, saidInRun } from './ag-ui-body.ts';
import { AgUiEncoder } from './ag-ui-encoder.ts';
import { answerIn, SAYING_ANSWERS, sayingAccess } from './answer.ts';
import { ServiceParams } from './chat-parameters.ts';
import { encodedStream } from './event-encoder.ts';

/** Says the last message of a chat and streams the answer as events of AG-UI. */
export const runAgent = operation(
  {
    id: 'run-agent',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Run the agent of a chat',
    description:
      'Says the last message of a chat and streams the answer as events of AG-UI, version 1.0: what `HttpAgent` sends and ' +
      'reads. The chat is that of `send-chat-message` with the same identifier: its first message begins a conversation ' +
      '(counted as `create-conversation`, too), and a message is said once, however often it is sent with its ' +
      'identifier. The tools, the context and the state of the client are not read.',
    method: 'post',
    path: '/v1/{organization}/service/{service_id}/ag-ui',
    credentials: 'user',
    rateLimit: 15,
    access: sayingAccess('Steps, tool calls and custom events are sent only with it.'),
    params: ServiceParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: AgUiBody,
    answers: {
      200: {
        description: 'The message is answered; the stream tells of it.',
        content: { type: 'text/event-stream', schema: AgUiEvent },
      },
      ...SAYING_ANSWERS,
      ...COMMON_ANSWERS,
    },
  },
  async ({ answer, ...input }) => {
    const { threadId, runId, forwardedProps } = input.body;
    const { service_id } = input.params;
    const { service_version_set_name = 'release' } = forwardedProps ?? {};
    const said = { service_id, chat_id: threadId, service_version_set_name, ...saidInRun(input.body) };
    const { conversationId, body } = await answerIn(input, said);
    const encoder = new AgUiEncoder({ conversationId, threadId, runId });
    return answer({
      body: encodedStream(body, encoder),
      headers: { 'content-type': 'text/event-stream' },
    });
  },
);
