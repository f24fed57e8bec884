/**
 * The floor: the least cost of a turn on this platform, without the product. It has a router, an object per
 * conversation, one commit of as many rows as a turn of the product, and a stream of the same events, flushed in the
 * same way. It has no credentials, schemas, agent, directory or log.
 */
import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types';
import { Hono } from 'hono';

interface FloorEnv {
  FLOOR: DurableObjectNamespace;
  /** JSON of the events of each turn, by message of the scenario. */
  TURNS: string;
}

type Event = { type: string } & Record<string, unknown>;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS conversation (key INTEGER PRIMARY KEY, turns INTEGER NOT NULL, state TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,
    text TEXT NOT NULL, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS interactions (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, log TEXT NOT NULL);
  INSERT OR IGNORE INTO conversation VALUES (1, 0, '');
`;

/** A conversation of the floor. Its caller sends one turn after the other. */
export class FloorConversation {
  readonly #ctx: DurableObjectState;
  readonly #turns: Event[][];
  readonly #encoder = new TextEncoder();

  constructor(ctx: DurableObjectState, env: FloorEnv) {
    this.#ctx = ctx;
    this.#turns = JSON.parse(env.TURNS) as Event[][];
    ctx.storage.sql.exec(SCHEMA);
  }

  async fetch(request: Request): Promise<Response> {
    const said = await request.text();
    const stored = this.#ctx.storage.sql.exec('SELECT turns FROM conversation').one();
    const turn = Number(stored.turns);
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const readable = new ReadableStream<Uint8Array>({
      start: (own) => {
        controller = own;
      },
    });
    if (controller === undefined) throw new Error('A stream starts when it is made.');
    this.#ctx.waitUntil(this.#take(turn, said, controller));
    return new Response(readable);
  }

  async #take(
    turn: number,
    said: string,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    const events = this.#turns[turn % this.#turns.length] ?? [];
    const send = (some: readonly Event[]) =>
      controller.enqueue(this.#encoder.encode(some.map((event) => `${JSON.stringify(event)}\n`).join('')));
    send(events.slice(0, 1));
    await Promise.resolve();
    this.#commit(turn, said, events);
    send(events.slice(1, -1));
    await this.#ctx.storage.sync();
    send(events.slice(-1));
    controller.close();
  }

  #commit(turn: number, said: string, events: readonly Event[]): void {
    const now = Date.now();
    const id = crypto.randomUUID();
    const answer = String(events.at(-1)?.full_message);
    const log = JSON.stringify(events.filter(({ type }) => type === 'current-agent-action'));
    const { sql } = this.#ctx.storage;
    this.#ctx.storage.transactionSync(() => {
      const message = 'INSERT INTO messages VALUES (?, ?, ?, ?, ?)';
      sql.exec(message, 2 * turn + 1, id, 'user-message', said, now);
      sql.exec(message, 2 * turn + 2, id, 'agent-message', answer, now + 1);
      sql.exec('INSERT INTO interactions VALUES (?, ?, ?)', turn + 1, id, log);
      sql.exec('UPDATE conversation SET turns = ?, state = ?', turn + 1, id);
    });
  }
}

const app = new Hono<{ Bindings: FloorEnv }>();

app.post('/v1/:organization/conversation/:conversation/interact', async (c) => {
  const form = await c.req.formData();
  const floor = c.env.FLOOR;
  const stub = floor.get(floor.idFromName(c.req.param('conversation')));
  const answer = await stub.fetch('https://floor/turn', {
    method: 'POST',
    body: form.get('recorded_message') as string,
  });
  return new Response(answer.body as unknown as ReadableStream, {
    headers: { 'content-type': 'application/x-ndjson' },
  });
});

/** Worker of the floor. */
export default app;
