/** Calls of models, streamed and whole. A call is tried again until a part of an answer is of use. */
import { failureFrom, ProviderFailure } from '../../provider-failure.ts';
import { attempt, type Attempt, type CallContext } from './attempt.ts';
import { setUsage } from './chat-span.ts';
import type { ChatPart, ModelToolCall } from './chat/port.ts';
import { ModelStream, tokensOf, type ModelPart } from './model-stream.ts';
import type { ModelChoice } from './models.ts';
import { Watchdog } from './patience.ts';
import type { ModelRequest } from './request.ts';

export type { CallContext, CallReport, CallTracing, Timing } from './attempt.ts';

/** A whole answer. */
export interface Generated {
  text: string;
  toolCalls: ModelToolCall[];
}

/** A stream whose answer has begun to be of use, with the parts that were read to know it. */
export class OpenStream {
  readonly choice: ModelChoice;
  readonly stream: ModelStream;
  /** The parts that were read already. */
  readonly #read: ModelPart[];

  constructor(choice: ModelChoice, stream: ModelStream, read: ModelPart[]) {
    this.choice = choice;
    this.stream = stream;
    this.#read = read;
  }

  /** True while the next part has not come from the provider. */
  get isWaiting(): boolean {
    return this.#read.length === 0 && this.stream.isWaiting;
  }

  /** Returns the next part, or null at the end: see `ModelStream.next`. */
  next(): ModelPart | Promise<ModelPart | null> {
    return this.#read.shift() ?? this.stream.next();
  }
}

/**
 * Streams an answer. Reads until the answer is of use, or ends; a failure before that is tried again. `begins` makes, for
 * each attempt, a predicate that is true of the part with which the answer begins to be of use.
 */
export function openStream(
  context: CallContext,
  request: ModelRequest,
  begins: (choice: ModelChoice) => (part: ModelPart) => boolean,
): Promise<OpenStream> {
  const open = async ({ choice, asked, deadlines, running, span }: Attempt) => {
    const stream = new ModelStream({ ...context, choice, running, timing: deadlines, span }, asked);
    const hasBegun = begins(choice);
    const read: ModelPart[] = [];
    for (let part = await stream.next(); part !== null; part = await stream.next()) {
      read.push(part);
      if (hasBegun(part)) return new OpenStream(choice, stream, read);
    }
    const isEmpty = read.every((part) => part.type === 'text' && part.text.trim() === '');
    if (isEmpty && request.mayBeEmpty !== true) throw new ProviderFailure('empty');
    return new OpenStream(choice, stream, read);
  };
  return attempt(context, request, open, true);
}

/** Gives a whole answer the `cancel` that `Watchdog.open` requires. There is nothing left to cancel. */
function uncancellable(parts: readonly ChatPart[]) {
  return { parts, cancel: () => undefined };
}

async function generateOnce(
  { interaction, meter, signal }: CallContext,
  { choice, asked, deadlines, running, span }: Attempt,
): Promise<Generated> {
  const watchdog = new Watchdog(deadlines.answerMs, signal);
  const begunAt = Date.now();
  try {
    const answering = choice.model.complete(asked, watchdog.signal).then(uncancellable);
    const { parts } = await watchdog.open(answering);
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const toolCalls = parts.filter((part) => part.type === 'tool-call');
    const usage = parts.find((part) => part.type === 'usage')?.usage ?? null;
    const made = {
      interaction,
      model: choice.name,
      ...tokensOf(usage, asked, text, choice.prices),
      first_token_ms: Date.now() - begunAt,
    };
    meter.end(made);
    setUsage(span, made);
    const filtered = parts.some((part) => part.type === 'end' && part.reason === 'filtered');
    if (filtered) throw new ProviderFailure('filtered');
    if (text.trim() === '' && toolCalls.length === 0) throw new ProviderFailure('empty');
    return { text, toolCalls };
  } catch (error) {
    span.fail(signal.aborted ? 'cancelled' : failureFrom(error).kind);
    watchdog.throwIfEnded();
    throw error;
  } finally {
    span.end();
    watchdog.end();
    running.release();
  }
}

/** Returns a whole answer, without streaming it. */
export function generate(context: CallContext, request: ModelRequest): Promise<Generated> {
  return attempt(context, request, (tried) => generateOnce(context, tried));
}
