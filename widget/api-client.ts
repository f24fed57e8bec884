/** The operations of the API that a chat needs, typed. */
import type { StreamEvent } from '../src/events/stream.ts';
import { ApiError, ConnectionLostError, requestOf } from './api-request.ts';
import { readJsonLines } from './ndjson.ts';
import type { Session } from './session.ts';

/** A message as `messages/` lists it. */
export interface StoredMessage {
  id: string;
  interaction_id: string;
  created_at: string;
  sender: string;
  message: string;
  message_type: 'user-message' | 'agent-message' | 'agent-inner-thought' | 'external-event';
}

/** Every event but `error`, which is thrown. */
export type AnswerEvent = Exclude<StreamEvent, { type: 'error' }>;

/** The events of an answer up to its end. One without an end was cut off: the turn may go on without us. */
async function* answerOf(response: Response): AsyncGenerator<AnswerEvent, void> {
  if (response.body === null) throw new ConnectionLostError();
  for await (const line of readJsonLines(response.body)) {
    const event = line as StreamEvent;
    if (event.type === 'error') {
      const { code, error_description: detail } = event;
      throw new ApiError(event.http_error_code, code === undefined ? { detail } : { code, detail });
    }
    yield event;
    if (event.type === 'interaction-complete') return;
  }
  throw new ConnectionLostError();
}

const JSON_BODY = { 'content-type': 'application/json' };

export class ConversationApi {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The conversation that the user has not finished yet. */
  async unfinishedConversation(): Promise<string | null> {
    const { service_id } = await this.#session.current();
    const query = new URLSearchParams({ service_id, is_finished: 'false', limit: '1' });
    const answer = await this.#request('GET', `/?${query}`);
    const { conversations } = (await answer.json()) as { conversations: { id: string }[] };
    return conversations[0]?.id ?? null;
  }

  /** The newest messages, the oldest of them first: the page shows one screenful, not a whole history. */
  async messages(conversation: string): Promise<StoredMessage[]> {
    const query = new URLSearchParams({ sort_by: '-created_at', limit: '200' });
    const answer = await this.#request('GET', `/${conversation}/messages/?${query}`);
    const { messages } = (await answer.json()) as { messages: StoredMessage[] };
    return messages.toReversed();
  }

  async *create(): AsyncGenerator<AnswerEvent, void> {
    const { service_id } = await this.#session.current();
    const body = JSON.stringify({ service_id });
    yield* answerOf(await this.#request('POST', '/?response_format=text', { headers: JSON_BODY, body }));
  }

  async *say(conversation: string, text: string): AsyncGenerator<AnswerEvent, void> {
    const body = new FormData();
    body.set('initial_message_type', 'user-message');
    body.set('recorded_message', text);
    const path = `/${conversation}/interact?request_format=text&response_format=text`;
    yield* answerOf(await this.#request('POST', path, { body }));
  }

  async recommendResponses(conversation: string, interaction: string): Promise<string[]> {
    const path = `/${conversation}/interaction/${interaction}/recommend_responses`;
    const answer = await this.#request('POST', path, { headers: JSON_BODY, body: '{}' });
    const { recommended_responses } = (await answer.json()) as { recommended_responses: string[] };
    return recommended_responses;
  }

  async finish(conversation: string): Promise<void> {
    await this.#request('POST', `/${conversation}/finish/`);
  }

  /** One request below the organization's conversations, as the user of the session. */
  async #request(
    method: 'GET' | 'POST',
    path: string,
    { headers, body }: { headers?: Record<string, string>; body?: BodyInit } = {},
  ): Promise<Response> {
    const attempt = async () => {
      const { organization, id_token } = await this.#session.current();
      return requestOf(`/v1/${organization}/conversation${path}`, {
        method,
        headers: { ...headers, authorization: `Bearer ${id_token}` },
        ...(body !== undefined && { body }),
      });
    };
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      // The token may have been withdrawn before its time (new signing keys): once more with a fresh one. A request
      // without valid credentials has changed nothing, so repeating it is safe.
      this.#session.forget();
      return attempt();
    }
  }
}
