/** A proxy that delivers requests as networks sometimes do: twice, late, or never. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Ways to deliver a request. `twice`: it arrives two times, and the answer to the second is returned. `late`: its
 * connection breaks, and it arrives when `deliverLate` is called. `lost`: it arrives, and its answer does not. `never`: it
 * does not arrive.
 */
export type Delivery = 'once' | 'twice' | 'late' | 'lost' | 'never';

/** Headers that concern one connection alone (RFC 9110, section 7.6.1), and what the body's encoding has been. */
const NOT_PASSED = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
  'host',
];

export class Courier {
  readonly url: string;
  /** Decides about each request. */
  choose: (request: { method: string; url: string }) => Delivery = () => 'once';
  /** The requests that were sent on, in order: method and path. */
  readonly arrived: string[] = [];
  readonly #target: string;
  readonly #late: (() => Promise<Response>)[] = [];
  readonly #close: () => Promise<void>;

  private constructor(target: string, port: number, close: () => Promise<void>) {
    this.#target = target;
    this.url = `http://localhost:${port}`;
    this.#close = close;
  }

  static async to(target: string): Promise<Courier> {
    const server = createServer((request, response) => {
      courier.#take(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, resolve);
    });
    const courier = new Courier(target, (server.address() as AddressInfo).port, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    });
    return courier;
  }

  /** Delivers what was late. Resolves with the statuses, when all answers have been read to their ends. */
  async deliverLate(): Promise<number[]> {
    const answers = this.#late.splice(0).map(async (send) => {
      const answer = await send();
      await answer.arrayBuffer();
      return answer.status;
    });
    return Promise.all(answers);
  }

  stop(): Promise<void> {
    return this.#close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const send = (signal?: AbortSignal) => {
      this.arrived.push(`${method} ${url.replace(/\?.*/, '')}`);
      return fetch(this.#target + url, {
        method,
        headers: headersOf(request),
        redirect: 'manual',
        ...(parts.length > 0 && { body: Buffer.concat(parts) }),
        ...(signal !== undefined && { signal }),
      });
    };
    const delivery = this.choose({ method, url });
    if (delivery === 'late') this.#late.push(() => send());
    if (delivery === 'lost') await (await send()).arrayBuffer();
    if (delivery === 'late' || delivery === 'lost' || delivery === 'never') {
      response.destroy();
      return;
    }
    if (delivery === 'twice') void (await send()).arrayBuffer();
    await passOn(await send(gone.signal), response);
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const passed = Object.entries(headers).filter(([name]) => !NOT_PASSED.includes(name));
  return Object.fromEntries(passed.map(([name, value]) => [name, String(value)]));
}

async function passOn(answer: Response, response: ServerResponse): Promise<void> {
  const headers = [...answer.headers].filter(([name]) => !NOT_PASSED.includes(name));
  response.writeHead(answer.status, Object.fromEntries(headers));
  for await (const part of answer.body ?? []) response.write(part);
  response.end();
}
