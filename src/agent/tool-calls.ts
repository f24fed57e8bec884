/** Tool calls of a turn: the events before and after them, the fillers between, and the results that are stored. */
import type { AgentAction } from '../contract/agent-actions.ts';
import type { ToolCallSpec } from '../registry/graph.ts';
import { whileWaiting } from './fillers.ts';
import { keepToolResult } from './position.ts';
import type { Consultation, ToolCandidate, ToolRound } from './reasoner.ts';
import type { ToolCallLog, ToolCallRounds } from '../contract/insights.ts';
import { act, type TurnEvent, type Walk } from './walk.ts';

/** A result of at least this many characters is not stored for later turns (behaviour.md). */
const MAX_KEPT_LENGTH = 5_000;

/** The tools of a list of specifications, each with its specification. */
export class Toolbox {
  readonly candidates: ToolCandidate[];
  readonly #specs = new Map<ToolCandidate, ToolCallSpec>();

  constructor(walk: Walk, specs: readonly ToolCallSpec[]) {
    this.candidates = specs.map((spec) => {
      const candidate = walk.input.tools.candidate(spec);
      this.#specs.set(candidate, spec);
      return candidate;
    });
  }

  specOf(tool: ToolCandidate): ToolCallSpec | undefined {
    return this.#specs.get(tool);
  }
}

function isKept(spec: ToolCallSpec, output: string): boolean {
  return spec.result_persistence !== 'ephemeral' && output.length < MAX_KEPT_LENGTH;
}

/**
 * Returns the output for the agent: an error in place of a result that the graph requires to be stored but that is too
 * long.
 */
function outputFor(spec: ToolCallSpec, output: string): string {
  if (spec.result_persistence !== 'persisted' || output.length < MAX_KEPT_LENGTH) return output;
  return `Error: the result has ${output.length} characters; at most ${MAX_KEPT_LENGTH - 1} can be kept.`;
}

function startedEvent(tool: ToolCandidate, input: Record<string, unknown>, round: number) {
  return {
    type: 'tool-call-started',
    tool_round_index: round,
    tool_id: tool.id,
    tool_version: tool.version,
    input_params: input,
  } as const satisfies AgentAction;
}

/**
 * Stores a result for the rest of the turn, and for later turns when `isKept` allows it. Returns the log of the call.
 */
function note(
  walk: Walk,
  spec: ToolCallSpec,
  tool: ToolCandidate,
  input: Record<string, unknown>,
  { output, duration }: { output: string; duration: number },
): ToolCallLog {
  const result = { tool_name: tool.name, input, output };
  walk.toolResults.push(result);
  const kept = isKept(spec, output);
  if (kept) walk.position = keepToolResult(walk.position, result);
  return {
    tool_name: tool.name,
    tool_id: tool.id,
    tool_version: tool.version,
    input,
    output: kept ? output : null,
    duration,
  };
}

/** Log and output of a tool call. */
export interface CalledTool {
  log: ToolCallLog;
  output: string;
}

/**
 * Calls the tools of a round in parallel and yields the events of each. A tool that is not among the candidates is not
 * called.
 */
export async function* callTools(
  walk: Walk,
  toolbox: Toolbox,
  { calls }: ToolRound,
  round: number,
): AsyncGenerator<TurnEvent, CalledTool[]> {
  const begun: (() => AsyncGenerator<TurnEvent, CalledTool>)[] = [];
  for (const { tool, input } of calls) {
    const spec = toolbox.specOf(tool);
    if (spec === undefined) continue;
    const started = startedEvent(tool, input, round);
    yield act(started);
    const work = walk.input.tools.call(tool, input, walk.input.signal);
    const fillers = { texts: spec.audio_fillers, afterSeconds: spec.audio_filler_triggered_after };
    begun.push(async function* finish() {
      const outcome = yield* whileWaiting(walk, work, fillers, started);
      const output = outputFor(spec, outcome.output);
      yield act({
        type: 'tool-call-ended',
        tool_round_index: round,
        tool_id: tool.id,
        tool_version: tool.version,
        input_parameters: input,
        result: output,
        duration: outcome.duration,
      });
      return { log: note(walk, spec, tool, input, { ...outcome, output }), output };
    });
  }
  const called: CalledTool[] = [];
  for (const finish of begun) called.push(yield* finish());
  return called;
}

/** Runs a consultation of the reasoner, with the tool calls that it requests. Returns its answer and the calls. */
export async function* consult<Answer>(
  walk: Walk,
  consultation: Consultation<Answer>,
  toolbox: Toolbox,
  wait: <T>(work: Promise<T>) => AsyncGenerator<TurnEvent, T>,
): AsyncGenerator<TurnEvent, { answer: Answer; rounds: ToolCallRounds }> {
  const rounds: ToolCallRounds = [];
  let step = yield* wait(consultation.next([]));
  while (step.done !== true) {
    const called = yield* callTools(walk, toolbox, step.value, rounds.length);
    rounds.push(called.map(({ log }) => log));
    step = yield* wait(consultation.next(called.map(({ output }) => output)));
  }
  return { answer: step.value, rounds };
}
