/** A conversation through the client that orval generates. */
import * as api from 'generated/orval/api.ts';
import { AUDIO_CONFIG, linesOf, present, recordedSamples, type Place, type Seen } from './conversation.ts';

function turnOf(events: api.InteractWithConversationEvent[]): Seen['turns'][number] {
  const [first] = events;
  const last = events.at(-1);
  return {
    said: first?.type === 'user-message-available' ? first.user_message : '',
    answered: last?.type === 'interaction-complete' ? last.full_message : '',
  };
}

/** The body of an answer that has the expected status. */
function bodyOf<Answer extends { status: number; data: unknown }, Status extends Answer['status']>(
  answer: Answer,
  status: Status,
): Extract<Answer, { status: Status }>['data'] {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.data)}`);
  return answer.data;
}

/** The base URL is in the generated client: orval takes it from the document. */
export async function converse(_baseUrl: string, place: Place): Promise<Seen> {
  const { organization } = place;
  const signIn = await api.signInWithApiKey(organization, {
    headers: { 'x-api-key': place.api_key, 'x-api-key-id': place.api_key_id, 'x-user-id': place.user_id },
  });
  const { id_token } = bodyOf(signIn, 200);
  const options = { headers: { authorization: `Bearer ${id_token}` } };
  const named = bodyOf(await api.getOrganization(organization, options), 200);
  const services = await api.getServices(organization, { is_active: true, sort_by: ['+name'] }, options);
  const service_id = present(bodyOf(services, 200).services[0], 'service').id;
  const created = await api.createConversation(
    organization,
    { service_id, tags: { from: 'orval' } },
    { response_format: 'text' },
    options,
  );
  const stream = created.status === 201 ? created.stream.body : null;
  const events = await linesOf<api.CreateConversationEvent>(stream);
  const [first] = events;
  const id = first?.type === 'conversation-created' ? first.conversation_id : '';

  const turns: Seen['turns'] = [];
  for (const recorded_message of ['I need an appointment', new Blob(['On Friday, please'])]) {
    const answer = await api.interactWithConversation(
      organization,
      id,
      { initial_message_type: 'user-message', recorded_message },
      { request_format: 'text', response_format: 'text' },
      options,
    );
    const body = answer.status === 200 ? answer.stream.body : null;
    turns.push(turnOf(await linesOf<api.InteractWithConversationEvent>(body)));
  }
  const spoken = await api.interactWithConversation(
    organization,
    id,
    { initial_message_type: 'user-message', recorded_message: recordedSamples() },
    {
      request_format: 'voice',
      response_format: 'text',
      // Its types take the object, and its URLs only a text.
      request_audio_config: JSON.stringify(AUDIO_CONFIG) as unknown as api.UserMessageAudioConfig,
    },
    options,
  );
  const answer = spoken.status === 200 ? spoken.stream.body : null;
  const heard = turnOf(await linesOf<api.InteractWithConversationEvent>(answer)).said;
  const starters = await api.generateConversationStarter(
    organization,
    { service_id, facets: ['time'], min_count: 1, max_count: 2, generation_instructions: 'Short.' },
    options,
  );
  const list = bodyOf(await api.getConversations(organization, { id: [id] }, options), 200);
  const listed = present(list.conversations[0], 'conversation');
  const messages = bodyOf(
    await api.getConversationMessages(
      organization,
      id,
      { message_type: ['agent-message', 'user-message'] },
      options,
    ),
    200,
  );
  const { interaction_id } = present(messages.messages[0], 'message');
  const insights = await api.getInteractionInsights(organization, id, interaction_id, options);
  const invalid = await api.modifyTagsOfConversation(organization, id, { updates: { '!': null } }, options);
  await api.finishConversation(organization, id, options);
  const again = await api.finishConversation(organization, id, options);
  const unknown = await api.getConversationMessages(organization, '0'.repeat(24), {}, options);
  const [version, number] = listed.version_set_info?.agent_version_info ?? [];
  return {
    organization: named.org_id,
    created: events.map(({ type }) => type),
    turns,
    heard,
    version: version === undefined || number === undefined ? null : [version, number],
    messages: messages.messages.length,
    state: bodyOf(insights, 200).current_state_name,
    tags: listed.tags,
    starters: bodyOf(starters, 200).prompts.length,
    codes: [bodyOf(unknown, 404).code, bodyOf(again, 409).code],
    invalid: present(bodyOf(invalid, 422).errors?.[0], 'error').loc.join('.'),
  };
}
