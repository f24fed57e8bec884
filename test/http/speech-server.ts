/** The local speech server as a newcomer starts it: real engines, no account. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import { enginesHere, INSTALL, type Engines } from '../../scripts/speech/engines.ts';
import { freePort } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 20_000;

/** A text that the recognizer understands word for word from the speech engine, in every format. */
export const UNDERSTOOD = 'I want to cancel my order please.';
export const UNDERSTOOD_WORDS = 'i want to cancel my order please';

/** True if the speech engines are installed. Without them tests are skipped, but not in CI. */
export function speechTestsRun(engines: Engines, env: Readonly<Record<string, string | undefined>>): boolean {
  return env.CI === 'true' || Object.values(engines).every((present) => present === true);
}

/**
 * Skips the tests of the suite that calls it where the engines are missing, and says how to install them. Returns
 * whether they run.
 */
export function needSpeechEngines(): boolean {
  const run = speechTestsRun(enginesHere(), process.env);
  beforeEach(({ skip }) => skip(!run, `The speech engines are missing: ${INSTALL}`));
  return run;
}

export class SpeechServer {
  readonly #port: number;
  readonly #process: ChildProcess;
  output = '';

  private constructor(port: number, env: Record<string, string>) {
    this.#port = port;
    this.#process = spawn('npm', ['run', '--silent', 'speech'], {
      cwd: ROOT,
      env: { ...process.env, ...env, SPEECH_PORT: String(port) },
      // A group of its own, so that all of it can be ended at once.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.#process.stdout?.on('data', collect);
    this.#process.stderr?.on('data', collect);
  }

  /** Rejects with what the server printed when it does not start. `env` is added to the environment. */
  static async start(env: Record<string, string> = {}): Promise<SpeechServer> {
    const server = new SpeechServer(await freePort(), env);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!server.output.includes('The speech server is ready')) {
      if (server.#process.exitCode !== null) throw new Error(server.output);
      if (Date.now() > deadline) {
        await server.stop();
        throw new Error(server.output);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    return server;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** For `Server.startWithSpeech`: the environment in which `npm start` finds this server. */
  get environment(): Record<string, string> {
    return { SPEECH: '', SPEECH_BASE_URL: '', SPEECH_PORT: String(this.#port) };
  }

  speak(body: Record<string, unknown>): Promise<Response> {
    return fetch(`${this.url}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  transcribe(bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}): Promise<Response> {
    const form = new FormData();
    form.set('model', 'whisper-1');
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new File([bytes], 'recording'));
    return fetch(`${this.url}/v1/audio/transcriptions`, { method: 'POST', body: form });
  }

  async stop(): Promise<void> {
    const { pid, exitCode } = this.#process;
    if (pid === undefined || exitCode !== null) return;
    const gone = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
    process.kill(-pid, 'SIGTERM');
    await gone;
  }
}
