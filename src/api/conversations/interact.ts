import * as z from 'zod';
import { MessageFormat } from '../../contract/formats.ts';
import { InteractStreamEvent } from '../../contract/stream.ts';
import { BUSY_POLICIES } from '../../contract/turns.ts';
import { fingerprintOf, keyDigest } from '../../conversation/turns/idempotency.ts';
import { LateModule } from '../../late-module.ts';
import { atMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import {
  ActionFilterParam,
  COMMON_ANSWERS,
  ConversationParams,
  MAX_HEADER_LENGTH,
  ResponseFormat,
} from '../parameters.ts';
import { requireActionFilter } from './action-filter.ts';
import {
  bracketedConfig,
  MAX_AUDIO_CONFIG_LENGTH,
  requireAudioConfig,
  UserMessageAudioConfig,
} from './audio-config.ts';
import { KeyedHeaders, keyOf } from './idempotency-key.ts';
import { DocumentedInteractForm, readInteractForm, type InteractMessage } from './interact-form.ts';
import { requestAdmittedTurn } from './admitted-turn.ts';

/** Reading of recordings, which no written message needs. */
const recordings = new LateModule(() => import('./receive-recording.ts'));

/** Returns what a request says, for the comparison with another one of the same key. */
function contentOf({ message, external_events }: InteractMessage, digest: string | null, format: string) {
  const said =
    message === null ? null : { type: message.type, text: 'text' in message ? message.text : digest };
  return { said, external_events, response_format: format };
}

/** Takes a turn of a conversation and streams it. */
export const interactWithConversation = operation(
  {
    id: 'interact-with-conversation',
    tag: 'Conversation',
    summary: 'Interact with a conversation',
    description:
      'Sends a message and takes a turn. The answer streams events as lines of JSON: `user-message-available` first ' +
      '(not for `skip`), `interaction-complete` last. `skip` lets the agent go on with nothing new. ' +
      "A recording is sent as the form's field, as a file part, or as the bare body with its own content type: " +
      'WAV, bare PCM with `request_audio_config`, MP3 or FLAC, and beyond the published API WebM or Ogg (Opus, Vorbis) ' +
      'and MP4 (AAC, Opus), at most 25 MiB. The content decides; the label does not. Fewer than 50 ms, and silence in ' +
      'samples, are an empty message.',
    method: 'post',
    path: '/v1/{organization}/conversation/{conversation_id}/interact',
    credentials: 'user',
    rateLimit: 15,
    runsWhileCounted: true,
    access: {
      requires: [
        { permission: 'User:UpdateUserInfo', on: 'the user who began the conversation' },
        {
          permission: 'Conversation:InteractWithConversation',
          on: 'the conversation, with the `message_type` of the message and of each external event',
        },
      ],
      impactedBy: [
        {
          permission: 'Conversation:GetInteractionInsights',
          effect: '`current-agent-action` events are sent only with it.',
        },
      ],
    },
    params: ConversationParams,
    query: z.object({
      request_format: MessageFormat.meta({ description: 'The format of the message.' }),
      response_format: ResponseFormat,
      current_agent_action_type: ActionFilterParam,
      if_busy: z
        .enum(BUSY_POLICIES)
        .optional()
        .meta({
          description:
            'What to do while an interaction is running, where it is not as the service says: refuse with 409, wait for its end (8 messages, 60 s each), or ' +
            'interrupt it. Waiting messages are answered together. An interrupted answer is stopped where it is; one that ' +
            'has not begun is made for both messages, unless a tool was called.',
          'x-extension': true,
        }),
      request_audio_config: atMost(MAX_AUDIO_CONFIG_LENGTH)
        .optional()
        .meta({
          description:
            'How the recording is encoded, as a JSON text. For voice only. A parameter for each member is read as well: ' +
            '`request_audio_config[type]=mp3`.',
        }),
    }),
    headers: KeyedHeaders.extend({
      'content-type': atMost(MAX_HEADER_LENGTH)
        .optional()
        .meta({ description: '`multipart/form-data` with its boundary.' }),
    }),
    documentedBody: {
      'multipart/form-data': DocumentedInteractForm,
      'audio/*': z.file().meta({ description: 'The recording alone, with its own type. For voice only.' }),
    },
    documentedJson: { request_audio_config: UserMessageAudioConfig },
    answers: {
      200: {
        description: 'The turn has begun; the stream tells of it.',
        content: { type: 'application/x-ndjson', schema: InteractStreamEvent },
      },
      400: {
        description:
          'The message is empty, the timestamps of external events lie in the future or do not fit the ' +
          'conversation, or voice is asked for where the deployment, the agent or the language has none.',
      },
      404: { description: 'The organization or the conversation does not exist.' },
      408: { description: 'The body did not arrive in time.' },
      409: {
        description:
          'The conversation is finished, or an interaction is running (`interaction_id`, `since`, `stream`), and with ' +
          '`if_busy=queue` 8 messages wait for it already (`waiting`).',
      },
      413: { description: 'The form exceeds 1 MiB, or its recording 25 MiB.' },
      415: { description: 'The recording is in no format that is accepted, or the body is compressed.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, query, headers, answer }) => {
    requireActionFilter(query.current_agent_action_type);
    const config = requireAudioConfig(query.request_audio_config ?? bracketedConfig(c.req.query()));
    const isVoice = query.request_format === 'voice';
    // A recording is stored before its turn: not for a request that is refused.
    if (isVoice) await c.get('admission');
    const { caller, user } = signedIn(c);
    const question = { env, caller, conversationId: params.conversation_id };
    const key = keyOf(headers);
    const busy = query.if_busy === undefined ? {} : { if_busy: query.if_busy };
    const keyed = key === null ? null : await keyDigest(user.id, 'interact', key);
    const { digest, ...message } = isVoice
      ? await (
          await recordings.load()
        ).receiveRecording(c.req.raw, { ...question, config, key: keyed, ...busy })
      : { ...(await readInteractForm(c.req.raw)), digest: null };
    const { response_format } = query;
    const content = contentOf(message, digest, response_format);
    const turn = {
      kind: 'interact' as const,
      action_filter: query.current_agent_action_type,
      response_format,
      ...message,
      ...busy,
      key: keyed === null ? null : ([keyed, await fingerprintOf(content)] as const),
    };
    return answer(await requestAdmittedTurn(c, params.conversation_id, turn));
  },
);
