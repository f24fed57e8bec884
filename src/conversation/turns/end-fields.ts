/** Fields of the last event of a turn, and of its insights, beyond the published API. Pure. */
import { totalOf } from '../../budget/tally.ts';
import type { ModelCall, TurnUsage } from '../../contract/insights.ts';
import type { StopCause } from '../records.ts';

/** Returns the fields of an answer that was cut short; none for a whole one. */
export function stopFields(cause: StopCause | null): { stopped?: true; stop_cause?: 'budget' } {
  if (cause === null) return {};
  return cause === 'budget' ? { stopped: true, stop_cause: cause } : { stopped: true };
}

/** Returns the usage of a turn as a field; none where no model was called. The cost is null without the prices of a model. */
export function usageField(calls: readonly ModelCall[]): { usage?: TurnUsage } {
  if (calls.length === 0) return {};
  const { input_tokens, cached_input_tokens, output_tokens, model_calls, micro_usd } = totalOf(calls);
  const isPriced = calls.every(({ cost_usd }) => cost_usd !== undefined);
  const cost_usd = isPriced ? micro_usd / 1_000_000 : null;
  const ofCache = cached_input_tokens > 0 ? { cached_input_tokens } : {};
  return { usage: { input_tokens, ...ofCache, output_tokens, model_calls, cost_usd } };
}
