/**
 * Reads the answers of chat completions, whole or chunk by chunk, in the dialects that servers speak. Fields are
 * checked by hand: a schema for each chunk costs more than all the rest of the reading.
 */
import { WholeCharacters } from '../../../text.ts';
import { failureOfStatus, ProviderFailure } from '../../../provider-failure.ts';
import type { ChatPart, EndReason } from './port.ts';
import { count, usageIn } from './usage.ts';

type Json = Record<string, unknown>;

/** Names under which servers send what a model thinks. */
const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'] as const;

/** Members of an error in which servers send a status. `code` may be a name instead. */
const STATUS_FIELDS = ['code', 'status', 'http_code', 'status_code'] as const;

const END_REASONS: Readonly<Record<string, EndReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  length: 'length',
  max_tokens: 'length',
  content_filter: 'filtered',
};

/** Reasons of an answer that its provider broke off. */
const FAILED_REASONS: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource']);

function object(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the texts of a list of parts, as `content` may be; of a string, the string. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return text(content);
  return content.map((part: unknown) => text(object(part)?.['text'])).join('');
}

/** Returns what the model thinks: in a field of its own, or in parts of `content` that have a member `thinking`. */
function reasoningText(delta: Json): string {
  for (const field of REASONING_FIELDS) if (text(delta[field]) !== '') return text(delta[field]);
  const details = textOf(delta['reasoning_details']);
  if (details !== '' || !Array.isArray(delta['content'])) return details;
  return delta['content'].map((part: unknown) => textOf(object(part)?.['thinking'])).join('');
}

/** A tool call that is still arriving. Some servers send its input as an object at once. */
interface PartialCall {
  id: string;
  name: string;
  input: string;
}

/** Reads one answer. Parts come out in the order in which they were said; calls of tools when they are whole. */
export class AnswerReader {
  readonly #characters = new WholeCharacters();
  readonly #calls = new Map<number, PartialCall>();
  #lastCall = -1;
  #said = false;
  #ended = false;
  #over = false;

  /** Returns whether nothing more can come: the provider has said `[DONE]`. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Reads the data of one server-sent event, or a whole answer. Throws `ProviderFailure` when it is none. */
  push(data: string): ChatPart[] {
    if (data.trim() === '[DONE]') {
      this.#over = true;
      return this.#end(null);
    }
    const chunk = object(parsed(data));
    // Behind the end, what cannot be read matters no more.
    if (this.#ended) return chunk === null ? [] : usageParts(chunk);
    if (chunk === null || chunk['error'] != null || chunk['object'] === 'error') throw failureIn(chunk);
    const parts = this.#choice(chunk);
    parts.push(...usageParts(chunk));
    return parts;
  }

  /** Ends a whole answer, in which some servers name no reason. */
  end(): ChatPart[] {
    return this.#end(null);
  }

  /** Ends an answer whose connection closed. Throws `ProviderFailure` when the provider had not come to its end. */
  close(): ChatPart[] {
    if (!this.#ended) throw new ProviderFailure(this.#said ? 'failed' : 'empty');
    return [];
  }

  #end(reason: EndReason | null): ChatPart[] {
    if (this.#ended) return [];
    this.#ended = true;
    const rest = this.#characters.end();
    const calls = [...this.#calls.values()].map((call) => ({ type: 'tool-call' as const, ...call }));
    return [
      ...(rest === '' ? [] : [{ type: 'text' as const, text: rest }]),
      ...calls,
      { type: 'end', reason: reason ?? (calls.length > 0 ? 'tool-calls' : 'stop') },
    ];
  }

  #choice(chunk: Json): ChatPart[] {
    // Workers AI's own form has the text beside the usage, and its calls whole.
    if ('response' in chunk)
      return this.#delta({ content: chunk['response'], tool_calls: chunk['tool_calls'] });
    const choices = chunk['choices'];
    if (choices != null && !Array.isArray(choices)) throw new ProviderFailure('failed');
    const choice = object(choices?.[0]);
    if (choice === null) return [];
    const delta = object(choice['delta']) ?? object(choice['message']) ?? {};
    const parts = this.#delta(delta);
    const reason = choice['finish_reason'];
    if (typeof reason !== 'string' || reason === '') return parts;
    if (FAILED_REASONS.has(reason)) throw new ProviderFailure('failed');
    parts.push(...this.#end(END_REASONS[reason.toLowerCase()] ?? 'stop'));
    return parts;
  }

  #delta(delta: Json): ChatPart[] {
    const parts: ChatPart[] = [];
    const thought = reasoningText(delta);
    if (thought !== '') parts.push({ type: 'reasoning', text: thought });
    // A refusal is what the model says to the user, in place of an answer.
    const said = this.#characters.push(textOf(delta['content']) + text(delta['refusal']));
    if (said !== '') parts.push({ type: 'text', text: said });
    const calls = delta['tool_calls'];
    if (Array.isArray(calls)) for (const call of calls) this.#call(object(call));
    this.#said ||= parts.length > 0 || this.#calls.size > 0;
    return parts;
  }

  /**
   * Takes a piece of a tool call. It belongs to the call of its `index`; without one, a new `id` or a name begins a
   * call, and everything else goes on with the last one.
   */
  #call(piece: Json | null): void {
    if (piece === null) return;
    const called = object(piece['function']) ?? piece;
    const [id, name] = [text(piece['id']), text(called['name'])];
    const index = count(piece['index']) ?? this.#indexOf(id, name);
    const known = this.#calls.get(index) ?? { id: '', name: '', input: '' };
    const input = called['arguments'] ?? called['parameters'];
    this.#calls.set(index, {
      id: known.id || id || `call_${index}`,
      name: known.name || name,
      input: known.input + (object(input) === null ? text(input) : JSON.stringify(input)),
    });
    this.#lastCall = index;
  }

  #indexOf(id: string, name: string): number {
    const last = this.#calls.get(this.#lastCall);
    const begins = last === undefined || (id !== '' && id !== last.id) || (id === '' && name !== '');
    return begins ? this.#calls.size : this.#lastCall;
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Returns the failure that an error under status 200 means: by the status that it names, where it names one. */
function failureIn(chunk: Json | null): ProviderFailure {
  const error = object(chunk?.['error']);
  const named = STATUS_FIELDS.flatMap((field) => [error?.[field], chunk?.[field]]).map(Number);
  const status = named.find((value) => Number.isInteger(value) && value >= 400 && value < 600);
  return status === undefined ? new ProviderFailure('failed') : failureOfStatus(status);
}

function usageParts(chunk: Json): ChatPart[] {
  const usage = usageIn(chunk);
  return usage === null ? [] : [{ type: 'usage', usage }];
}
