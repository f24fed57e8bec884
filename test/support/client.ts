/** A client of the API inside the runtime, and the organization it talks to. */
import { env, exports } from 'cloudflare:workers';
import type { Env } from '../../src/bindings.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { hashApiKey, parseOrganizationFile, publishOrganization } from '../../src/registry/publish.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { DescribedApi, type ApiDocument } from './described.ts';
import { API_KEY, ORGANIZATION, SERVICE, testOrganization } from './organization.ts';

export const testEnv = env as unknown as Env;
const worker = (exports as unknown as { default: Fetcher }).default;

/** The document that every answer to a client is held to. */
const described = new DescribedApi(openApiDocument(OPERATIONS, 'http://localhost') as unknown as ApiDocument);

/** Throws where the document does not describe an answer. The body of a stream is left to its reader. */
async function expectDescribed(method: string, url: string, response: Response): Promise<void> {
  const contentType = response.headers.get('content-type');
  const text =
    contentType?.includes('json') && contentType !== 'application/x-ndjson'
      ? await response.clone().text()
      : null;
  const { pathname: path } = new URL(url);
  const errors = described.errorsOf({ method, path, status: response.status, contentType, text });
  if (errors.length > 0) throw new Error(`The document is not true: ${errors.join('\n')}`);
}

/** An event of a stream, as loosely as a client sees it. */
export type StreamedEvent = { type: string } & Record<string, unknown>;

export async function publishTestOrganization(): Promise<void> {
  const file = parseOrganizationFile(testOrganization(await hashApiKey(API_KEY)));
  await publishOrganization(testEnv.REGISTRY, file);
}

/** The events of a stream, each of which is one that the document describes. */
export function parseLines(text: string): StreamedEvent[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const event = JSON.parse(line) as StreamedEvent;
      // The two streams differ in their first event.
      const isInteract = event.type === 'user-message-available';
      const stream = isInteract ? 'interact-with-conversation' : 'create-conversation';
      const errors = described.errorsInLine(stream, line);
      if (errors.length > 0) throw new Error(`The document is not true: ${errors.join('\n')}`);
      return event;
    });
}

/** The object of a conversation of the test organization. */
export function conversationObject(id: string) {
  return testEnv.CONVERSATION.getByName(`${ORGANIZATION}/${id}`);
}

/** Returns a client of a user of its own: each test has another one, without a conversation. */
export async function newUser(
  role = 'DefaultUserRole',
  name = 'Una User',
  preferred_language: string | null = null,
): Promise<Client> {
  const id = newIdentifier(Date.now());
  const user = { id, name, role, preferred_language };
  await testEnv.REGISTRY.put(registryKey.user(ORGANIZATION, id), JSON.stringify(user));
  return new Client(id);
}

export class Client {
  readonly #userId: string;
  readonly #organization: string;
  readonly #headers: Record<string, string>;
  #token: string | null = null;

  constructor(userId: string, organization = ORGANIZATION, headers: Record<string, string> = {}) {
    this.#userId = userId;
    this.#organization = organization;
    this.#headers = headers;
  }

  get userId(): string {
    return this.#userId;
  }

  /** The header of a request that carries a token of the user. */
  async authorization(): Promise<string> {
    const user = { organization: this.#organization, user_id: this.#userId };
    this.#token ??= (await issueToken(testEnv.SIGNING_KEYS, user, Date.now())).id_token;
    return `Bearer ${this.#token}`;
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ ...this.#headers, ...Object.fromEntries(new Headers(init.headers)) });
    if (!headers.has('authorization')) headers.set('authorization', await this.authorization());
    const url = `http://localhost/v1/${this.#organization}${path}`;
    const response = await worker.fetch(url, { ...init, headers });
    await expectDescribed(init.method ?? 'GET', url, response);
    return response;
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json<T>();
  }

  post(path: string, body?: unknown): Promise<Response> {
    return this.request(path, {
      method: 'POST',
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
  }

  create(body: Record<string, unknown> = {}, query = ''): Promise<Response> {
    return this.post(`/conversation/?response_format=text${query}`, { service_id: SERVICE, ...body });
  }

  interact(id: string, text: string, type = 'user-message', query = ''): Promise<Response> {
    const form = new FormData();
    form.set('initial_message_type', type);
    form.set('recorded_message', text);
    return this.interactForm(id, form, query);
  }

  /** Sends a recording as a file part, and asks for an answer in a format. */
  interactVoice(
    id: string,
    recording: Uint8Array<ArrayBuffer>,
    response_format: 'text' | 'voice' = 'text',
    query = '',
  ): Promise<Response> {
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', new File([recording], 'message.wav', { type: 'audio/wav' }));
    const path = `/conversation/${id}/interact?request_format=voice&response_format=${response_format}${query}`;
    return this.request(path, { method: 'POST', body: form });
  }

  interactForm(id: string, form: FormData, query = ''): Promise<Response> {
    const path = `/conversation/${id}/interact?request_format=text&response_format=text${query}`;
    return this.request(path, { method: 'POST', body: form });
  }

  /** Creates a conversation and reads its stream to the end. */
  async begin(body: Record<string, unknown> = {}): Promise<{ id: string; interactionId: string }> {
    const response = await this.create(body);
    const events = parseLines(await response.text());
    const complete = events.at(-1);
    if (complete?.type !== 'interaction-complete') throw new Error(JSON.stringify(events));
    return { id: String(events[0]?.conversation_id), interactionId: String(complete.interaction_id) };
  }

  /** Says something and reads the stream to the end. */
  async say(id: string, text: string): Promise<StreamedEvent[]> {
    const response = await this.interact(id, text);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return parseLines(await response.text());
  }
}
