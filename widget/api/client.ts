/** The operations of the API that a chat needs, typed. */
import type {
  ConversationInstance,
  ConversationsAnswer,
  RecommendedResponses,
  Starters,
} from '../../src/contract/conversations.ts';
import type { StoredMessage, MessagesAnswer, MessageSource } from '../../src/contract/messages.ts';
import type { StreamEvent } from '../../src/contract/stream.ts';
import type { TurnState } from '../../src/contract/turns.ts';
import { readJsonLines } from './ndjson.ts';
import { ApiError, ConnectionLostError, jsonOf, requestOf } from './request.ts';
import type { Session } from './session.ts';

/** Every event but `error`, which is thrown. */
export type AnswerEvent = Exclude<StreamEvent, { type: 'error' }>;

/** A turn that is followed, and how far: what it takes to go on with it after the connection was lost. */
export interface Course {
  conversation: string | null;
  /** `null` until its first event tells it. */
  interaction: string | null;
  /** The cursor of the last event that was read. */
  cursor: number | null;
}

/** Returns the course of a turn that has not begun, in a conversation; `null`: in the one that it begins. */
export function newCourse(conversation: string | null): Course {
  return { conversation, interaction: null, cursor: null };
}

/** The content of a message: text, or a recording (WAV, 16 kHz mono 16 bit) that is answered by voice. */
export type Said = string | Blob;

/** The deployment, the organization and the service that the chat talks to. */
export interface Place {
  api: string;
  organization: string;
  service: string;
}

/** The settings of the site that requests depend on. */
export interface RequestSettings {
  readonly place: Place;
  /** True when the agent's actions are shown. They are not asked for otherwise. */
  readonly showsActions: boolean;
}

/** One screenful and more, not a whole history. */
const MESSAGES_SHOWN = '200';
const CONVERSATIONS_SHOWN = '20';
const STARTER_INSTRUCTIONS = 'Short, as a user would type it into a chat.';
/** The filter for the actions that the user sees in any case: the fillers of an answer that takes long. */
const FILLERS_ONLY = '^action-too-long$';
const JSON_BODY = { 'content-type': 'application/json' };
const AUDIO_CONFIG = JSON.stringify({ type: 'pcm', frame_rate: 16_000, n_channels: 1, sample_width: 2 });

/** A form's texts travel with line breaks of two characters, whatever was typed. */
export function withPlainBreaks(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** A change of a conversation's tags: those to set, and the keys of those to remove. */
export interface TagChange {
  updates: Record<string, string>;
  deletes: string[];
}

interface RequestParts {
  headers?: Record<string, string>;
  body?: BodyInit;
  /** True for a request that goes on when the page is left. */
  isLast?: boolean;
}

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

/** The requests of a chat, as the user of its session. */
export class ConversationApi {
  readonly #place: Place;
  readonly #settings: RequestSettings;
  readonly #session: Session;
  readonly #signal: AbortSignal;

  /** `signal` ends every request: the element has left the page, or was pointed elsewhere. */
  constructor(settings: RequestSettings, session: Session, signal: AbortSignal) {
    this.#place = settings.place;
    this.#settings = settings;
    this.#session = session;
    this.#signal = signal;
  }

  /** The user whose conversations these are; empty when that is not known. */
  user(): Promise<string> {
    return this.#session.user();
  }

  /** The conversation that the user has not finished yet. Others may be listed to them too, as to an administrator. */
  async unfinishedConversation(): Promise<ConversationInstance | null> {
    const { conversations } = await this.#conversations({ is_finished: 'false', limit: '1' });
    return conversations[0] ?? null;
  }

  /** A page of the conversations that the user has finished, the newest first. `token`: that of the page before. */
  finishedConversations(token: number | null): Promise<ConversationsAnswer> {
    return this.#conversations({
      ...{ is_finished: 'true', limit: CONVERSATIONS_SHOWN, sort_by: '-created_at' },
      ...(token !== null && { continuation_token: String(token) }),
    });
  }

  /** The newest messages, the oldest of them first. */
  async messages(conversation: string): Promise<StoredMessage[]> {
    const query = new URLSearchParams({ sort_by: '-created_at', limit: MESSAGES_SHOWN });
    const answer = await this.#request('GET', `/${conversation}/messages/?${query}`);
    const { messages } = await jsonOf<MessagesAnswer>(answer);
    return messages.toReversed().map((stored) => ({ ...stored, message: withPlainBreaks(stored.message) }));
  }

  /**
   * Begins a conversation, or goes on with the unfinished one: the agent speaks first, or answers `initial`. Like
   * `interact`, it may be repeated with its key: what the first request made is answered once more.
   */
  create(initial: string | null, key: string): Promise<Response> {
    const body = JSON.stringify({
      service_id: this.#place.service,
      ...(initial !== null && { initial_message: initial, initial_message_type: 'user-message' }),
    });
    const query = this.#answerQuery({ response_format: 'text', on_unfinished: 'resume' });
    return this.#request('POST', `/?${query}`, { headers: { ...JSON_BODY, 'idempotency-key': key }, body });
  }

  interact(conversation: string, said: Said, key: string): Promise<Response> {
    const body = new FormData();
    body.set('initial_message_type', 'user-message');
    const query = this.#answerQuery({ request_format: 'text', response_format: 'text', if_busy: 'queue' });
    if (typeof said === 'string') {
      body.set('recorded_message', said);
    } else {
      body.set('recorded_message', said, 'recording.wav');
      query.set('request_format', 'voice');
      query.set('response_format', 'voice');
      query.set('request_audio_config', AUDIO_CONFIG);
    }
    const headers = { 'idempotency-key': key };
    return this.#request('POST', `/${conversation}/interact?${query}`, { headers, body });
  }

  /** The events of a turn that `begin` asks for, from where `course` has left it. `begin` must be safe to repeat. */
  async *follow(course: Course, begin: () => Promise<Response>): AsyncGenerator<AnswerEvent, void> {
    for await (const event of answerOf((await this.#goOn(course)) ?? (await begin()))) {
      if ('interaction_id' in event) course.interaction = event.interaction_id ?? course.interaction;
      course.cursor = event.cursor ?? course.cursor;
      yield event;
    }
  }

  /** The rest of a turn; `null` for one that has not begun, or came to nothing. */
  async #goOn({ conversation, interaction, cursor }: Course): Promise<Response | null> {
    if (conversation === null || interaction === null) return null;
    const query = this.#answerQuery(cursor === null ? {} : { after: String(cursor) });
    return this.#request('GET', `/${conversation}/interaction/${interaction}/stream?${query}`).catch(
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      },
    );
  }

  async turn(conversation: string): Promise<TurnState> {
    return jsonOf<TurnState>(await this.#request('GET', `/${conversation}/turn`));
  }

  /** Ends the agent's answer. What was shown of it stays: so many characters. */
  async stop({ conversation, interaction }: Course, characters: number): Promise<void> {
    const body = JSON.stringify({ heard: { characters } });
    await this.#request('POST', `/${conversation}/interaction/${interaction}/stop`, {
      headers: JSON_BODY,
      body,
    });
  }

  async recommendResponses(conversation: string, interaction: string): Promise<string[]> {
    const path = `/${conversation}/interaction/${interaction}/recommend_responses`;
    const answer = await this.#request('POST', path, { headers: JSON_BODY, body: '{}' });
    return (await jsonOf<RecommendedResponses>(answer)).recommended_responses;
  }

  async starters(facets: readonly string[]): Promise<string[]> {
    const body = JSON.stringify({
      service_id: this.#place.service,
      facets,
      min_count: 2,
      max_count: 4,
      generation_instructions: STARTER_INSTRUCTIONS,
    });
    const answer = await this.#request('POST', '/conversation_starter', { headers: JSON_BODY, body });
    return (await jsonOf<Starters>(answer)).prompts.map(({ prompt }) => prompt);
  }

  /** Ends the conversation. `isLast`: the page is left, and the request outlives it. */
  async finish(conversation: string, key: string, isLast = false): Promise<void> {
    await this.#request('POST', `/${conversation}/finish/`, { headers: { 'idempotency-key': key }, isLast });
  }

  async modifyTags(conversation: string, change: TagChange): Promise<void> {
    const body = JSON.stringify(change);
    await this.#request('POST', `/${conversation}/tags/`, { headers: JSON_BODY, body });
  }

  /** Returns the URL of a voice message's recording. It is valid for some minutes. */
  async recordingUrl(conversation: string, message: string): Promise<string> {
    const answer = await this.#request('GET', `/${conversation}/messages/${message}/source`);
    return (await jsonOf<MessageSource>(answer)).url;
  }

  /**
   * Tells whether the API answers this page although its requests fail: then the browser withholds the answers,
   * because the page's origin is not on the organization's list. The only sign of it is an opaque request that gets
   * through where a readable one does not.
   */
  async withholdsAnswers(): Promise<boolean> {
    if (new URL(this.#place.api).origin === location.origin) return false;
    const init = { mode: 'no-cors', signal: this.#signal } as const;
    return fetch(`${this.#place.api}/healthz`, init).then(
      () => true,
      () => false,
    );
  }

  async #conversations(query: Record<string, string>): Promise<ConversationsAnswer> {
    const own = { user_id: await this.user(), service_id: this.#place.service };
    const answer = await this.#request('GET', `/?${new URLSearchParams({ ...own, ...query })}`);
    return jsonOf<ConversationsAnswer>(answer);
  }

  /** The query of a request whose answer is streamed. */
  #answerQuery(query: Record<string, string>): URLSearchParams {
    const filter = this.#settings.showsActions ? {} : { current_agent_action_type: FILLERS_ONLY };
    return new URLSearchParams({ ...query, ...filter });
  }

  /** One request below the organization's conversations, as the user of the session. */
  async #request(
    method: 'GET' | 'POST',
    path: string,
    { headers, body, isLast = false }: RequestParts = {},
  ): Promise<Response> {
    const url = `${this.#place.api}/v1/${encodeURIComponent(this.#place.organization)}/conversation${path}`;
    const attempt = (token: string) =>
      requestOf(url, {
        method,
        headers: { ...headers, authorization: `Bearer ${token}` },
        ...(isLast ? { keepalive: true } : { signal: this.#signal }),
        ...(body !== undefined && { body }),
      });
    const token = await this.#session.bearer();
    try {
      return await attempt(token);
    } catch (error) {
      // The token may have been withdrawn before its time (new signing keys): once more with a fresh one. A request
      // without valid credentials has changed nothing, so repeating it is safe.
      const isRefused = error instanceof ApiError && error.status === 401;
      if (!isRefused || !this.#session.renew(token)) throw error;
      return attempt(await this.#session.bearer());
    }
  }
}
