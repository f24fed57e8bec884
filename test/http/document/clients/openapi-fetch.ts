/** A conversation through openapi-fetch, with the types of openapi-typescript. */
import createClient from 'openapi-fetch';
import type { components, paths } from 'generated/openapi-typescript/schema.d.ts';
import { AUDIO_CONFIG, linesOf, present, recordedSamples, type Place, type Seen } from './conversation.ts';

type Schemas = components['schemas'];
type Event = Schemas['InteractWithConversationEvent'];

const FORMATS = { request_format: 'text', response_format: 'text' } as const;

function formOf(fields: Schemas['InteractWithConversationRequest']): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) form.append(name, one);
  }
  return form;
}

function turnOf(events: Event[]): Seen['turns'][number] {
  const [first] = events;
  const last = events.at(-1);
  return {
    said: first?.type === 'user-message-available' ? first.user_message : '',
    answered: last?.type === 'interaction-complete' ? last.full_message : '',
  };
}

export async function converse(baseUrl: string, place: Place): Promise<Seen> {
  const { organization } = place;
  const client = createClient<paths>({ baseUrl });
  const signedIn = await client.POST('/v1/{organization}/user/signin_with_api_key', {
    params: {
      path: { organization },
      header: { 'x-api-key': place.api_key, 'x-api-key-id': place.api_key_id, 'x-user-id': place.user_id },
    },
  });
  const { id_token } = present(signedIn.data, 'token');
  client.use({ onRequest: ({ request }) => request.headers.set('authorization', `Bearer ${id_token}`) });
  const named = await client.GET('/v1/{organization}/organization/', { params: { path: { organization } } });
  const services = await client.GET('/v1/{organization}/service/', {
    params: { path: { organization }, query: { is_active: true, sort_by: ['+name'] } },
  });
  const service_id = present(services.data?.services[0], 'service').id;
  const created = await client.POST('/v1/{organization}/conversation/', {
    params: { path: { organization }, query: { response_format: 'text' } },
    body: { service_id, service_version_set_name: 'release', tags: { from: 'openapi-fetch' } },
    parseAs: 'stream',
  });
  const events = await linesOf<Schemas['CreateConversationEvent']>(created.response.body);
  const [first] = events;
  const conversation_id = first?.type === 'conversation-created' ? first.conversation_id : '';
  const path = { organization, conversation_id };

  const turns: Seen['turns'] = [];
  for (const recorded_message of ['I need an appointment', 'On Friday, please']) {
    const { response } = await client.POST('/v1/{organization}/conversation/{conversation_id}/interact', {
      params: { path, query: FORMATS },
      body: { initial_message_type: 'user-message', recorded_message, external_event_message_content: [] },
      bodySerializer: (body) => formOf(body as Schemas['InteractWithConversationRequest']),
      parseAs: 'stream',
    });
    turns.push(turnOf(await linesOf<Event>(response.body)));
  }
  const spoken = await client.POST('/v1/{organization}/conversation/{conversation_id}/interact', {
    params: {
      path,
      query: {
        request_format: 'voice',
        response_format: 'text',
        request_audio_config: JSON.stringify(AUDIO_CONFIG),
      },
    },
    // Its types make a text of every file.
    body: {
      initial_message_type: 'user-message',
      recorded_message: recordedSamples() as unknown as string,
      external_event_message_content: [],
    },
    bodySerializer: (body) => formOf(body as Schemas['InteractWithConversationRequest']),
    parseAs: 'stream',
  });
  const heard = turnOf(await linesOf<Event>(spoken.response.body)).said;
  const starters = await client.POST('/v1/{organization}/conversation/conversation_starter', {
    params: { path: { organization } },
    body: {
      service_id,
      service_version_set_name: 'release',
      facets: ['time'],
      min_count: 1,
      max_count: 2,
      generation_instructions: 'Short.',
    },
  });
  const list = await client.GET('/v1/{organization}/conversation/', {
    params: { path: { organization }, query: { id: [conversation_id] } },
  });
  const listed = present(list.data?.conversations[0], 'conversation');
  const messages = await client.GET('/v1/{organization}/conversation/{conversation_id}/messages/', {
    params: { path, query: { message_type: ['agent-message', 'user-message'] } },
  });
  const interaction_id = present(messages.data?.messages[0], 'message').interaction_id;
  const insights = await client.GET(
    '/v1/{organization}/conversation/{conversation_id}/interaction/{interaction_id}/insights',
    { params: { path: { ...path, interaction_id } } },
  );
  const invalid = await client.POST('/v1/{organization}/conversation/{conversation_id}/tags/', {
    params: { path },
    body: { updates: { '!': null }, deletes: [] },
  });
  const finish = () =>
    client.POST('/v1/{organization}/conversation/{conversation_id}/finish/', { params: { path } });
  await finish();
  const again = await finish();
  const unknown = await client.GET('/v1/{organization}/conversation/{conversation_id}/messages/', {
    params: { path: { organization, conversation_id: '0'.repeat(24) } },
  });
  return {
    organization: present(named.data, 'organization').org_id,
    created: events.map(({ type }) => type),
    turns,
    heard,
    // Its types make an array of every tuple.
    version: (listed.version_set_info?.agent_version_info as [string, number] | undefined) ?? null,
    messages: present(messages.data, 'page').messages.length,
    state: present(insights.data, 'insights').current_state_name,
    tags: listed.tags,
    starters: present(starters.data, 'starters').prompts.length,
    codes: [present(unknown.error, 'problem').code, present(again.error, 'problem').code],
    invalid: present(invalid.error?.errors?.[0], 'error').loc.join('.'),
  };
}
