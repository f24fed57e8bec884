/** Tools as a model is offered them, and its calls as rounds of the port. */
import type { ToolCandidate, ToolOutputs, ToolRound } from '../reasoner.ts';
import type { ChatMessage, ChatTool, ModelToolCall } from './chat/port.ts';
import { shorten } from './window.ts';

/** After so many rounds of calls a question is answered with what is known by then. */
export const MAX_TOOL_ROUNDS = 4;
/** More calls at once than this are a model that lost its way. */
const MAX_CALLS_PER_ROUND = 8;
const MAX_OUTPUT_TOKENS = 4_000;
/** What every provider takes as the name of a function. */
const MAX_NAME_LENGTH = 60;

function sameTool(one: ToolCandidate, other: ToolCandidate): boolean {
  return one.id === other.id && one.version === other.version;
}

/** Tools under the names that models call them by. */
export class OfferedTools {
  readonly definitions: ChatTool[] = [];
  readonly #byName = new Map<string, ToolCandidate>();

  constructor(candidates: readonly ToolCandidate[]) {
    for (const candidate of candidates) {
      if ([...this.#byName.values()].some((known) => sameTool(known, candidate))) continue;
      const name = this.#freeName(candidate.name);
      this.#byName.set(name, candidate);
      this.definitions.push({
        name,
        description: [candidate.description, candidate.instruction].filter(Boolean).join('\n'),
        parameters: candidate.input_schema,
      });
    }
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

function parseInput(input: string): Record<string, unknown> | null {
  try {
    const value: unknown = input.trim() === '' ? {} : JSON.parse(input);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** A model's calls: those that can be carried out, and how the conversation with the model goes on after them. */
export interface ReadCalls {
  /** `null` when none of them can. */
  round: ToolRound | null;
  /** What was said with the calls, the calls, and their outputs. */
  messages: (outputs: ToolOutputs) => ChatMessage[];
}

/** Reads a model's calls. One that cannot be carried out is answered in words, for the model to do better. */
export function readCalls(
  said: string,
  calls: readonly ModelToolCall[],
  find: (name: string) => ToolCandidate | undefined,
): ReadCalls {
  const read = calls.map((call, index) => ({
    call,
    input: parseInput(call.input),
    tool: find(call.name),
    index,
  }));
  const sound = read.flatMap(({ call, input, tool, index }) =>
    tool === undefined || input === null || index >= MAX_CALLS_PER_ROUND ? [] : [{ call, tool, input }],
  );
  const outputOf = (call: ModelToolCall, outputs: ToolOutputs): string => {
    const position = sound.findIndex((candidate) => candidate.call === call);
    if (position === -1) return 'Error: this cannot be called now, or not with this input.';
    return shorten(outputs[position] ?? 'Error: there was no output.', MAX_OUTPUT_TOKENS);
  };
  return {
    round:
      sound.length === 0
        ? null
        : { type: 'tool-round', calls: sound.map(({ tool, input }) => ({ tool, input })) },
    messages: (outputs) => [
      {
        role: 'assistant',
        content: said === '' ? null : said,
        tool_calls: read.map(({ call, input }) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: JSON.stringify(input ?? {}) },
        })),
      },
      ...calls.map((call) => ({
        role: 'tool' as const,
        tool_call_id: call.id,
        content: outputOf(call, outputs),
      })),
    ],
  };
}
