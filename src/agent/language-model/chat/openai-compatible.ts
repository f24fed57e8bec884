/** Chat models of any server with OpenAI's `/chat/completions`, by `fetch`. */
import { boundedText } from '../../../bounded-text.ts';
import { trimEndOf } from '../../../text.ts';
import { ProviderFailure, failureOfStatus } from '../../../provider-failure.ts';
import { AnswerReader } from './answer-reader.ts';
import { EventStreamReader } from './event-stream-reader.ts';
import { cacheMembers, dialectOf, type Dialect } from './dialects.ts';
import type { ChatModel, ChatPart, ChatRequest, ChatStream } from './port.ts';
import { requestBody, type JsonMode } from './request-body.ts';

/** The longest whole answer that is read: far more than any model writes. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface OpenAiCompatibleServer {
  /** The address in front of `/chat/completions`: usually ends in `/v1`. */
  baseUrl: string;
  apiKey?: string | undefined;
  jsonMode: JsonMode;
  dialect?: Dialect;
}

/** Reads an answer that comes in one piece. */
async function wholeAnswer(response: Response): Promise<ChatPart[]> {
  const text = await boundedText(response, MAX_ANSWER_BYTES, () => new ProviderFailure('failed'));
  const answer = new AnswerReader();
  return [...answer.push(text), ...answer.end()];
}

/** A stream of parts that are all there. */
function streamOf(parts: readonly ChatPart[]): ChatStream {
  let rest: readonly ChatPart[] | null = parts;
  const take = () => {
    const taken = rest;
    rest = null;
    return taken;
  };
  return { next: () => Promise.resolve(take()), cancel: () => void take() };
}

export class OpenAiCompatibleModel implements ChatModel {
  readonly id: string;
  readonly #server: OpenAiCompatibleServer;
  readonly #url: string;
  readonly #dialect: Dialect;

  constructor(server: OpenAiCompatibleServer, id: string) {
    this.#server = server;
    this.id = id;
    this.#dialect = server.dialect ?? dialectOf(server.baseUrl);
    this.#url = `${trimEndOf(server.baseUrl, '/')}/chat/completions`;
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<ChatStream> {
    const response = await this.#post(
      {
        ...this.#body(request),
        stream: true,
        ...(this.#dialect.streamOptions && { stream_options: { include_usage: true } }),
      },
      signal,
    );
    // Some servers ignore the wish for a stream, and some send their errors as JSON under status 200.
    if (response.headers.get('content-type')?.includes('application/json') === true) {
      return streamOf(await wholeAnswer(response));
    }
    if (response.body === null) throw new ProviderFailure('empty');
    return new EventStreamReader(response.body);
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<readonly ChatPart[]> {
    return wholeAnswer(await this.#post(this.#body(request), signal));
  }

  #body(request: ChatRequest): Record<string, unknown> {
    return {
      ...requestBody(request, this.#server.jsonMode),
      ...cacheMembers(this.#dialect, this.id, request),
    };
  }

  async #post(body: Record<string, unknown>, signal: AbortSignal): Promise<Response> {
    const { apiKey } = this.#server;
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey !== undefined && apiKey !== '' && { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model: this.id, ...body }),
      // A redirect would carry the key and the conversation to wherever it points.
      redirect: 'manual',
      signal,
    });
    if (response.ok) return response;
    response.body?.cancel().catch(() => undefined);
    throw failureOfStatus(response.status, response.headers.get('retry-after'));
  }
}
