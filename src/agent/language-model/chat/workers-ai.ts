/** Chat models of Workers AI, by its binding: the same requests and answers as over HTTP. */
import { ProviderFailure, failureFrom, failureOfStatus } from '../../../provider-failure.ts';
import { AnswerReader } from './answer-reader.ts';
import { EventStreamReader } from './event-stream-reader.ts';
import type { ChatModel, ChatPart, ChatRequest, ChatStream } from './port.ts';
import { requestBody } from './request-body.ts';

/** As much of the Workers AI binding as is called here. */
export interface AiBinding {
  run(model: string, inputs: Record<string, unknown>, options?: Record<string, unknown>): Promise<unknown>;
}

/** Statuses of the binding's own error numbers, by Cloudflare's list of Workers AI errors. */
const STATUSES: Readonly<Record<string, number>> = {
  3006: 413,
  3007: 408,
  3036: 429,
  3040: 429,
  5004: 400,
  5007: 400,
};

/** Returns the status that an error of the binding stands for: its message begins with a number. */
function statusOf(error: unknown): number | null {
  const number = error instanceof Error ? /^(?:\w+: )?(\d{4})\b/.exec(error.message)?.[1] : undefined;
  return number === undefined ? null : (STATUSES[number] ?? null);
}

export class WorkersAiModel implements ChatModel {
  readonly id: string;
  readonly #binding: AiBinding;

  constructor(binding: AiBinding, id: string) {
    this.#binding = binding;
    this.id = id;
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<ChatStream> {
    const answer = await this.#run({ ...requestBody(request, 'schema'), stream: true }, signal);
    if (!(answer instanceof ReadableStream)) throw new ProviderFailure('failed');
    return new EventStreamReader(answer as ReadableStream<Uint8Array>);
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<readonly ChatPart[]> {
    const answer = new AnswerReader();
    const whole = JSON.stringify(await this.#run(requestBody(request, 'schema'), signal));
    return [...answer.push(whole), ...answer.end()];
  }

  async #run(inputs: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#binding.run(this.id, inputs, { signal });
    } catch (error) {
      const status = statusOf(error);
      throw status === null ? failureFrom(error) : failureOfStatus(status, null);
    }
  }
}
