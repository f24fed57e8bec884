/** The most that a call may write, in the parameters of its model. Pure. */
import type { ModelParams } from './chat/port.ts';

/** Names of the parameter in lower case, without `_`: providers and operators write it in these ways. */
const NAMES = new Set(['maxoutputtokens', 'maxtokens', 'maxcompletiontokens']);

function limitsIn(params: ModelParams): [string, number][] {
  return Object.entries(params).flatMap(([name, value]) =>
    NAMES.has(name.replaceAll('_', '').toLowerCase()) && typeof value === 'number' ? [[name, value]] : [],
  );
}

/** Returns parameters by which a model writes at most so many tokens: a lower limit of its own stays. */
export function cappedParams(params: ModelParams, tokens: number): ModelParams {
  const limits = limitsIn(params);
  if (limits.length === 0) return { ...params, max_output_tokens: tokens };
  const lowered = limits.map(([name, value]) => [name, Math.min(value, tokens)] as const);
  return { ...params, ...Object.fromEntries(lowered) };
}

/** Returns the limit that parameters have of their own, in tokens; null for none. */
export function outputLimitOf(params: ModelParams): number | null {
  const limits = limitsIn(params).map(([, value]) => value);
  return limits.length === 0 ? null : Math.min(...limits);
}
