/** A conversation through the client that @hey-api/openapi-ts generates. */
import { createClient } from 'generated/hey-api/client/index.ts';
import * as api from 'generated/hey-api/sdk.gen.ts';
import type { CreateConversationEvent, InteractWithConversationEvent } from 'generated/hey-api/types.gen.ts';
import { AUDIO_CONFIG, linesOf, present, recordedSamples, type Place, type Seen } from './conversation.ts';

function turnOf(events: InteractWithConversationEvent[]): Seen['turns'][number] {
  const [first] = events;
  const last = events.at(-1);
  return {
    said: first?.type === 'user-message-available' ? first.user_message : '',
    answered: last?.type === 'interaction-complete' ? last.full_message : '',
  };
}

export async function converse(baseUrl: string, place: Place): Promise<Seen> {
  const { organization } = place;
  let token = '';
  const client = createClient({ baseUrl, auth: ({ scheme }) => (scheme === 'bearer' ? token : undefined) });
  const signedIn = await api.signInWithApiKey({
    client,
    path: { organization },
    headers: { 'x-api-key': place.api_key, 'x-api-key-id': place.api_key_id, 'x-user-id': place.user_id },
    throwOnError: true,
  });
  token = signedIn.data.id_token;
  const named = await api.getOrganization({ client, path: { organization }, throwOnError: true });
  const services = await api.getServices({
    client,
    path: { organization },
    query: { is_active: true, sort_by: ['+name'] },
    throwOnError: true,
  });
  const service_id = present(services.data.services[0], 'service').id;
  const created = await api.createConversation({
    client,
    path: { organization },
    query: { response_format: 'text' },
    body: { service_id, tags: { from: 'hey-api' } },
    parseAs: 'stream',
  });
  const events = await linesOf<CreateConversationEvent>(created.response?.body ?? null);
  const [first] = events;
  const conversation_id = first?.type === 'conversation-created' ? first.conversation_id : '';
  const path = { organization, conversation_id };

  const turns: Seen['turns'] = [];
  for (const recorded_message of ['I need an appointment', new Blob(['On Friday, please'])]) {
    const { response } = await api.interactWithConversation({
      client,
      path,
      query: { request_format: 'text', response_format: 'text' },
      body: { initial_message_type: 'user-message', recorded_message },
      parseAs: 'stream',
    });
    turns.push(turnOf(await linesOf<InteractWithConversationEvent>(response?.body ?? null)));
  }
  const spoken = await api.interactWithConversation({
    client,
    path,
    query: { request_format: 'voice', response_format: 'text', request_audio_config: AUDIO_CONFIG },
    body: { initial_message_type: 'user-message', recorded_message: recordedSamples() },
    parseAs: 'stream',
  });
  const heard = turnOf(await linesOf<InteractWithConversationEvent>(spoken.response?.body ?? null)).said;
  const starters = await api.generateConversationStarter({
    client,
    path: { organization },
    body: { service_id, facets: ['time'], min_count: 1, max_count: 2, generation_instructions: 'Short.' },
    throwOnError: true,
  });
  const list = await api.getConversations({
    client,
    path: { organization },
    query: { id: [conversation_id] },
    throwOnError: true,
  });
  const listed = present(list.data.conversations[0], 'conversation');
  const messages = await api.getConversationMessages({
    client,
    path,
    query: { message_type: ['agent-message', 'user-message'] },
    throwOnError: true,
  });
  const { interaction_id } = present(messages.data.messages[0], 'message');
  const insights = await api.getInteractionInsights({
    client,
    path: { ...path, interaction_id },
    throwOnError: true,
  });
  const invalid = await api.modifyTagsOfConversation({ client, path, body: { updates: { '!': null } } });
  await api.finishConversation({ client, path });
  const again = await api.finishConversation({ client, path });
  const unknown = await api.getConversationMessages({
    client,
    path: { organization, conversation_id: '0'.repeat(24) },
  });
  return {
    organization: named.data.org_id,
    created: events.map(({ type }) => type),
    turns,
    heard,
    version: listed.version_set_info?.agent_version_info ?? null,
    messages: messages.data.messages.length,
    state: insights.data.current_state_name,
    tags: listed.tags,
    starters: starters.data.prompts.length,
    codes: [present(unknown.error, 'problem').code, present(again.error, 'problem').code],
    invalid: present(invalid.error?.errors?.[0], 'error').loc.join('.'),
  };
}
