/** Tools as a model is offered them, and its calls as rounds of the port. */
import { cut } from '../../text.ts';
import { unfenced } from './answer/fences.ts';
import type { ToolCandidate, ToolOutputs, ToolRound } from '../reasoner.ts';
import type { ChatMessage, ChatTool, ModelToolCall } from './chat/port.ts';
import { estimateTokens, shorten } from './window.ts';

/** The most rounds of tool calls for one question. After them the model must answer. */
export const MAX_TOOL_ROUNDS = 4;
/** The most calls of one answer that are read. A model with more is in error. */
const MAX_CALLS_PER_ROUND = 8;
/** The most tokens of one output, and of all outputs of a round, that a model reads. */
const MAX_OUTPUT_TOKENS = 4_000;
const MAX_ROUND_TOKENS = 16_000;
/** The most tokens of a tool's description, of its schema, and of each own text or input that the model reads again. */
const MAX_DESCRIPTION_TOKENS = 1_000;
const MAX_SCHEMA_TOKENS = 2_000;
const MAX_SAID_TOKENS = 2_000;
/** The most tools that a model is offered: providers take no more than 128. */
const MAX_TOOLS = 64;
/** The longest name of a function that every provider takes, in characters. */
const MAX_NAME_LENGTH = 60;

function sameTool(one: ToolCandidate, other: ToolCandidate): boolean {
  return one.id === other.id && one.version === other.version;
}

/** Returns a schema for a prompt: one that is too long becomes that of any object. The tool checks its input. */
function boundedSchema(schema: ToolCandidate['input_schema']): ToolCandidate['input_schema'] {
  return estimateTokens(JSON.stringify(schema)) <= MAX_SCHEMA_TOKENS ? schema : { type: 'object' };
}

/** Tools under the names that models call them by. */
export class OfferedTools {
  readonly definitions: ChatTool[] = [];
  readonly #byName = new Map<string, ToolCandidate>();

  constructor(candidates: readonly ToolCandidate[]) {
    const offered = new Set<string>();
    for (const candidate of candidates) {
      if (this.definitions.length === MAX_TOOLS) break;
      const key = `${candidate.id} ${candidate.version}`;
      if (offered.has(key)) continue;
      offered.add(key);
      const name = this.#freeName(candidate.name);
      this.#byName.set(name, candidate);
      const description = [candidate.description, candidate.instruction].filter(Boolean).join('\n');
      this.definitions.push({
        name,
        description: shorten(description, MAX_DESCRIPTION_TOKENS),
        parameters: boundedSchema(candidate.input_schema),
      });
    }
  }

  /** Tells whether a tool was offered by this name. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The tool of this name, as it stands in a list of candidates: the same tool may serve several purposes. */
  find(name: string, among: readonly ToolCandidate[]): ToolCandidate | undefined {
    const offered = this.#byName.get(name);
    return offered && among.find((candidate) => sameTool(candidate, offered));
  }

  #freeName(wanted: string): string {
    const base = wanted.replaceAll(/[^a-zA-Z0-9_-]+/g, '_').slice(0, MAX_NAME_LENGTH) || 'tool';
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? base : `${base}_${count}`;
      if (!this.#byName.has(name)) return name;
    }
  }
}

/** Reads the input of a call: JSON, also in a fence, and JSON inside of a JSON text. Null when it is no object. */
function parseInput(input: string): Record<string, unknown> | null {
  const bare = unfenced(input);
  try {
    const read: unknown = bare === '' || bare === 'null' ? {} : JSON.parse(bare);
    const value: unknown = typeof read === 'string' ? JSON.parse(read) : read;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The arguments of a call as the model reads them again: none when they are too long. */
function argumentsOf(input: Record<string, unknown> | null): string {
  const json = JSON.stringify(input ?? {});
  return estimateTokens(json) <= MAX_SAID_TOKENS ? json : '{}';
}

/** A model's calls: those that can be carried out, and the messages that continue the conversation with the model. */
export interface ReadCalls {
  /** The calls that can be carried out; null when there are none. */
  round: ToolRound | null;
  /** Returns messages for the next request: the text beside the calls, the calls, and their outputs. */
  messages: (outputs: ToolOutputs) => ChatMessage[];
}

/** Reads a model's calls. One that cannot be carried out is answered in words, for the model to do better. */
export function readCalls(
  said: string,
  calls: readonly ModelToolCall[],
  find: (name: string) => ToolCandidate | undefined,
): ReadCalls {
  const made = calls.slice(0, MAX_CALLS_PER_ROUND);
  const read = made.map((call) => ({ call, input: parseInput(call.input), tool: find(call.name) }));
  const sound = read.flatMap(({ call, input, tool }) =>
    tool === undefined || input === null ? [] : [{ call, tool, input }],
  );
  const outputTokens = Math.min(MAX_OUTPUT_TOKENS, Math.floor(MAX_ROUND_TOKENS / Math.max(made.length, 1)));
  const outputOf = (call: ModelToolCall, outputs: ToolOutputs): string => {
    const position = sound.findIndex((candidate) => candidate.call === call);
    if (position === -1) return 'Error: this cannot be called now, or not with this input.';
    return shorten(outputs[position] ?? 'Error: there was no output.', outputTokens);
  };
  return {
    round:
      sound.length === 0
        ? null
        : { type: 'tool-round', calls: sound.map(({ tool, input }) => ({ tool, input })) },
    messages: (outputs) => [
      {
        role: 'assistant',
        content: said === '' ? null : shorten(said, MAX_SAID_TOKENS),
        tool_calls: read.map(({ call, input }) => ({
          id: call.id,
          type: 'function',
          function: { name: cut(call.name, MAX_NAME_LENGTH), arguments: argumentsOf(input) },
        })),
      },
      ...made.map((call) => ({
        role: 'tool' as const,
        tool_call_id: call.id,
        content: outputOf(call, outputs),
      })),
    ],
  };
}
