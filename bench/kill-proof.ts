/**
 * The proof by kills: a client holds turns with a server that is killed at random moments of them, and sends each message
 * again by its key until it is answered. Every turn is completed, no message is stored twice, no tool has two effects.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  organizationFile,
  ORGANIZATION,
  SERVICE,
  startTool,
  USER,
  type CountingTool,
} from './kill-scenario.ts';
import { KillServer } from './kill-server.ts';
import { scratchDirectory } from './subjects.ts';

/** Time that the tool takes, and the pause between two pieces, in milliseconds: a turn takes about half a second. */
const TOOL_MS = 120;
const PACE_MS = 12;
/** The kill comes at a random moment of the turn and shortly after. */
const KILL_WITHIN_MS = 700;
/** The most times that the client sends one message, with this pause in between. */
const MAX_SENDS = 100;
const SEND_AGAIN_MS = 50;
/** The most messages that a page of the list has. */
const PAGE = 100;

/** Part of the turn that the client had seen when the server was killed. */
export type Moment = 'before the first byte' | 'before the answer' | 'in the answer' | 'after the end';

/** The figures of the proof. */
export interface KillReport {
  kills: number;
  completed: number;
  /** Messages of the user that are stored; as many as turns. */
  messages: number;
  /** Messages that are stored more than once. */
  repeatedMessages: number;
  /** Answers of the agent that are stored, without the greeting. */
  answers: number;
  /** Distinct keys with which the tool was called: its effects. */
  toolEffects: number;
  /** Calls of the tool: a repeated turn calls it again, with the same key. */
  toolCalls: number;
  /** Requests of the client, those that were refused or broke off included. */
  sends: number;
  /** Turns whose identifiers changed between two sends of their message. */
  changedIdentifiers: number;
  /** Turns whose stored events differ from those that the client read in the end. */
  differentReplays: number;
  moments: Record<Moment, number>;
}

type Event = { type: string } & Record<string, unknown>;

interface Read {
  text: string;
  isComplete: boolean;
}

/** A client with a fetch that never throws: a refused connection is a response that is not there. */
class KillClient {
  readonly #server: KillServer;

  constructor(server: KillServer) {
    this.#server = server;
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', await this.#server.authorization(ORGANIZATION, USER));
    return fetch(`${await this.#server.origin()}/v1/${ORGANIZATION}${path}`, { ...init, headers });
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request(path);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  }

  say(id: string, key: string, text: string): Promise<Response> {
    const body = new FormData();
    body.set('initial_message_type', 'user-message');
    body.set('recorded_message', text);
    const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
    return this.request(path, { method: 'POST', body, headers: { 'idempotency-key': key } });
  }
}

/** Reads a stream to its end, or until it breaks. */
async function read(response: Response, seen: (text: string) => void): Promise<Read> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      seen(text);
    }
  } catch {
    return { text, isComplete: false };
  }
  return { text, isComplete: text.includes('"type":"interaction-complete"') };
}

/** Returns the whole lines of a stream. Empty ones show only that the connection is alive. */
function linesOf(text: string): string[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').filter((line) => line !== '');
}

function eventsOf(text: string): Event[] {
  return linesOf(text).map((line) => JSON.parse(line) as Event);
}

function momentOf({ text, isComplete }: Read): Moment {
  if (isComplete) return 'after the end';
  if (text.includes('"type":"new-message"')) return 'in the answer';
  return text === '' ? 'before the first byte' : 'before the answer';
}

/** A turn as the client has it in the end. */
interface HeldTurn {
  interactionId: string;
  text: string;
  sends: number;
  hasChanged: boolean;
  moment: Moment;
}

/** Says a message, has the server killed on the way, and sends it again until it is answered. */
async function holdTurn(
  server: KillServer,
  client: KillClient,
  id: string,
  number: number,
): Promise<HeldTurn> {
  const key = `turn-${number}`;
  const identifiers = new Set<string>();
  const state = { text: '', isComplete: false };
  const atKill = pause(Math.random() * KILL_WITHIN_MS).then(() => {
    const moment = momentOf({ ...state });
    return server.killAndStart().then(() => moment);
  });
  for (let sends = 1; sends <= MAX_SENDS; sends += 1) {
    const response = await client.say(id, key, `Please book a seat, number ${number}`).catch(() => null);
    const got =
      response?.status === 200
        ? await read(response, (text) => {
            if (sends === 1) state.text = text;
          })
        : null;
    const [first] = got === null ? [] : eventsOf(got.text);
    if (first !== undefined) identifiers.add(`${String(first.message_id)} ${String(first.interaction_id)}`);
    if (got?.isComplete !== true) {
      await pause(SEND_AGAIN_MS);
      continue;
    }
    state.isComplete = true;
    // The server is killed once in each turn, if not in its middle, then after it.
    const moment = await atKill;
    const hasChanged = identifiers.size > 1;
    return { interactionId: String(first?.interaction_id), text: got.text, sends, hasChanged, moment };
  }
  throw new Error(`The turn ${number} was not completed in ${MAX_SENDS} requests.`);
}

async function begin(client: KillClient): Promise<string> {
  const response = await client.request('/conversation/?response_format=text', {
    method: 'POST',
    body: JSON.stringify({ service_id: SERVICE }),
    headers: { 'content-type': 'application/json' },
  });
  const [created] = eventsOf((await read(response, () => undefined)).text);
  if (created?.type !== 'conversation-created') throw new Error('No conversation was created.');
  return String(created.conversation_id);
}

/** Returns the texts of the stored messages of a type. */
async function storedTexts(client: KillClient, id: string, type: string): Promise<string[]> {
  const texts: string[] = [];
  for (let after: number | null = 0; after !== null;) {
    const query = `?limit=${PAGE}&sort_by=%2Bcreated_at&message_type=${type}&continuation_token=${after}`;
    const page: {
      messages: { message: string }[];
      has_more: boolean;
      continuation_token: number | null;
    } = await client.get(`/conversation/${id}/messages/${query}`);
    texts.push(...page.messages.map(({ message }) => message));
    after = page.has_more ? page.continuation_token : null;
  }
  return texts;
}

/** Returns how many turns are told otherwise now than the client read them. */
async function countDifferent(client: KillClient, id: string, turns: readonly HeldTurn[]): Promise<number> {
  let different = 0;
  for (const { interactionId, text } of turns) {
    const response = await client.request(`/conversation/${id}/interaction/${interactionId}/stream`);
    const again = await read(response, () => undefined);
    if (linesOf(again.text).join('\n') !== linesOf(text).join('\n')) different += 1;
  }
  return different;
}

async function report(
  client: KillClient,
  id: string,
  turns: readonly HeldTurn[],
  tool: CountingTool,
): Promise<KillReport> {
  const moments: KillReport['moments'] = {
    'before the first byte': 0,
    'before the answer': 0,
    'in the answer': 0,
    'after the end': 0,
  };
  for (const { moment } of turns) moments[moment] += 1;
  const sent = await storedTexts(client, id, 'user-message');
  const said = await storedTexts(client, id, 'agent-message');
  return {
    kills: turns.length,
    completed: turns.length,
    messages: sent.length,
    repeatedMessages: sent.length - new Set(sent).size,
    answers: said.length - 1,
    toolEffects: tool.calls.size,
    toolCalls: [...tool.calls.values()].reduce((sum, calls) => sum + calls, 0),
    sends: turns.reduce((sum, { sends }) => sum + sends, 0),
    changedIdentifiers: turns.filter(({ hasChanged }) => hasChanged).length,
    differentReplays: await countDifferent(client, id, turns),
    moments,
  };
}

/** Returns what is wrong in a report, in sentences; an empty list when the proof holds. */
export function faultsOf(found: KillReport): string[] {
  const { kills, completed, messages, answers, toolEffects } = found;
  const counts = { completed, messages, answers, toolEffects };
  const { repeatedMessages, changedIdentifiers, differentReplays } = found;
  const excesses = { repeatedMessages, changedIdentifiers, differentReplays };
  return [
    ...Object.entries(counts).flatMap(([name, count]) =>
      count === kills ? [] : [`${name} is ${count}, and must be ${kills}.`],
    ),
    ...Object.entries(excesses).flatMap(([name, count]) =>
      count === 0 ? [] : [`${name} is ${count}, and must be 0.`],
    ),
  ];
}

/**
 * Holds `kills` turns, with one kill in each. `progress` is called after each turn, and ends the proof there when it
 * returns false.
 */
export async function proveByKills(
  kills: number,
  progress: (done: number) => boolean = () => true,
): Promise<KillReport> {
  const scratch = await scratchDirectory('disk');
  const tool = await startTool(TOOL_MS);
  const file = organizationFile(tool.url);
  const server = await KillServer.start(file, { directory: scratch.path, paceMs: PACE_MS });
  try {
    const client = new KillClient(server);
    const id = await begin(client);
    const turns: HeldTurn[] = [];
    for (let number = 1; number <= kills; number += 1) {
      turns.push(await holdTurn(server, client, id, number));
      if (!progress(number)) break;
    }
    return await report(client, id, turns, tool);
  } finally {
    await server.stop();
    await tool.stop();
    await scratch.remove();
  }
}
