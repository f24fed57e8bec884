/**
 * The requests of the page: the published API where that has the answer, the workbench's own endpoints for the rest.
 */
import type { StreamEvent } from '../src/contract/stream.ts';
import type { Session } from './session.ts';
import type {
  DrawnAgent,
  Identities,
  MemoriesAnswer,
  RegisteredOrganization,
  PickedService,
  Settings,
  TurnsAnswer,
} from '../src/contract/workbench.ts';
import type { ContextGraph } from '../src/registry/graph.ts';
import type { ConversationInstance, ConversationsAnswer } from '../src/contract/conversations.ts';
import type { MessagesAnswer, MessageSource, StoredMessage } from '../src/contract/messages.ts';
import type { ServicesAnswer } from '../src/contract/organizations.ts';
import type { UsageAnswer } from '../src/contract/usage.ts';
import { RefusedError } from './manage/refused.ts';
import { ApiError, ConnectionLostError, requestOf, readJsonLines } from './shared.ts';

/** The most conversations of the picker: the newest ones. An older one is opened by its link. */
const LISTED_CONVERSATIONS = 50;

/** The kind of this server: one where the workbench is off, a developer's, or one to sign in to. */
export type Deployment = 'off' | 'development' | 'production';

/** Asks for the kind of this server. */
export async function readDeployment(): Promise<Deployment> {
  try {
    const answer = await requestOf('/workbench/api/settings', {});
    const { development } = (await answer.json()) as Settings;
    return development ? 'development' : 'production';
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 'off';
    throw error;
  }
}

/** Lists the organizations of a developer's server. */
export async function readIdentities(): Promise<RegisteredOrganization[]> {
  const answer = await requestOf('/workbench/api/identities', {});
  return ((await answer.json()) as Identities).organizations;
}

/** Every event of an answer up to its end. An `error` is told and then thrown; an end that is missing as well. */
async function* eventsOf(response: Response): AsyncGenerator<StreamEvent, void> {
  if (response.body === null) throw new ConnectionLostError();
  for await (const line of readJsonLines(response.body)) {
    const event = line as StreamEvent;
    yield event;
    if (event.type === 'interaction-complete') return;
    if (event.type !== 'error') continue;
    const { http_error_code: status, error_description: detail, code } = event;
    throw new ApiError(status, code === undefined ? { detail } : { detail, code });
  }
  throw new ConnectionLostError();
}

interface Sent {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: BodyInit;
}

/** The requests of the page as the user of its session. */
export class Client {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async services(): Promise<PickedService[]> {
    const answer = await this.#json<ServicesAnswer>(this.#published('service/?is_active=true'));
    return answer.services.map(({ id, name, version_sets }) => ({
      id,
      name,
      version_sets: [...new Set([...Object.keys(version_sets), 'edge'])],
    }));
  }

  async conversations(service: string, user: string | null): Promise<ConversationInstance[]> {
    const query = new URLSearchParams({ service_id: service, limit: String(LISTED_CONVERSATIONS) });
    if (user !== null) query.set('user_id', user);
    const answer = await this.#json<ConversationsAnswer>(this.#published(`conversation/?${query}`));
    return answer.conversations;
  }

  get organization(): string {
    return this.#session.organization;
  }

  /** The newest messages, the oldest of them first, the agent's thoughts among them. */
  async messages(conversation: string): Promise<MessagesAnswer> {
    const page = await this.#messagePage(conversation, 0);
    return { ...page, messages: page.messages.toReversed() };
  }

  /** All messages, the oldest first, the agent's thoughts among them. */
  async allMessages(conversation: string): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = [];
    for (let token: number | null = 0; token !== null;) {
      const page: MessagesAnswer = await this.#messagePage(conversation, token);
      messages.push(...page.messages);
      token = page.continuation_token;
    }
    return messages.toReversed();
  }

  turns(conversation: string, after = 0): Promise<TurnsAnswer> {
    return this.#json(this.#own(`conversations/${conversation}/turns?continuation_token=${after}`));
  }

  graphs(service: string, query: Record<string, string>): Promise<DrawnAgent<ContextGraph>> {
    return this.#json(this.#own(`services/${service}/graphs?${new URLSearchParams(query)}`));
  }

  memories(user: string, after = 0): Promise<MemoriesAnswer> {
    return this.#json(this.#own(`users/${encodeURIComponent(user)}/memories?continuation_token=${after}`));
  }

  /** Reads the usage of a range of days, and the budgets. */
  usage(query: { from: string; to: string; group_by: string }): Promise<UsageAnswer> {
    return this.#json(this.#published(`usage?${new URLSearchParams(query)}`));
  }

  /** Returns the URL of a recording. It is valid for some minutes. */
  async recording(conversation: string, message: string): Promise<string> {
    const path = this.#published(`conversation/${conversation}/messages/${message}/source`);
    return (await this.#json<MessageSource>(path)).url;
  }

  async *create(service_id: string, service_version_set_name: string): AsyncGenerator<StreamEvent, void> {
    const body = JSON.stringify({ service_id, service_version_set_name });
    const headers = { 'content-type': 'application/json' };
    const path = this.#published('conversation/?response_format=text');
    yield* eventsOf(await this.#send(path, { method: 'POST', headers, body }));
  }

  async *say(conversation: string, text: string): AsyncGenerator<StreamEvent, void> {
    const body = new FormData();
    body.set('initial_message_type', 'user-message');
    body.set('recorded_message', text);
    const path = this.#published(
      `conversation/${conversation}/interact?request_format=text&response_format=text`,
    );
    yield* eventsOf(await this.#send(path, { method: 'POST', body }));
  }

  async finish(conversation: string): Promise<void> {
    await this.#send(this.#published(`conversation/${conversation}/finish/`), { method: 'POST' });
  }

  #messagePage(conversation: string, after: number): Promise<MessagesAnswer> {
    const types = ['user-message', 'agent-message', 'external-event', 'agent-inner-thought'];
    const query = new URLSearchParams(types.map((type) => ['message_type', type]));
    query.set('continuation_token', String(after));
    return this.#json(this.#published(`conversation/${conversation}/messages/?${query}`));
  }

  /** Asks an operation that manages the organization. Throws `RefusedError` with every error of a refusal. */
  async manage<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = new Headers({ authorization: `Bearer ${await this.#session.token()}` });
    if (body !== undefined) headers.set('content-type', 'application/json');
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(this.#published(path), init);
    if (!answer.ok) throw await RefusedError.of(answer);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  #published(path: string): string {
    return `/v1/${encodeURIComponent(this.#session.organization)}/${path}`;
  }

  #own(path: string): string {
    return `/workbench/api/${encodeURIComponent(this.#session.organization)}/${path}`;
  }

  async #send(path: string, sent: Sent = {}): Promise<Response> {
    const authorization = `Bearer ${await this.#session.token()}`;
    return requestOf(path, { ...sent, headers: { ...sent.headers, authorization } });
  }

  async #json<T>(path: string): Promise<T> {
    return (await (await this.#send(path)).json()) as T;
  }
}
