/** Calls of models, streamed and whole, for as long as nothing of an answer was used. */
import { problemOf, ProviderFailure } from '../../provider-failure.ts';
import { attempt, type Attempt, type CallContext } from './attempt.ts';
import type { ChatPart, ModelToolCall } from './chat/port.ts';
import { ModelStream, tokensOf, type ModelPart } from './model-stream.ts';
import type { ModelChoice } from './models.ts';
import { Watchdog } from './patience.ts';
import type { ModelRequest } from './request.ts';

export type { CallContext, CallReport, Timing } from './attempt.ts';

/** A whole answer. */
export interface Generated {
  text: string;
  toolCalls: ModelToolCall[];
}

/** A stream that has begun to be of use: what was read of it so far, and the rest. */
export interface OpenStream {
  choice: ModelChoice;
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
  begins: (choice: ModelChoice) => (part: ModelPart) => boolean,
): Promise<OpenStream> {
  return attempt(context, request, async ({ choice, asked, deadlines }) => {
    const stream = new ModelStream({ ...context, choice, timing: deadlines }, asked);
    const hasBegun = begins(choice);
    const read: ModelPart[] = [];
    for (let part = await stream.next(); part !== null; part = await stream.next()) {
      read.push(part);
      if (hasBegun(part)) return { choice, read, stream };
    }
    const isEmpty = read.every((part) => part.type === 'text' && part.text.trim() === '');
    if (isEmpty && request.mayBeEmpty !== true) throw new ProviderFailure('empty');
    return { choice, read, stream };
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
  { interaction, meter, signal }: CallContext,
  { choice, asked, deadlines }: Attempt,
): Promise<Generated> {
  const watchdog = new Watchdog(deadlines.answerMs, signal);
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
      ...tokensOf(usage, asked, text, choice.prices),
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
  return attempt(context, request, (tried) => generateOnce(context, tried));
}
