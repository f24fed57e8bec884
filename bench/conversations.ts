/** Holds conversations with the product and with the floor, by the same requests. */
import { withNewKey } from '../scripts/signing-keys.ts';
import { issueToken } from '../src/edge/tokens.ts';
import { publishOrganization } from '../src/registry/publish.ts';
import { Connection, encodeRequest, type Turn } from './connection.ts';
import { MAX_CONVERSATIONS, MESSAGES, ORGANIZATION, organizationFile, SERVICE, userId } from './scenario.ts';
import type { Server } from './server.ts';

const BOUNDARY = 'a-boundary-of-the-benchmark';

/** Returns a new `SIGNING_KEYS` secret for this run. */
export async function signingSecret(): Promise<string> {
  return JSON.stringify(await withNewKey({ keys: [] }));
}

/** Publishes the organization of the benchmark to the registry of a server. */
export async function publish({ miniflare }: Server): Promise<void> {
  await publishOrganization(await miniflare.getKVNamespace('REGISTRY'), organizationFile());
}

function interactRequest(host: string, conversation: string, token: string, message: string): Buffer {
  const fields = { initial_message_type: 'user-message', recorded_message: message };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return encodeRequest(host, {
    path: `/v1/${ORGANIZATION}/conversation/${conversation}/interact?request_format=text&response_format=text`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    },
    body: `${parts.join('')}--${BOUNDARY}--\r\n`,
  });
}

/** A conversation on its own connection. It repeats the messages of the scenario. */
export class Conversation {
  readonly #connection: Connection;
  readonly #requests: Buffer[];
  readonly #finishing: Request;
  #turns = 0;

  constructor(connection: Connection, origin: URL, id: string, token: string) {
    this.#connection = connection;
    this.#finishing = new Request(new URL(`/v1/${ORGANIZATION}/conversation/${id}/finish/`, origin), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    this.#requests = MESSAGES.map((message) => interactRequest(origin.host, id, token, message));
  }

  /** Sends the next message. */
  take(): Promise<Turn> {
    const request = this.#requests[this.#turns % this.#requests.length];
    this.#turns += 1;
    if (request === undefined) throw new Error('The scenario has no messages.');
    return this.#connection.take(request);
  }

  /** Finishes the conversation, so that its user may begin another one, and closes the connection. */
  async finish(): Promise<void> {
    const { ok, status } = await fetch(this.#finishing);
    if (!ok) throw new Error(`A conversation was not finished: ${status}.`);
    this.close();
  }

  /** Closes the connection. */
  close(): void {
    this.#connection.close();
  }
}

/** Takes `turns` turns in each conversation, one conversation after the other. */
export async function takeTurns(conversations: readonly Conversation[], turns: number): Promise<void> {
  for (const conversation of conversations) {
    for (let turn = 0; turn < turns; turn += 1) await conversation.take();
  }
}

/** Creates a conversation of a user with the product. Its first message is the agent's greeting. */
async function beginWithProduct({ origin }: Server, secret: string, user: number): Promise<Conversation> {
  const claims = { organization: ORGANIZATION, user_id: userId(user) };
  const { id_token } = await issueToken(secret, claims, Date.now());
  const connection = new Connection(origin);
  const { answer } = await connection.take(
    encodeRequest(origin.host, {
      path: `/v1/${ORGANIZATION}/conversation/?response_format=text`,
      headers: { authorization: `Bearer ${id_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service_id: SERVICE }),
    }),
  );
  const id = /"conversation_id":"([^"]+)"/.exec(answer)?.[1];
  if (id === undefined) throw new Error(`No conversation was created:\n${answer}`);
  return new Conversation(connection, origin, id, id_token);
}

/** A server to hold conversations with. Every conversation is of another user, until all users have had one. */
export interface Subject {
  server: Server;
  begin(): Promise<Conversation>;
}

/** Returns the product as a subject. */
export function productSubject(server: Server, secret: string): Subject {
  let users = 0;
  return { server, begin: () => beginWithProduct(server, secret, users++ % MAX_CONVERSATIONS) };
}

/**
 * Returns the floor as a subject. It creates a conversation with the first turn. It gets a token of the same length,
 * and ignores it.
 */
export function floorSubject(server: Server, secret: string): Subject {
  let users = 0;
  const begin = async () => {
    const user = users++;
    const claims = { organization: ORGANIZATION, user_id: userId(user) };
    const { id_token } = await issueToken(secret, claims, Date.now());
    return new Conversation(new Connection(server.origin), server.origin, userId(user), id_token);
  };
  return { server, begin };
}

/** Begins `count` conversations, one after the other. */
export async function beginMany(subject: Subject, count: number): Promise<Conversation[]> {
  const conversations: Conversation[] = [];
  for (let index = 0; index < count; index += 1) conversations.push(await subject.begin());
  return conversations;
}

/** Returns the events in the response of a turn. */
function eventsOf(answer: string): unknown[] {
  const text = Buffer.from(answer, 'latin1').toString('utf8');
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
}

/** Returns the product's events for each message of the scenario, as JSON. The floor streams the same events. */
export async function recordTurns(subject: Subject): Promise<string> {
  const conversation = await subject.begin();
  const turns: unknown[][] = [];
  for (const _ of MESSAGES) turns.push(eventsOf((await conversation.take()).answer));
  conversation.close();
  return JSON.stringify(turns);
}
