import * as z from 'zod';
import { fieldErrors, invalidRequest } from '../../edge/input.ts';
import { MessageFormat } from '../../contract/formats.ts';
import { InteractStreamEvent } from '../../contract/stream.ts';
import type { AudioConfig } from '../../recordings/intake.ts';
import { atMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import {
  ActionFilterParam,
  COMMON_ANSWERS,
  CommonHeaders,
  ConversationParams,
  MAX_HEADER_LENGTH,
  ResponseFormat,
} from '../parameters.ts';
import { requireActionFilter } from './action-filter.ts';
import { DocumentedInteractForm, readInteractForm } from './interact-form.ts';
import { receiveRecording } from './receive-recording.ts';
import { requestTurn } from './conversation-calls.ts';

/** The longest configuration is about 80 characters; white space and unknown members may be in it. */
const MAX_AUDIO_CONFIG_LENGTH = 1_000;

const UserMessageAudioConfig = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('mp3') }).meta({ id: 'MP3UserMessageAudioConfig' }),
    z
      .object({
        type: z.literal('pcm'),
        frame_rate: z.int().min(4000).max(44100),
        n_channels: z.literal(1),
        sample_width: z.union([z.literal(2), z.literal(4)]),
      })
      .meta({ id: 'PCMUserMessageAudioConfig' }),
  ])
  .meta({ id: 'UserMessageAudioConfig' });

/**
 * The configuration as clients send it that generators made of the document's schema: a parameter for each member,
 * `request_audio_config[type]=pcm`. Returns the same as a JSON text; undefined where there is none.
 */
function bracketedConfig(query: Readonly<Record<string, string>>): string | undefined {
  const members = Object.entries(query).flatMap(([name, value]) => {
    const member = /^request_audio_config\[(\w+)\]$/.exec(name)?.[1];
    return member === undefined ? [] : [[member, /^\d{1,9}$/.test(value) ? Number(value) : value] as const];
  });
  return members.length === 0 ? undefined : JSON.stringify(Object.fromEntries(members));
}

/** The configuration arrives as a JSON text; its schema is the one of the value inside. */
function requireAudioConfig(text: string | undefined): AudioConfig | null {
  if (text === undefined || text === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest([
      { loc: ['query', 'request_audio_config'], msg: 'must be a JSON text', type: 'json_invalid' },
    ]);
  }
  if (value === null) return null;
  const parsed = UserMessageAudioConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors('query', parsed.error);
  throw invalidRequest(
    errors.map((error) => ({ ...error, loc: ['query', 'request_audio_config', ...error.loc.slice(1)] })),
  );
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
      request_audio_config: atMost(MAX_AUDIO_CONFIG_LENGTH)
        .optional()
        .meta({
          description:
            'How the recording is encoded, as a JSON text. For voice only. A parameter for each member is read as well: ' +
            '`request_audio_config[type]=mp3`.',
        }),
    }),
    headers: CommonHeaders.extend({
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
          'The conversation is finished, or an interaction is running (`interaction_id`, `since`).',
      },
      413: { description: 'The form exceeds 1 MiB, or its recording 25 MiB.' },
      415: { description: 'The recording is in no format that is accepted, or the body is compressed.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, query, answer }) => {
    const { caller, user } = signedIn(c);
    requireActionFilter(query.current_agent_action_type);
    const config = requireAudioConfig(query.request_audio_config ?? bracketedConfig(c.req.query()));
    const question = { env, caller, conversationId: params.conversation_id };
    const message =
      query.request_format === 'voice'
        ? await receiveRecording(question, c.req.raw, config)
        : await readInteractForm(c.req.raw);
    const events = await requestTurn(question, {
      kind: 'interact',
      caller,
      sender: { user_id: user.id, name: user.name },
      action_filter: query.current_agent_action_type,
      response_format: query.response_format,
      ...message,
    });
    return answer(events);
  },
);
