import type {
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { UsageMeter } from '../usage.ts';
import { CallFailure, failureFrom } from './failures.ts';
import type { Interaction, ModelChoice } from './models.ts';
import { within } from './patience.ts';
import { estimateTokens } from './window.ts';

/** A call of a tool, as a model asks for it. `input` is meant to be JSON. */
export interface ModelToolCall {
  id: string;
  name: string;
  input: string;
}

/** What of a stream matters here. */
export type ModelPart = { type: 'text'; text: string } | ({ type: 'tool-call' } & ModelToolCall);

export interface StreamTiming {
  /** Until the model says anything, its reasoning included. */
  firstTokenMs: number;
  /** Between two tokens after that. */
  idleMs: number;
}

export interface StreamSetting {
  choice: ModelChoice;
  interaction: Interaction;
  meter: UsageMeter;
  signal: AbortSignal;
  timing: StreamTiming;
}

/** Whether a part shows that the model is at work. */
function isToken({ type }: LanguageModelV4StreamPart): boolean {
  return /^(?:text|reasoning|tool-input)-|^tool-call$/.test(type);
}

/** Tokens as the provider counted them, or as they are estimated where it did not. */
export function tokensOf(usage: LanguageModelV4Usage | null, prompt: string, answer: string) {
  return {
    input_tokens: usage?.inputTokens.total ?? estimateTokens(prompt),
    output_tokens: usage?.outputTokens.total ?? estimateTokens(answer),
  };
}

/** One streamed call of one model. Ends by itself or by `close`; either way its usage is kept, once. */
export class ModelStream {
  /** What the call turned out to be for: only its answer tells choosing from speaking. */
  interaction: Interaction;
  readonly #setting: StreamSetting;
  readonly #options: LanguageModelV4CallOptions;
  readonly #controller = new AbortController();
  readonly #begunAt = Date.now();
  #reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | null = null;
  #answer = '';
  #usage: LanguageModelV4Usage | null = null;
  #firstTokenMs: number | null = null;
  #closed = false;

  constructor(setting: StreamSetting, options: LanguageModelV4CallOptions) {
    this.#setting = setting;
    this.#options = options;
    this.interaction = setting.interaction;
  }

  /** The next part, `null` at the end. Throws `CallFailure`, or the reason of the turn's end. */
  async next(): Promise<ModelPart | null> {
    try {
      this.#reader ??= await this.#open();
      for (;;) {
        const { done, value } = await this.#patiently(this.#reader.read());
        if (done) {
          this.close();
          return null;
        }
        const part = this.#take(value);
        if (part !== null) return part;
      }
    } catch (error) {
      this.close();
      this.#setting.signal.throwIfAborted();
      throw failureFrom(error);
    }
  }

  /** Ends the call, and tells the provider so when it is not at its end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // A reader that is cancelled, and a call that is aborted, may reject: nobody waits for either any more.
    this.#reader?.cancel().catch(() => undefined);
    this.#controller.abort();
    // A call that never said anything cost nothing worth keeping.
    if (this.#firstTokenMs === null && this.#usage === null) return;
    this.#setting.meter.end({
      interaction: this.interaction,
      model: this.#setting.choice.name,
      ...tokensOf(this.#usage, JSON.stringify(this.#options.prompt), this.#answer),
      first_token_ms: this.#firstTokenMs ?? Date.now() - this.#begunAt,
    });
  }

  async #open(): Promise<ReadableStreamDefaultReader<LanguageModelV4StreamPart>> {
    const { choice, signal } = this.#setting;
    const abortSignal = AbortSignal.any([signal, this.#controller.signal]);
    const opening = Promise.resolve(choice.model.doStream({ ...this.#options, abortSignal }));
    // An answer that comes after the deadline is sent back unread.
    const discard = ({ stream }: LanguageModelV4StreamResult) => (this.#closed ? stream.cancel() : undefined);
    opening.then(discard).catch(() => undefined);
    return (await this.#patiently(opening)).stream.getReader();
  }

  #patiently<T>(work: PromiseLike<T>): Promise<T> {
    const { timing, signal } = this.#setting;
    const ms =
      this.#firstTokenMs === null ? timing.firstTokenMs - (Date.now() - this.#begunAt) : timing.idleMs;
    return within(work, ms, signal);
  }

  #take(part: LanguageModelV4StreamPart): ModelPart | null {
    if (isToken(part)) this.#firstTokenMs ??= Date.now() - this.#begunAt;
    if (part.type === 'error') throw failureFrom(part.error);
    if (part.type === 'finish') {
      this.#usage = part.usage;
      const { unified } = part.finishReason;
      if (unified === 'error' || unified === 'interrupted') throw new CallFailure('failed');
    }
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
      this.#answer += part.delta;
      return part.type === 'reasoning-delta' || part.delta === '' ? null : { type: 'text', text: part.delta };
    }
    if (part.type !== 'tool-call') return null;
    this.#answer += part.input;
    return { type: 'tool-call', id: part.toolCallId, name: part.toolName, input: part.input };
  }
}
