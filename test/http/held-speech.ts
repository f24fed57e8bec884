/** A speech server of the OpenAI kind whose answers a test holds back, or makes refusals. */
import { createServer, type Server as HttpServer } from 'node:http';
import { wavOf } from '../../src/speech/wav.ts';
import { freePort } from './server.ts';

type Endpoint = 'transcriptions' | 'speech';

/** Half a second of a tone: 16-bit PCM WAV at 16 kHz. */
export const TONE = wavOf(Int16Array.from({ length: 8_000 }, (_value, index) => 8_000 * Math.sin(index / 6)));

export class HeldSpeech {
  readonly #server: HttpServer;
  readonly #port: number;
  readonly #held = new Set<Endpoint>();
  readonly #refused = new Map<Endpoint, number>();
  #asked: (endpoint: Endpoint) => void = () => undefined;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((request, response) => {
      request.resume();
      const endpoint: Endpoint = request.url?.endsWith('/speech') === true ? 'speech' : 'transcriptions';
      this.#asked(endpoint);
      if (this.#held.has(endpoint)) return;
      request.on('end', () => {
        const refused = this.#refused.get(endpoint);
        if (refused !== undefined) {
          response.writeHead(refused, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ error: { message: 'It is refused.' } }));
          return;
        }
        response.setHeader('content-type', endpoint === 'speech' ? 'audio/wav' : 'application/json');
        response.end(endpoint === 'speech' ? TONE : JSON.stringify({ text: 'I need an appointment' }));
      });
    });
  }

  static async start(): Promise<HeldSpeech> {
    const speech = new HeldSpeech(await freePort());
    await new Promise<void>((resolve) => {
      speech.#server.listen(speech.#port, () => resolve());
    });
    return speech;
  }

  get environment(): Record<string, string> {
    return {
      SPEECH: '',
      SPEECH_PROVIDER: 'openai-compatible',
      SPEECH_BASE_URL: `http://localhost:${this.#port}/v1`,
    };
  }

  /** Holds back every answer of an endpoint; resolves when one is asked for. */
  hold(endpoint: Endpoint): Promise<void> {
    this.#held.add(endpoint);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked = (asked) => {
      if (asked === endpoint) resolve();
    };
    return promise;
  }

  /** Answers every call of an endpoint with a status, until `release`. */
  refuse(endpoint: Endpoint, status: number): void {
    this.#refused.set(endpoint, status);
  }

  release(): void {
    this.#held.clear();
    this.#refused.clear();
    this.#asked = () => undefined;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
