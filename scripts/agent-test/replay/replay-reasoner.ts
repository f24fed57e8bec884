/** Answers the engine with what was recorded, so that a conversation runs on another version of its graph. */
import type { MemoryPort, ToolPort } from '../../../src/agent/ports.ts';
import type { Choice, Reasoner, ToolCandidate, ToolOutputs, ToolRound } from '../../../src/agent/reasoner.ts';
import { withRevisits } from '../../../src/agent/revisits.ts';
import type { BehaviorSet } from '../../../src/registry/capabilities.ts';
import type { ActionState, ExitCondition } from '../../../src/registry/graph.ts';
import { NoRecordedAnswer, type RecordedTurn } from './recorded-turn.ts';
import { roundsOf, type RecordedCall, type Visit } from './visits.ts';

/** Returns the state that an exit enters. In a referenced graph it is written behind the name of the reference. */
function enteredBy({ next_state }: ExitCondition): string {
  return typeof next_state === 'string' ? next_state : (next_state[0].split('.')[1] ?? '');
}

/**
 * Returns the index of the recorded exit: the one with its description, or else, for an exit with new words, the only
 * one that leads to the same state. Returns -1 when there is none.
 */
export function exitIndex(
  exits: readonly ExitCondition[],
  { description, next }: NonNullable<Visit['exit']>,
): number {
  const same = exits.findIndex((exit) => exit.description === description);
  if (same !== -1) return same;
  const leading = exits.filter((exit) => enteredBy(exit) === next);
  return leading.length === 1 ? exits.findIndex((exit) => enteredBy(exit) === next) : -1;
}

/** Returns the index of the recorded action. An action with new words is taken for the first one of the state. */
function actionIndex({ actions }: ActionState, action: string): number {
  return Math.max(actions.indexOf(action), 0);
}

/** Yields the recorded rounds of tool calls. Throws for a tool that the state no longer offers. */
function* rounds(
  calls: readonly RecordedCall[],
  offered: readonly ToolCandidate[],
): Generator<ToolRound, void, ToolOutputs> {
  for (const round of roundsOf(calls)) {
    yield {
      type: 'tool-round',
      calls: round.map(({ tool_id, input }) => {
        const tool = offered.find(({ id }) => id === tool_id);
        if (tool === undefined) throw new NoRecordedAnswer(`the tool ${tool_id} is not offered any more`);
        return { tool, input };
      }),
    };
  }
}

function chosen(state: ActionState, { exit, action }: Visit): Choice {
  if (exit !== null) {
    const index = exitIndex(state.exit_conditions, exit);
    if (index === -1) {
      throw new NoRecordedAnswer(`the state "${state.name}" has no exit "${exit.description}"`);
    }
    return { kind: 'exit', index };
  }
  if (action === null) throw new NoRecordedAnswer(`the recording has no choice in the state "${state.name}"`);
  return { kind: 'action', index: actionIndex(state, action) };
}

/** Returns a reasoner that decides as it was recorded in `turn`. Its analyses are never asked for. */
export function replayReasoner(turn: RecordedTurn, behaviors: readonly BehaviorSet[]): Reasoner {
  const unused = () => Promise.reject(new NoRecordedAnswer('a replay makes no analyses'));
  return {
    async *engage({ graph, revisits }, own, { choosing, engaging }) {
      const state = withRevisits(own, revisits);
      const visit = turn.visit(state.name, graph.id);
      yield* rounds(visit.choosing, choosing);
      yield { type: 'choice', choice: chosen(state, visit) };
      yield* rounds(visit.speaking, engaging);
      yield { type: 'piece', text: turn.message, final: true };
    },
    async *decide({ graph }, state, tools) {
      const visit = turn.visit(state.name, graph.id);
      yield* rounds(visit.choosing, tools);
      const index = visit.exit === null ? -1 : exitIndex(state.exit_conditions, visit.exit);
      if (index !== -1) return index;
      const what = visit.exit === null ? 'decision' : `exit "${visit.exit.description}"`;
      throw new NoRecordedAnswer(`the state "${state.name}" has no ${what}`);
    },
    async *reflect({ graph }, state, tools) {
      const visit = turn.visit(state.name, graph.id);
      yield* rounds(visit.choosing, tools);
      if (visit.reflection !== null) return visit.reflection;
      throw new NoRecordedAnswer(`the recording has no reflection in the state "${state.name}"`);
    },
    async *toolInput({ graph }, state, _tool, tools) {
      const visit = turn.visit(state.name, graph.id);
      yield* rounds(visit.choosing, tools);
      if (visit.toolInput !== null) return visit.toolInput;
      throw new NoRecordedAnswer(`the recording has no input of the tool in the state "${state.name}"`);
    },
    memoryQueries: () => Promise.resolve(turn.memoryQueries()),
    recallQueries: ({ graph, position }) => Promise.resolve(turn.visit(position.state, graph.id).queries),
    relevantBehaviors: () => {
      const index = behaviors.findIndex(({ id }) => id === turn.behavior());
      return index === -1 ? [] : [index];
    },
    selectBehavior: () => Promise.resolve(0),
    recommend: unused,
    starters: unused,
    extractMemories: unused,
    userModel: unused,
    judgeMetric: unused,
  };
}

/** Returns the ports of a replay: memory and tools answer as recorded. A tool may be newer than its record. */
export function replayPorts(turn: RecordedTurn, tools: ToolPort): { memory: MemoryPort; tools: ToolPort } {
  return {
    memory: {
      recall: (queries) => Promise.resolve(queries.map((query) => [query, turn.memories().get(query) ?? ''])),
    },
    tools: { ...tools, call: (tool, input, signal) => callRecorded(turn, tools, tool, input, signal) },
  };
}

/** Notes the call in the scripted tools, whose output is not used, and returns the recorded output. */
async function callRecorded(
  turn: RecordedTurn,
  tools: ToolPort,
  tool: ToolCandidate,
  input: Record<string, unknown>,
  signal: AbortSignal,
) {
  await tools.call(tool, input, signal);
  return { output: turn.output(tool), duration: 0.1 };
}
