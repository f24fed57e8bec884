/** The port to chat models. Messages and tools have the form of OpenAI's chat completions, which all providers share. */
import type { LanguageModelConfig } from '../../../registry/organization.ts';

/** A JSON Schema. Which draft is for its author and the provider to agree on. */
export type SchemaObject = Record<string, unknown>;

/** Provider parameters: flat, as the registry keeps them. */
export type ModelParams = LanguageModelConfig['params'];

/** A call of a tool inside the conversation with a model. `arguments` should be JSON, but may be broken. */
export interface ChatToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/** A message of the conversation with a model. */
export type ChatMessage =
  | {
      role: 'system' | 'user';
      content: string;
      /** Places in a user's `content`, in ascending order: later prompts of the conversation begin alike up to there. */
      stable?: readonly number[];
    }
  | { role: 'assistant'; content: string | null; tool_calls?: ChatToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

/** A tool that a model may call. `parameters` is the JSON Schema of its input. */
export interface ChatTool {
  name: string;
  description: string;
  parameters: SchemaObject;
}

/** A request for one answer of a model. */
export interface ChatRequest {
  messages: readonly ChatMessage[];
  tools: readonly ChatTool[];
  /** False when the model must not call the tools. They are sent all the same: `messages` may have calls of them. */
  mayCall: boolean;
  /** The JSON Schema of the answer, or null for an answer in words. */
  json: SchemaObject | null;
  params: ModelParams;
  /** False when the provider must not be asked to keep the begin of the prompt, because it refuses to be. */
  keepsPrompt?: boolean;
}

/** A call of a tool, as a model asks for it. `input` should be JSON, but may be broken. */
export interface ModelToolCall {
  id: string;
  name: string;
  input: string;
}

/** Tokens as a provider counts them; null where it does not. */
export interface ChatUsage {
  input_tokens: number | null;
  output_tokens: number | null;
  /** Input tokens that came from the provider's cache; left out where it does not say. */
  cached_input_tokens?: number;
  /** Input tokens that the provider wrote to its cache; left out where it does not say. */
  cache_write_input_tokens?: number;
}

/**
 * The reason why an answer ended: by itself (`stop`), with calls of tools, cut at the provider's limit of tokens
 * (`length`), or withheld by the provider's filter of contents (`filtered`).
 */
export type EndReason = 'stop' | 'tool-calls' | 'length' | 'filtered';

/** A part of an answer. Its texts are well-formed: no character is cut in two. */
export type ChatPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | ({ type: 'tool-call' } & ModelToolCall)
  | { type: 'usage'; usage: ChatUsage }
  | { type: 'end'; reason: EndReason };

/** A streamed answer. Call `next` again only after the promise of the last call has settled. */
export interface ChatStream {
  /** True when nothing more comes: the answer is read to its end, or was given up. */
  readonly isOver: boolean;
  /** Returns what the next piece of the network brought, or null after the end. Throws `ProviderFailure`. */
  next(): Promise<readonly ChatPart[] | null>;
  /** Gives up the rest. Safe to repeat. */
  cancel(): void;
}

/** A model of a provider. */
export interface ChatModel {
  /** The name by which the provider knows the model. */
  readonly id: string;
  /** True when its requests ask the provider to keep the begin of the prompt. */
  readonly keepsPrompts?: boolean;
  /** Asks for a streamed answer. Resolves when it begins. Throws `ProviderFailure`. */
  stream(request: ChatRequest, signal: AbortSignal): Promise<ChatStream>;
  /** Asks for an answer in one piece. Throws `ProviderFailure`. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<readonly ChatPart[]>;
}
