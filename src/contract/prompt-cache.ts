/** The ways to ask a provider to keep the begin of a prompt. */
import * as z from 'zod';

/**
 * The way to ask for a kept begin of a prompt, by the member that the request gets: a key that brings prompts with the same
 * begin to the same machine (`prompt_cache_key`), marks on the parts of messages in the form of Anthropic (`cache_control`)
 * or of OpenAI from GPT-5.6 on (`prompt_cache_breakpoint`, with a key), or no member (`none`).
 */
export const PromptCache = z.enum(['prompt_cache_key', 'cache_control', 'prompt_cache_breakpoint', 'none']);
export type PromptCache = z.infer<typeof PromptCache>;
