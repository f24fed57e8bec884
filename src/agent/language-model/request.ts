/** A request as one model can take it: without tools, without a schema, or with both. Pure. */
import type { ChatMessage, ChatRequest, ChatTool, SchemaObject } from './chat/port.ts';
import { habitsOf } from './habits.ts';
import type { ModelChoice } from './models.ts';

/** The two ways to ask for an answer: in words, and as JSON of a schema that the provider enforces. */
export interface AnswerForm {
  words: string;
  json: { text: string; schema: SchemaObject };
}

/** A question to a model, before it is fitted to what the model can do. */
export interface ModelRequest {
  prompt: readonly ChatMessage[];
  tools?: readonly ChatTool[];
  /** False when the model must not call the tools. They are sent all the same: the prompt may have calls of them. */
  mayCall?: boolean;
  /** True when the answer may be empty, because there may be nothing left to say. */
  mayBeEmpty?: boolean;
  /** The JSON Schema of the answer. */
  json?: SchemaObject;
  /** The form of the answer. It is joined to the end of the first question. */
  form?: AnswerForm;
}

/** Parts that a request leaves out, because a server refused them. */
export interface Concessions {
  json: boolean;
  tools: boolean;
  /** The members by which the provider keeps the begin of the prompt. */
  cache: boolean;
  /** The role `system`. */
  system: boolean;
}

/** No concession: a request as the model should be able to take it. */
export const NO_CONCESSIONS: Concessions = { json: false, tools: false, cache: false, system: false };

/** Calls of tools and their outputs as words, for a model that has no tools. */
function inWords(message: ChatMessage): ChatMessage[] {
  if (message.role === 'tool')
    return [{ role: 'user', content: `The output of the tool: ${message.content}` }];
  if (message.role !== 'assistant' || message.tool_calls === undefined) return [message];
  const calls = message.tool_calls.map(({ function: called }) => `${called.name}(${called.arguments})`);
  return [{ role: 'assistant', content: [message.content ?? '', ...calls].filter(Boolean).join('\n') }];
}

/** Returns messages whose instructions begin the first question, for a model that has no role for them. */
function withoutSystem(messages: readonly ChatMessage[]): ChatMessage[] {
  const [first, second, ...others] = messages;
  if (first?.role !== 'system' || second?.role !== 'user') return [...messages];
  const begin = `${first.content}\n\n`;
  const stable = second.stable?.map((end) => end + begin.length);
  return [
    { role: 'user', content: begin + second.content, ...(stable !== undefined && { stable }) },
    ...others,
  ];
}

/** Joins the form to the end of the first question: what is read last is kept to best. */
function withForm(messages: readonly ChatMessage[], form: string): ChatMessage[] {
  const first = messages.findIndex(({ role }) => role === 'user');
  return messages.map((message, index) =>
    index === first && message.role === 'user'
      ? { ...message, content: `${message.content}\n\n${form}` }
      : message,
  );
}

/** Returns the request that a model is sent. */
export function chatRequest(
  choice: ModelChoice,
  request: ModelRequest,
  without: Concessions = NO_CONCESSIONS,
): ChatRequest {
  const { refusesJson, refusesTools, refusesCache, refusesSystem } = habitsOf(choice.model);
  const hasTools = choice.tools !== false && !refusesTools && !without.tools;
  const takesJson = !refusesJson && !without.json;
  const tools = hasTools ? (request.tools ?? []) : [];
  const prompt = hasTools ? request.prompt : request.prompt.flatMap(inWords);
  const messages = refusesSystem || without.system ? withoutSystem(prompt) : prompt;
  const { form, json = null, mayCall = true } = request;
  // Few models can be bound to a form of answer and be free to call tools.
  const enforced = form !== undefined && choice.structured === true && takesJson && tools.length === 0;
  return {
    messages: form === undefined ? messages : withForm(messages, enforced ? form.json.text : form.words),
    tools,
    mayCall,
    json: enforced ? form.json.schema : takesJson ? json : null,
    params: choice.params,
    keepsPrompt: !refusesCache && !without.cache,
  };
}
