/** Members of a request by which a provider keeps the begin of its prompt, so that it is read once and costs less. Pure. */
import type { PromptCache } from '../../../contract/prompt-cache.ts';
import { cut } from '../../../text.ts';
import type { ChatMessage, ChatRequest } from './port.ts';

/** The part of the instructions that makes the key, in UTF-16 units: they differ long before. */
const MAX_KEYED_LENGTH = 100_000;

/** Returns a short name of a text (FNV-1a), of at most 15 characters: the same for the same text. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `prompt-${(hash >>> 0).toString(16)}`;
}

/** The key is made of the instructions alone: they have nothing of a user, and change with the version of the agent. */
function keyOf({ messages }: ChatRequest): string {
  return nameOf(cut(messages[0]?.content ?? '', MAX_KEYED_LENGTH));
}

/** Marks of a part of a message that ends a begin which the provider keeps. */
const MARKS = {
  cache_control: { cache_control: { type: 'ephemeral' } },
  prompt_cache_breakpoint: { prompt_cache_breakpoint: { mode: 'explicit' } },
} as const;

/**
 * Returns a message in parts. The part with its last stable end is marked, and so are the instructions. The others are
 * parts of their own because a provider looks for what it has kept at the ends of parts.
 */
function inParts(message: ChatMessage, mark: object): unknown {
  if (message.role !== 'system' && message.role !== 'user') return message;
  const { role, content, stable = [] } = message;
  const ends = role === 'system' ? [content.length] : stable;
  const last = ends.at(-1);
  if (last === undefined || content === '') return { role, content };
  const starts = [0, ...ends].filter((start) => start < content.length);
  const parts = starts.map((start, index) => {
    const end = starts[index + 1] ?? content.length;
    return { type: 'text', text: content.slice(start, end), ...(end === last && mark) };
  });
  return { role, content: parts };
}

/** Returns the members for a way of keeping prompts; none where the request is to be sent without them. */
export function cacheMembers(way: PromptCache, request: ChatRequest): Record<string, unknown> {
  if (way === 'none' || request.keepsPrompt === false) return {};
  if (way === 'prompt_cache_key') return { prompt_cache_key: keyOf(request) };
  const messages = request.messages.map((message) => inParts(message, MARKS[way]));
  if (way === 'cache_control') return { messages };
  // Without this option OpenAI also keeps each prompt to its end, at a price, where no other prompt begins so.
  return { prompt_cache_key: keyOf(request), prompt_cache_options: { mode: 'explicit' }, messages };
}
