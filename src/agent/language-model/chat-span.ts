/** The span of each call of a model, by the conventions of OpenTelemetry for generative AI. */
import type { ModelCall } from '../../contract/insights.ts';
import { noTracer, type Span, type SpanAttributes, type Tracer } from '../tracer.ts';
import type { ChatRequest } from './chat/port.ts';
import type { Interaction, ModelChoice } from './models.ts';

/** The tracer of model calls, and the name of their provider. */
export interface CallTracing {
  tracer: Tracer;
  provider: string;
}

/** No spans: for reasoners outside of a deployment. */
const NO_TRACING: CallTracing = { tracer: noTracer, provider: 'unknown' };

/** The attributes of requests that are parameters of providers. */
const PARAMETERS = {
  'gen_ai.request.max_tokens': 'max_output_tokens',
  'gen_ai.request.temperature': 'temperature',
  'gen_ai.request.top_p': 'top_p',
} as const;

function parametersOf({ params }: ChatRequest): SpanAttributes {
  return Object.fromEntries(
    Object.entries(PARAMETERS).flatMap(([attribute, name]) => {
      const value = params[name];
      return typeof value === 'number' ? [[attribute, value]] : [];
    }),
  );
}

/** Runs a call of a model inside its span, which the call is to end. */
export function inChatSpan<T>(
  { tracer, provider }: CallTracing = NO_TRACING,
  { choice, asked, interaction }: { choice: ModelChoice; asked: ChatRequest; interaction: Interaction },
  call: (span: Span) => T,
): T {
  const { id } = choice.model;
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': id,
    'gen_ai.output.type': asked.json === null ? 'text' : 'json',
    ...parametersOf(asked),
    'conversation_api.interaction': interaction,
    'conversation_api.model_name': choice.name,
  };
  return tracer.span(`chat ${id}`, attributes, call);
}

/** Sets the usage of a call on its span. */
export function setUsage(span: Span, call: ModelCall): void {
  span.set({
    'gen_ai.usage.input_tokens': call.input_tokens,
    'gen_ai.usage.output_tokens': call.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': call.cached_input_tokens,
    'gen_ai.usage.cache_creation.input_tokens': call.cache_write_input_tokens,
    'conversation_api.first_token_ms': call.first_token_ms,
  });
}
