/** The usage of models as fields of a log line. Pure. */
import type { ModelCall } from '../../contract/insights.ts';

function sumOf(calls: readonly ModelCall[], value: (call: ModelCall) => number | undefined): number {
  return calls.reduce((sum, call) => sum + (value(call) ?? 0), 0);
}

/** Returns the sums over calls of models. `models` names each model once, with commas between them. */
export function usageFields(calls: readonly ModelCall[]) {
  return {
    models: [...new Set(calls.map(({ model }) => model))].toSorted().join(',') || null,
    model_calls: calls.length,
    input_tokens: sumOf(calls, (call) => call.input_tokens),
    output_tokens: sumOf(calls, (call) => call.output_tokens),
    cached_input_tokens: sumOf(calls, (call) => call.cached_input_tokens),
    tokens_estimated: calls.some(({ estimated }) => estimated === true),
    cost_usd: calls.some(({ cost_usd }) => cost_usd !== undefined)
      ? sumOf(calls, (call) => call.cost_usd)
      : null,
    model_wait_ms: sumOf(calls, (call) => call.first_token_ms),
  };
}
