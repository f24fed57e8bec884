import type { ModelCall } from '../../contract/insights.ts';
import type { RunningCall } from '../metered-call.ts';
import type { Span } from '../tracer.ts';
import type { UsageMeter } from '../usage.ts';
import { setUsage } from './chat-span.ts';
import type { ChatPart, ChatRequest, ChatStream, ChatUsage, EndReason, ModelToolCall } from './chat/port.ts';
import { ProviderFailure, failureFrom } from '../../provider-failure.ts';
import { costOf, type Deadlines, type Interaction, type ModelChoice, type Prices } from './models.ts';
import { Watchdog } from './patience.ts';
import { estimateTokens, exactTokens } from './window.ts';

/** A part of an answer that `ModelStream` gives to its reader. */
export type ModelPart = { type: 'text'; text: string } | ({ type: 'tool-call' } & ModelToolCall);

/** The longest wait for the usage and the end of the connection, after an answer has ended, in milliseconds. */
const LAST_WORDS_MS = 500;

/** The model, the limits and the meter of a streamed call. */
export interface StreamSetting {
  choice: ModelChoice;
  interaction: Interaction;
  meter: UsageMeter;
  running: RunningCall;
  signal: AbortSignal;
  timing: Deadlines;
  /** The span of the call: it ends with the stream. */
  span: Span;
}

/** Returns tokens as the provider counted them, and their price. Those that it did not count are estimated, and marked. */
export function tokensOf(
  usage: ChatUsage | null,
  request: ChatRequest,
  answer: string,
  prices: Prices | undefined,
) {
  const { cached_input_tokens: cached, cache_write_input_tokens: written } = usage ?? {};
  const tokens = {
    input_tokens: usage?.input_tokens ?? estimateTokens(JSON.stringify(request.messages)),
    output_tokens: usage?.output_tokens ?? estimateTokens(answer),
    ...(cached !== undefined && { cached_input_tokens: cached }),
    ...(written !== undefined && { cache_write_input_tokens: written }),
  };
  const cost = costOf(prices, tokens);
  const isEstimated = usage?.input_tokens == null || usage.output_tokens == null;
  return {
    ...tokens,
    ...(cost !== null && { cost_usd: cost / 1_000_000 }),
    ...(isEstimated && { estimated: true }),
  };
}

/** One streamed call of one model. Ends by itself or by `close`; either way its usage is kept, once. */
export class ModelStream {
  /** The interaction under which the usage is kept. It may change: only the answer tells choosing from speaking. */
  interaction: Interaction;
  readonly #setting: StreamSetting;
  readonly #request: ChatRequest;
  readonly #watchdog: Watchdog;
  readonly #begunAt = Date.now();
  #stream: ChatStream | null = null;
  #parts: ModelPart[] = [];
  #gaveParts = false;
  #answer = '';
  #usage: ChatUsage | null = null;
  #firstTokenMs: number | null = null;
  #reason: EndReason | null = null;
  #closed = false;
  /** True once the allowance is used up: the answer ends with what came until then. */
  #isExhausted = false;

  constructor(setting: StreamSetting, request: ChatRequest) {
    this.#setting = setting;
    this.#request = request;
    this.interaction = setting.interaction;
    this.#watchdog = new Watchdog(setting.timing.firstTokenMs, setting.signal);
  }

  /** The reason why the answer ended; null before its end, and for an answer that was given up. */
  get reason(): EndReason | null {
    return this.#reason;
  }

  /** True while the next part has not come from the provider. */
  get isWaiting(): boolean {
    return this.#parts.length === 0 && !this.#closed && this.#stream?.isOver !== true;
  }

  /** Returns the next part, or null at the end. Throws `ProviderFailure`, or the reason of the turn's end. */
  async next(): Promise<ModelPart | null> {
    try {
      for (;;) {
        const part = this.#parts.shift();
        if (part !== undefined) return part;
        if (this.#isExhausted) this.#endExhausted();
        if (this.#closed) return null;
        this.#stream ??= await this.#open();
        let arrived: readonly ChatPart[] | null = null;
        try {
          if (!this.#stream.isOver) {
            this.#watchdog.watch();
            arrived = await this.#stream.next();
          }
          // A stream that was cancelled ends like one that is over.
          if (arrived === null) this.#watchdog.throwIfEnded();
        } catch (error) {
          // After the reason of its end an answer is complete, even if the connection then breaks.
          if (this.#reason === null || this.#setting.signal.aborted) throw error;
        }
        if (arrived === null) this.close();
        else for (const each of arrived) this.#take(each);
      }
    } catch (error) {
      const { signal, span } = this.#setting;
      span.fail(signal.aborted ? 'cancelled' : failureFrom(error).kind);
      this.close();
      this.#watchdog.throwIfEnded();
      throw failureFrom(error);
    }
  }

  /** Ends the call, and tells the provider so when it is not at its end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const isOver = this.#stream?.isOver;
    this.#stream?.cancel();
    this.#watchdog.end(isOver);
    const { meter, running, span } = this.#setting;
    running.release();
    // A call without a token and without usage has no costs to record.
    if (this.#firstTokenMs !== null || this.#usage !== null) {
      const made = this.#call();
      meter.end(made);
      setUsage(span, made);
    }
    span.end();
  }

  #call(): ModelCall {
    return {
      interaction: this.interaction,
      model: this.#setting.choice.name,
      ...tokensOf(this.#usage, this.#request, this.#answer, this.#setting.choice.prices),
      first_token_ms: this.#firstTokenMs ?? Date.now() - this.#begunAt,
    };
  }

  #endExhausted(): void {
    this.#isExhausted = false;
    this.#reason ??= 'length';
    this.close();
    this.#setting.running.exhausted();
  }

  #open(): Promise<ChatStream> {
    const { model } = this.#setting.choice;
    return this.#watchdog.open(model.stream(this.#request, this.#watchdog.signal));
  }

  #take(part: ChatPart): void {
    // What came with the piece that used up the allowance is not passed on.
    if (this.#isExhausted && part.type !== 'usage' && part.type !== 'end') return;
    switch (part.type) {
      case 'usage':
        this.#usage = part.usage;
        return;
      case 'end':
        this.#reason = part.reason;
        this.#isExhausted ||= part.reason === 'length' && this.#setting.running.isCapped;
        this.#watchdog.extend(LAST_WORDS_MS);
        if (part.reason === 'filtered' && !this.#gaveParts) throw new ProviderFailure('filtered');
        return;
      case 'text':
      case 'reasoning':
        this.#answer += part.text;
        this.#produced(part.text);
        this.#sawToken();
        if (part.type === 'text') this.#give(part);
        return;
      case 'tool-call':
        this.#answer += part.input;
        this.#produced(part.input);
        this.#sawToken();
        this.#give(part);
    }
  }

  #produced(text: string): void {
    if (this.#setting.meter.isBounded && !this.#setting.running.produced(exactTokens(text))) {
      this.#isExhausted = true;
    }
  }

  #give(part: ModelPart): void {
    this.#gaveParts = true;
    this.#parts.push(part);
  }

  #sawToken(): void {
    this.#firstTokenMs ??= Date.now() - this.#begunAt;
    this.#watchdog.extend(this.#setting.timing.idleMs);
  }
}
