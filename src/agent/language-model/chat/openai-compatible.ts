/** Chat models of any server with OpenAI's `/chat/completions`, by `fetch`. */
import { boundedText } from '../../../bounded-text.ts';
import type { PromptCache } from '../../../contract/prompt-cache.ts';
import { trimEndOf } from '../../../text.ts';
import { ProviderFailure, failureOfStatus, type Refusal } from '../../../provider-failure.ts';
import { AnswerReader } from './answer-reader.ts';
import { EventStreamReader } from './event-stream-reader.ts';
import { cacheOf, dialectOf, type Dialect } from './dialects.ts';
import { cacheMembers } from './prompt-cache.ts';
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
  /** The way to ask for a kept begin of the prompt. Default: that of the dialect. */
  promptCache?: PromptCache | undefined;
}

/** The longest error that is read, in bytes. */
const MAX_ERROR_BYTES = 4_000;
/** Statuses by which servers refuse a role. */
const REFUSING_ROLES = new Set([400, 422]);
/** An error about the role of the instructions: "System role not supported", "does not support 'system'". */
const ABOUT_ROLE =
  /\bsystem['"]? (?:role|message|prompt)s?\b[^"\n]{0,40}\b(?:not|un)|\b(?:not|un)\w*(?: \w+)? (?:the )?['"\\]{0,2}system\b/i;

/** Returns why a server refuses a request, where its error tells it. Nothing else of the error is kept. */
async function refusalIn(response: Response): Promise<Refusal | null> {
  if (!REFUSING_ROLES.has(response.status)) {
    response.body?.cancel().catch(() => undefined);
    return null;
  }
  const text = await boundedText(response, MAX_ERROR_BYTES, () => new ProviderFailure('failed')).catch(
    () => '',
  );
  return ABOUT_ROLE.test(text) ? 'system_role' : null;
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
  return {
    get isOver() {
      return rest === null;
    },
    next: () => Promise.resolve(take()),
    cancel: () => void take(),
  };
}

export class OpenAiCompatibleModel implements ChatModel {
  readonly id: string;
  readonly #server: OpenAiCompatibleServer;
  readonly #url: string;
  readonly #dialect: Dialect;
  readonly #promptCache: PromptCache;

  constructor(server: OpenAiCompatibleServer, id: string) {
    this.#server = server;
    this.id = id;
    this.#dialect = server.dialect ?? dialectOf(server.baseUrl);
    this.#promptCache = server.promptCache ?? cacheOf(this.#dialect, id);
    this.#url = `${trimEndOf(server.baseUrl, '/')}/chat/completions`;
  }

  get keepsPrompts(): boolean {
    return this.#promptCache !== 'none';
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
    const body = requestBody(request, this.#server.jsonMode);
    const members = cacheMembers(this.#promptCache, request);
    // A key that the parameters of the model have is the operator's own.
    return {
      ...body,
      ...members,
      ...('prompt_cache_key' in body && { prompt_cache_key: body['prompt_cache_key'] }),
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
    throw failureOfStatus(response.status, response.headers.get('retry-after'), await refusalIn(response));
  }
}
