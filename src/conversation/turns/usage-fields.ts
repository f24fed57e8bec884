/** The usage of models as fields of a log line. Pure. */
import { totalOf } from '../../budget/tally.ts';
import type { ModelCall } from '../../contract/insights.ts';

/** Returns the sums over calls of models. `models` names each model once, with commas between them. */
export function usageFields(calls: readonly ModelCall[]) {
  const { input_tokens, output_tokens, cached_input_tokens, model_calls, micro_usd } = totalOf(calls);
  return {
    models: [...new Set(calls.map(({ model }) => model))].toSorted().join(',') || null,
    model_calls,
    input_tokens,
    output_tokens,
    cached_input_tokens,
    cache_write_input_tokens: calls.reduce((sum, call) => sum + (call.cache_write_input_tokens ?? 0), 0),
    tokens_estimated: calls.some(({ estimated }) => estimated === true),
    cost_usd: calls.some(({ cost_usd }) => cost_usd !== undefined) ? micro_usd / 1_000_000 : null,
    model_wait_ms: calls.reduce((sum, { first_token_ms }) => sum + (first_token_ms ?? 0), 0),
  };
}
