/** The usage of an answer as servers count it. Pure. */
import type { ChatUsage } from './port.ts';

type Json = Record<string, unknown>;

function object(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** The most tokens that a provider is believed to have counted: sums of them stay exact. */
const MAX_TOKENS = 1_000_000_000;

/** Returns a number as a count; null for what is none. */
export function count(value: unknown): number | null {
  const isCount = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  return isCount ? Math.min(Math.ceil(value), MAX_TOKENS) : null;
}

/** Names of the tokens that came from the cache: OpenAI's, Anthropic's, DeepSeek's, and those of servers of one's own. */
const READ = [
  'cached_tokens',
  'cache_read_input_tokens',
  'cache_read_tokens',
  'prompt_cache_hit_tokens',
  'num_cached_tokens',
];
/** Names of the tokens that were written to the cache: OpenAI's and OpenRouter's, Anthropic's, LiteLLM's. */
const WRITTEN = ['cache_write_tokens', 'cache_creation_input_tokens', 'cache_creation_tokens'];

/** Returns the first count of a name, in the details or beside them. */
function countIn(places: readonly (Json | null)[], names: readonly string[]): number | null {
  for (const place of places) {
    for (const name of names) {
      const found = count(place?.[name]);
      if (found !== null) return found;
    }
  }
  return null;
}

/** Returns the usage in a chunk or a whole answer; null where it has none. */
export function usageIn(chunk: Json): ChatUsage | null {
  // Groq has it in a member of its own.
  const usage = object(chunk['usage']) ?? object(object(chunk['x_groq'])?.['usage']);
  if (usage === null) return null;
  const details = object(usage['prompt_tokens_details']) ?? object(usage['input_tokens_details']);
  const read = countIn([details, usage], READ);
  const written = countIn([details, usage], WRITTEN);
  const counted = count(usage['prompt_tokens'] ?? usage['input_tokens']);
  const ofCache = (read ?? 0) + (written ?? 0);
  // Anthropic's own form counts what it read from the cache and wrote to it beside the other input.
  const isApart =
    counted !== null && (counted < ofCache || (details === null && usage['prompt_tokens'] === undefined));
  return {
    input_tokens: isApart ? Math.min(counted + ofCache, MAX_TOKENS) : counted,
    output_tokens: count(usage['completion_tokens'] ?? usage['output_tokens']),
    ...(read !== null && { cached_input_tokens: read }),
    ...(written !== null && { cache_write_input_tokens: written }),
  };
}
