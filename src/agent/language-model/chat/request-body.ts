import type { ChatMessage, ChatRequest, ModelParams, SchemaObject } from './port.ts';

/** Wire names of parameters that operators know by another name. Other parameters keep their name, in snake case. */
const WIRE_NAMES: Readonly<Record<string, string>> = {
  max_output_tokens: 'max_tokens',
  effort: 'reasoning_effort',
  reasoning: 'reasoning_effort',
};

/** Members that a parameter cannot set: they are the request itself. */
const RESERVED = new Set(['model', 'messages', 'tools', 'tool_choice', 'stream', 'stream_options', 'n']);

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Returns flat parameters of the registry as members of the request. A null leaves the provider's own value. */
export function wireParams(params: ModelParams): Record<string, unknown> {
  const members = Object.entries(params).flatMap(([key, value]) => {
    const name = snakeCase(key);
    return value === null || RESERVED.has(name) ? [] : [[WIRE_NAMES[name] ?? name, value] as const];
  });
  return Object.fromEntries(members);
}

/**
 * The form in which a server takes a request for JSON: a named schema (OpenAI), the schema alone (Workers AI), or the
 * type `json_object`, which has no schema.
 */
export type JsonMode = 'named-schema' | 'schema' | 'object';

function responseFormat(schema: SchemaObject | null, mode: JsonMode) {
  if (schema === null) return {};
  if (mode === 'object') return { response_format: { type: 'json_object' } };
  const json_schema = mode === 'schema' ? schema : { name: 'answer', schema };
  return { response_format: { type: 'json_schema', json_schema } };
}

/** Returns a message without what is known of it here alone. */
function wireMessage(message: ChatMessage): ChatMessage {
  return message.role === 'system' || message.role === 'user'
    ? { role: message.role, content: message.content }
    : message;
}

/** Returns the body of a chat completion, without `model` and `stream`. */
export function requestBody(request: ChatRequest, mode: JsonMode): Record<string, unknown> {
  const { messages, tools, mayCall, json, params } = request;
  return {
    ...wireParams(params),
    messages: messages.map(wireMessage),
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function', function: tool })),
      tool_choice: mayCall ? 'auto' : 'none',
    }),
    ...responseFormat(json, mode),
  };
}
