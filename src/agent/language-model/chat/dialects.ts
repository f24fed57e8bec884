/** Differences of the servers of known providers from OpenAI's protocol, by their hosts. Pure. */
import type { PromptCache } from '../../../contract/prompt-cache.ts';

/** The differences of a provider's server. */
export interface Dialect {
  /** True when its models keep to the JSON Schema of a request. */
  schemas: boolean;
  /** True when it takes `stream_options`. Some servers send no usage without it. */
  streamOptions: boolean;
  /** The ways to ask it to keep the begin of a prompt, by the names of its models. Other models are asked in no way. */
  caches: readonly (readonly [model: RegExp, way: PromptCache])[];
}

const USUAL: Dialect = { schemas: false, streamOptions: true, caches: [] };

/** From GPT-5.6 on, OpenAI keeps a prompt at marks and at its end alone, and asks a price for what it keeps. */
const MARKED_BY_OPENAI = /^(?:ft:)?gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|1\d)(?!\d)/i;

/**
 * By host. Anthropic ignores `response_format`, and keeps no prompts for requests of this form; Mistral refuses members
 * that it does not know, and sends usage anyway. OpenRouter passes marks on to the models of Anthropic, which keep nothing
 * without them.
 */
const DIALECTS: readonly (readonly [host: RegExp, dialect: Partial<Dialect>])[] = [
  [
    /(?:^|\.)openai\.com$/,
    {
      schemas: true,
      caches: [
        [MARKED_BY_OPENAI, 'prompt_cache_breakpoint'],
        [/./, 'prompt_cache_key'],
      ],
    },
  ],
  [/\.openai\.azure\.com$/, { caches: [[/./, 'prompt_cache_key']] }],
  [/^generativelanguage\.googleapis\.com$/, { schemas: true }],
  [/(?:^|\.)mistral\.ai$/, { schemas: true, streamOptions: false, caches: [[/./, 'prompt_cache_key']] }],
  [/^openrouter\.ai$/, { caches: [[/^anthropic\//i, 'cache_control']] }],
];

/** Returns the dialect of the server at an address; null stands for the binding of Workers AI. */
export function dialectOf(baseUrl: string | null): Dialect {
  const host = baseUrl === null ? '' : (URL.parse(baseUrl)?.hostname ?? '');
  const [, dialect] = DIALECTS.find(([pattern]) => pattern.test(host)) ?? [];
  return { ...USUAL, ...dialect };
}

/** Returns the way to ask a server to keep the begin of the prompts of a model. */
export function cacheOf({ caches }: Dialect, model: string): PromptCache {
  return caches.find(([pattern]) => pattern.test(model))?.[1] ?? 'none';
}
