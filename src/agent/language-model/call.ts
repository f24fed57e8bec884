/** Calls of models: with a deadline, one retry, and a fallback, for as long as nothing of an answer was used. */
import { pause } from '../../deadline.ts';
import { ProblemError } from '../../problems.ts';
import type { UsageMeter } from '../usage.ts';
import type { ChatMessage, ChatPart, ChatRequest, ChatTool, ModelToolCall } from './chat/port.ts';
import { failureFrom, problemOf, ProviderFailure, type FailureKind } from '../../provider-failure.ts';
import { ModelStream, tokensOf, type ModelPart, type StreamTiming } from './model-stream.ts';
import type { Interaction, ModelChoice, SchemaObject } from './models.ts';
import { Watchdog } from './patience.ts';

export interface Timing extends StreamTiming {
  /** For an answer that is not streamed, as a whole. */
  answerMs: number;
  /** Before a model that failed is asked again, when it does not say itself how long to wait. */
  retryMs: number;
}

/** A failed call, for a log: nothing that the provider said. */
export interface CallReport {
  interaction: Interaction;
  model: string;
  kind: FailureKind;
  status: number | null;
}

/** What calls for one purpose have in common. */
export interface CallContext {
  interaction: Interaction;
  models: readonly ModelChoice[];
  meter: UsageMeter;
  signal: AbortSignal;
  timing: Timing;
  report: (failure: CallReport) => void;
}

export interface ModelRequest {
  prompt: readonly ChatMessage[];
  tools?: readonly ChatTool[];
  /** Whether the tools may be called; otherwise they are named only for what was called before. */
  mayCall?: boolean;
  /** Whether there may be nothing left to say. */
  mayBeEmpty?: boolean;
  /** The answer is to be JSON of this schema. */
  json?: SchemaObject;
}

export interface Generated {
  text: string;
  toolCalls: ModelToolCall[];
}

/** Models whose server does not know the wish for JSON: for them the prompt alone has to do. */
const withoutJsonMode = new WeakSet<object>();

function chatRequest({ model, params }: ModelChoice, request: ModelRequest): ChatRequest {
  const { prompt, tools = [], mayCall = true, json = null } = request;
  return { messages: prompt, tools, mayCall, json: withoutJsonMode.has(model) ? null : json, params };
}

/** Whether the very wish for JSON may be what the server rejected; then it is not uttered again. */
function givesUpJsonMode(failure: ProviderFailure, choice: ModelChoice, request: ModelRequest): boolean {
  if (request.json === undefined || failure.kind !== 'rejected') return false;
  if ((failure.status !== 400 && failure.status !== 422) || withoutJsonMode.has(choice.model)) return false;
  withoutJsonMode.add(choice.model);
  return true;
}

/**
 * Tries the models in their order. A failure is retried once, with the model that failed unless another can do better:
 * the next one takes over at once from a model that is slow or has too much to do, and from one that failed again.
 */
async function attempt<T>(
  context: CallContext,
  request: ModelRequest,
  call: (choice: ModelChoice) => Promise<T>,
): Promise<T> {
  const { models, meter, signal } = context;
  let retried = false;
  let last = new ProviderFailure('failed');
  for (let index = 0; ;) {
    const choice = models[index];
    if (choice === undefined) throw problemOf('model', last);
    signal.throwIfAborted();
    meter.begin();
    try {
      return await call(choice);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProblemError) throw error;
      const failure = failureFrom(error);
      const { kind, status } = failure;
      last = failure;
      context.report({ interaction: context.interaction, model: choice.name, kind, status });
      if (givesUpJsonMode(failure, choice, request)) continue;
      const another = index + 1 < models.length;
      const isFinal = kind === 'rejected' || kind === 'filtered';
      const again = !isFinal && !(another && (kind === 'deadline' || kind === 'rate-limited'));
      if (retried || !again) {
        index += 1;
        continue;
      }
      retried = true;
      await pause(failure.retryAfterMs ?? context.timing.retryMs, signal);
    }
  }
}

/** A stream that has begun to be of use: what was read of it so far, and the rest. */
export interface OpenStream {
  read: ModelPart[];
  stream: ModelStream;
}

/**
 * Streams an answer. Reads on until `begins()` says of a part that with it the answer begins to be of use; what fails
 * before that is tried again. Each attempt is judged by a predicate of its own.
 */
export function openStream(
  context: CallContext,
  request: ModelRequest,
  begins: () => (part: ModelPart) => boolean,
): Promise<OpenStream> {
  return attempt(context, request, async (choice) => {
    const stream = new ModelStream({ ...context, choice }, chatRequest(choice, request));
    const hasBegun = begins();
    const read: ModelPart[] = [];
    for (let part = await stream.next(); part !== null; part = await stream.next()) {
      read.push(part);
      if (hasBegun(part)) return { read, stream };
    }
    const isEmpty = read.every((part) => part.type === 'text' && part.text.trim() === '');
    if (isEmpty && request.mayBeEmpty !== true) throw new ProviderFailure('empty');
    return { read, stream };
  });
}

/** The parts of a stream. A failure on the way is final: what was used already cannot be taken back. */
export async function* partsOf({ read, stream }: OpenStream): AsyncGenerator<ModelPart, void> {
  try {
    yield* read;
    for (let part = await stream.next(); part !== null; part = await stream.next()) yield part;
  } catch (error) {
    throw error instanceof ProviderFailure ? problemOf('model', error) : error;
  } finally {
    stream.close();
  }
}

/** A whole answer can be cancelled as little as an array. */
function uncancellable(parts: readonly ChatPart[]) {
  return { parts, cancel: () => undefined };
}

async function generateOnce(
  context: CallContext,
  choice: ModelChoice,
  request: ModelRequest,
): Promise<Generated> {
  const { interaction, meter, signal, timing } = context;
  const asked = chatRequest(choice, request);
  const watchdog = new Watchdog(timing.answerMs, signal);
  const begunAt = Date.now();
  try {
    const answering = choice.model.complete(asked, watchdog.signal).then(uncancellable);
    const { parts } = await watchdog.open(answering);
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const toolCalls = parts.filter((part) => part.type === 'tool-call');
    const usage = parts.find((part) => part.type === 'usage')?.usage ?? null;
    meter.end({
      interaction,
      model: choice.name,
      ...tokensOf(usage, asked, text),
      first_token_ms: Date.now() - begunAt,
    });
    const filtered = parts.some((part) => part.type === 'end' && part.reason === 'filtered');
    if (filtered) throw new ProviderFailure('filtered');
    if (text.trim() === '' && toolCalls.length === 0) throw new ProviderFailure('empty');
    return { text, toolCalls };
  } catch (error) {
    watchdog.throwIfEnded();
    throw error;
  } finally {
    watchdog.end();
  }
}

/** A whole answer at once. */
export function generate(context: CallContext, request: ModelRequest): Promise<Generated> {
  return attempt(context, request, (choice) => generateOnce(context, choice, request));
}
