/** Adds up calls of models: as amounts of a budget, and as rows of usage. Pure. */
import type { ModelCall } from '../contract/insights.ts';
import { microUsdOf } from '../agent/usage.ts';
import type { Amounts } from './amounts.ts';
import { periodAt } from './periods.ts';
import { addRows, NO_USAGE, sumOf, type UsageCounts, type UsageKind, type UsageRow } from './usage.ts';

/** Kinds of work by the interaction that a model is called for. All others are part of a turn. */
const KINDS: Readonly<Record<string, UsageKind>> = {
  SummarizeConversation: 'summary',
  ExtractMemories: 'analysis',
  GenerateUserModel: 'analysis',
  ComputeMetric: 'analysis',
  GenerateConversationStarters: 'starters',
  RecommendResponses: 'recommendation',
};

/** Returns the counts of one call. */
export function countsOf(call: ModelCall): UsageCounts {
  return {
    input_tokens: call.input_tokens,
    cached_input_tokens: call.cached_input_tokens ?? 0,
    output_tokens: call.output_tokens,
    model_calls: 1,
    estimated_calls: call.estimated === true ? 1 : 0,
    micro_usd: microUsdOf(call),
  };
}

/** Returns the counts of calls together. */
export function totalOf(calls: readonly ModelCall[]): UsageCounts {
  return calls.reduce((sum, call) => sumOf(sum, countsOf(call)), NO_USAGE);
}

/** Returns the amounts that calls have spent, beside a number of turns. */
export function spentBy(calls: readonly ModelCall[], turns: number): Amounts {
  const { input_tokens, output_tokens, micro_usd } = totalOf(calls);
  return { tokens: input_tokens + output_tokens, micro_usd, turns };
}

/** Returns the rows of calls that ended at a time, one for each model and kind of work. */
export function rowsOf(calls: readonly ModelCall[], now: number): UsageRow[] {
  const day = periodAt('day', now);
  return calls.reduce<UsageRow[]>((rows, call) => {
    const row = { day, model: call.model, kind: KINDS[call.interaction] ?? 'turn', ...countsOf(call) };
    return addRows(rows, [row]);
  }, []);
}
