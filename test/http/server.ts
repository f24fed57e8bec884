/** The server as a newcomer starts it, in a folder of its own, and a client that knows only the contract. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 170_000;

export interface Identity {
  organization: string;
  api_key_id: string;
  api_key: string;
  user_id: string;
  role: string;
  service_ids: string[];
}

export type StreamedEvent = { type: string } & Record<string, unknown>;

/** Ports of the tests' servers: below those that the system gives to outgoing connections, which begin at 32768. */
const PORTS = { first: 12_000, count: 20_000 };

/** Tells whether a port can be listened to. */
function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => {
      server.close(() => resolve(true));
    });
  });
}

/** Returns a free port. It is chosen at random, because the servers of several files start at the same time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
}

/** Runs a script of package.json and gives what it printed. */
export function npmRun(script: string, args: string[] = [], env: Record<string, string> = {}): string {
  const { stdout, status, stderr } = spawnSync('npm', ['run', '--silent', script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
  return stdout;
}

export function identities(): Identity[] {
  return JSON.parse(npmRun('demo:env', ['--', '--json'])) as Identity[];
}

/** A running server. `kill` is a crash: nothing gets the chance to clean up. */
export class Server {
  readonly #stateDir: string;
  readonly #port: number;
  readonly #args: string[];
  readonly #settings: Record<string, string>;
  #process: ChildProcess | null = null;
  output = '';

  private constructor(stateDir: string, port: number, args: string[], settings: Record<string, string>) {
    this.#stateDir = stateDir;
    this.#port = port;
    this.#args = args;
    this.#settings = settings;
  }

  /** Without voice, whatever speech server a developer has running. */
  static start(...args: string[]): Promise<Server> {
    return Server.startWithSpeech({ SPEECH: 'off' }, ...args);
  }

  /** With the voice that these variables of the environment of `npm start` say. */
  static startWithSpeech(speech: Record<string, string>, ...args: string[]): Promise<Server> {
    return Server.startWith({ LLM: 'off', DEV_VARS: '', ...speech }, ...args);
  }

  /** With these variables in the environment of `npm start`, beside those of the developer. */
  static async startWith(environment: Record<string, string>, ...args: string[]): Promise<Server> {
    const stateDir = await mkdtemp(join(tmpdir(), 'conversation-api-'));
    const server = new Server(stateDir, await freePort(), args, environment);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get environment(): Record<string, string> {
    return { PORT: String(this.#port), STATE_DIR: this.#stateDir };
  }

  async start(): Promise<void> {
    this.output = '';
    this.#process = spawn('npm', ['start', '--', ...this.#args], {
      cwd: ROOT,
      env: { ...process.env, ...this.#settings, ...this.environment },
      // A group of its own, so that all of it can be killed at once.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.#process.stdout?.on('data', collect);
    this.#process.stderr?.on('data', collect);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.output.includes('The Conversation API is ready.')) {
      if (Date.now() > deadline || this.#process.exitCode !== null) throw new Error(this.output);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process;
    if (running?.pid === undefined || running.exitCode !== null) return;
    const gone = new Promise((resolve) => {
      running.once('exit', resolve);
    });
    process.kill(-running.pid, signal);
    await gone;
    this.#process = null;
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** A user of the demo, by HTTP alone. */
export class HttpClient {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async signIn(server: Server, identity: Identity): Promise<HttpClient> {
    const url = `${server.url}/v1/${identity.organization}`;
    const response = await fetch(`${url}/user/signin_with_api_key`, {
      method: 'POST',
      headers: {
        'x-api-key': identity.api_key,
        'x-api-key-id': identity.api_key_id,
        'x-user-id': identity.user_id,
      },
    });
    if (!response.ok) throw new Error(await response.text());
    const { id_token } = (await response.json()) as { id_token: string };
    return new HttpClient(url, id_token);
  }

  /** The header that says who this is, as curl takes it. */
  get authorization(): string {
    return `Authorization: Bearer ${this.#token}`;
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.#token}`);
    return fetch(`${this.#url}${path}`, { ...init, headers });
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request(path);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  interact(id: string, text: string): Promise<Response> {
    const body = new FormData();
    body.set('initial_message_type', 'user-message');
    body.set('recorded_message', text);
    const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
    return this.request(path, { method: 'POST', body });
  }

  async finishAll(): Promise<void> {
    const { conversations } = await this.get<{ conversations: { id: string }[] }>(
      '/conversation/?is_finished=false',
    );
    for (const { id } of conversations) await this.request(`/conversation/${id}/finish/`, { method: 'POST' });
  }
}

/** The events of a stream as they come, blank lines left out. */
export async function* eventsOf(response: Response): AsyncGenerator<StreamedEvent> {
  if (response.body === null) return;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as StreamedEvent;
  }
}

export async function allEvents(response: Response): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}
