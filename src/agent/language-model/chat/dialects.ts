/** Differences of the servers of known providers from OpenAI's protocol, by their hosts. Pure. */
import { cut } from '../../../text.ts';
import type { ChatMessage, ChatRequest } from './port.ts';

/** The differences of a provider's server. */
export interface Dialect {
  /** True when its models keep to the JSON Schema of a request. */
  schemas: boolean;
  /** True when it takes `stream_options`. Some servers send no usage without it. */
  streamOptions: boolean;
  /** The way to ask it to cache the begin of a prompt: by a key, or by a mark in the message; null for none. */
  cache: 'key' | 'mark' | null;
}

const USUAL: Dialect = { schemas: false, streamOptions: true, cache: null };

/** By host. Anthropic ignores `response_format`; Mistral refuses members that it does not know, and sends usage anyway. */
const DIALECTS: readonly (readonly [host: RegExp, dialect: Partial<Dialect>])[] = [
  [/(?:^|\.)openai\.com$/, { schemas: true, cache: 'key' }],
  [/^generativelanguage\.googleapis\.com$/, { schemas: true }],
  [/(?:^|\.)mistral\.ai$/, { schemas: true, streamOptions: false }],
  [/^openrouter\.ai$/, { cache: 'mark' }],
];

/** Returns the dialect of the server at an address; null stands for the binding of Workers AI. */
export function dialectOf(baseUrl: string | null): Dialect {
  const host = baseUrl === null ? '' : (URL.parse(baseUrl)?.hostname ?? '');
  const [, dialect] = DIALECTS.find(([pattern]) => pattern.test(host)) ?? [];
  return { ...USUAL, ...dialect };
}

/** A short name of a text (FNV-1a): the same for the same begin of a prompt. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `prompt-${(hash >>> 0).toString(16)}`;
}

/** Models of Anthropic behind OpenRouter keep what is marked. Other models would be sent a form that they need not know. */
function isMarked(id: string): boolean {
  return /^anthropic\//i.test(id);
}

function withMark(messages: readonly ChatMessage[]): unknown[] {
  return messages.map((message, index) =>
    index > 0 || message.content === null
      ? message
      : {
          ...message,
          content: [{ type: 'text', text: message.content, cache_control: { type: 'ephemeral' } }],
        },
  );
}

/** Returns the members of a request by which a provider keeps the begin of its prompt. */
export function cacheMembers(
  { cache }: Dialect,
  id: string,
  { messages }: ChatRequest,
): Record<string, unknown> {
  if (cache === 'key') return { prompt_cache_key: nameOf(cut(messages[0]?.content ?? '', 100_000)) };
  return cache === 'mark' && isMarked(id) ? { messages: withMark(messages) } : {};
}
