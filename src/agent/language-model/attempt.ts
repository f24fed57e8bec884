/** Tries models in their order: with one retry, pauses for a server that starts, and without what a server refuses. */
import { pause } from '../../deadline.ts';
import { ProblemError } from '../../problems.ts';
import { failureFrom, problemOf, ProviderFailure, type FailureKind } from '../../provider-failure.ts';
import type { Span } from '../tracer.ts';
import type { RunningCall } from '../metered-call.ts';
import type { UsageMeter } from '../usage.ts';
import { affordableCall } from './affordable-call.ts';
import { inChatSpan, type CallTracing } from './chat-span.ts';
import type { ChatRequest } from './chat/port.ts';
import { habitsOf } from './habits.ts';
import { deadlinesOf, type Deadlines, type Interaction, type ModelChoice } from './models.ts';
import { chatRequest, NO_CONCESSIONS, type Concessions, type ModelRequest } from './request.ts';

/** Times of calls in milliseconds. */
export interface Timing extends Deadlines {
  /** The pause before a model that failed is asked again, when its provider does not say how long to wait. */
  retryMs: number;
}

/** The pause before a model that failed is asked again, in milliseconds. */
const RETRY_MS = 200;
/** The longest pause before a server that starts is asked again, in milliseconds. */
const MAX_PAUSE_MS = 8_000;

export type { CallTracing } from './chat-span.ts';

/** A failed call, for a log. It has no text of the provider. */
export interface CallReport {
  interaction: Interaction;
  model: string;
  kind: FailureKind;
  status: number | null;
}

/** The values that all calls for one purpose share. */
export interface CallContext {
  interaction: Interaction;
  models: readonly ModelChoice[];
  meter: UsageMeter;
  signal: AbortSignal;
  /** Times for models whose configuration leaves them open. */
  timing: Partial<Timing>;
  report: (failure: CallReport) => void;
  /** Receives the spans of the calls. Default: none. */
  tracing: CallTracing | undefined;
}

/** One call of one model. */
export interface Attempt {
  choice: ModelChoice;
  asked: ChatRequest;
  deadlines: Deadlines;
  /** The span of the call, which the call ends. */
  span: Span;
  running: RunningCall;
}

/** Statuses by which servers refuse a request for what it asks for, and not for its size or its key. */
const REFUSING = new Set([400, 404, 405, 422]);

/**
 * Returns what the server may have refused and is left out next: the role that its error names, the members for its cache, which no answer needs, then
 * JSON, then tools. Null when nothing is left to leave out.
 */
function conceded(
  failure: ProviderFailure,
  { model }: ModelChoice,
  { tools, json, keepsPrompt }: ChatRequest,
  without: Concessions,
): keyof Concessions | null {
  if (failure.refusal === 'system_role' && !without.system) return 'system';
  if (failure.kind !== 'rejected' || !REFUSING.has(failure.status ?? 0)) return null;
  if (model.keepsPrompts === true && keepsPrompt !== false && !without.cache) return 'cache';
  if (json !== null && !without.json) return 'json';
  return tools.length > 0 && !without.tools ? 'tools' : null;
}

/**
 * Remembers what the model had to be asked without: its server refuses it. That is what was left out last: the server
 * refused the request without the others too, and is asked with them again.
 */
function learn({ model }: ModelChoice, { last, without }: Tries): void {
  const habits = habitsOf(model);
  habits.refusesJson ||= last === 'json';
  habits.refusesTools ||= last === 'tools';
  habits.refusesCache ||= last === 'cache';
  // Its error named the role.
  habits.refusesSystem ||= without.system;
}

/** The tries of one model so far. */
interface Tries {
  begunAt: number;
  /** The number of pauses because its server was not ready. */
  waits: number;
  without: Concessions;
  /** The part that was left out last. */
  last: keyof Concessions | null;
}

function newTries(): Tries {
  return { begunAt: Date.now(), waits: 0, without: NO_CONCESSIONS, last: null };
}

/** Tells whether a model may be asked again after a failure. `another` is true when another model can take over. */
function canRepeat({ kind }: ProviderFailure, another: boolean): boolean {
  if (kind === 'rejected' || kind === 'filtered') return false;
  return !(another && (kind === 'deadline' || kind === 'rate-limited' || kind === 'not-ready'));
}

/**
 * Tries the models in their order. A failure is retried once, with the model that failed unless another can do better:
 * the next one takes over at once from a model that is slow or has too much to do, and from one that failed again. The
 * last model, when its server is not ready, is asked until its first token is due.
 */
export async function attempt<T>(
  context: CallContext,
  request: ModelRequest,
  call: (attempt: Attempt) => Promise<T>,
  isStreamed = false,
): Promise<T> {
  const { models, signal, timing, interaction } = context;
  const { retryMs = RETRY_MS, ...general } = timing;
  let retried = false;
  let last = new ProviderFailure('failed');
  let tries = newTries();
  for (let index = 0; ;) {
    const choice = models[index];
    if (choice === undefined) throw problemOf('model', last);
    signal.throwIfAborted();
    const another = index + 1 < models.length;
    const wanted = chatRequest(choice, request, tries.without);
    const deadlines = deadlinesOf(choice, general, another);
    const { running, asked } = await affordableCall(context, choice, wanted, isStreamed);
    try {
      const result = await inChatSpan(context.tracing, { choice, asked, interaction }, (span) =>
        call({ choice, asked, deadlines, running, span }),
      );
      learn(choice, tries);
      return result;
    } catch (error) {
      running.release();
      signal.throwIfAborted();
      if (error instanceof ProblemError) throw error;
      last = failureFrom(error);
      context.report({ interaction, model: choice.name, kind: last.kind, status: last.status });
      const left = conceded(last, choice, asked, tries.without);
      if (left !== null) {
        tries = { ...tries, without: { ...tries.without, [left]: true }, last: left };
        continue;
      }
      const waitMs = Math.min(retryMs * 2 ** tries.waits, MAX_PAUSE_MS);
      const waits =
        last.kind === 'not-ready' && !another && Date.now() + waitMs - tries.begunAt < deadlines.firstTokenMs;
      if (!waits && (retried || !canRepeat(last, another))) {
        index += 1;
        tries = newTries();
        continue;
      }
      if (waits) tries = { ...tries, waits: tries.waits + 1 };
      else retried = true;
      await pause(last.retryAfterMs ?? (waits ? waitMs : retryMs), signal);
    }
  }
}
