/** Properties of a turn for any graph and any reasoner: it ends, and its events fit the schema of the API. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AgentAction } from '../../src/contract/agent-actions.ts';
import { ProblemError } from '../../src/problems.ts';
import type { ContextGraph, State, ToolCallSpec } from '../../src/registry/graph.ts';
import { validateGraph } from '../../src/registry/validate-graph.ts';
import { actionState, decisionState } from '../support/organization.ts';
import { graphOf, runTurn, type Script } from '../support/scripted-turn.ts';

const TOOL_ID = 'a'.repeat(24);
const TOOLS = [
  {
    id: TOOL_ID,
    name: 'echo',
    versions: [
      {
        version: '1.0',
        description: 'Echoes.',
        input_schema: { type: 'object' as const },
        url: 'https://tools.example/',
        headers: {},
        timeout_ms: 1000,
      },
    ],
  },
];
const SPEC: ToolCallSpec = {
  tool_id: TOOL_ID,
  version_constraint: '',
  additional_instruction: 'Use it.',
  audio_fillers: [],
  audio_filler_triggered_after: 1,
  result_persistence: 'persisted-preferred',
};

const KINDS = ['action', 'decision', 'recall', 'annotation', 'reflection', 'tool-call'] as const;

function stateOf(kind: (typeof KINDS)[number], name: string, next: string[]): State {
  const [first = 's0'] = next;
  const exits = next.map((target): [string, string] => [`To ${target}`, target]);
  switch (kind) {
    case 'action':
      return actionState(name, ['Speak', 'Speak again'], exits);
    case 'decision':
      return decisionState(name, exits);
    case 'recall':
      return { type: 'recall', name, queries: ['who'], requested_information: null, next_state: first };
    case 'annotation':
      return { type: 'annotation', name, inner_thought: 'Think.', next_state: first };
    case 'reflection':
      return {
        type: 'reflection',
        name,
        problem: 'Why?',
        word_limit: 5,
        next_state: first,
        tool_call_specs: [SPEC],
        audio_fillers: [],
        audio_filler_triggered_after: 1,
      };
    case 'tool-call':
      return {
        type: 'tool-call',
        name,
        next_state: first,
        designated_tool: SPEC,
        designated_tool_call_params_generation_audio_fillers: [],
        designated_tool_call_params_generation_audio_filler_triggered_after: 1,
        designated_tool_call_objective: 'Call.',
        designated_tool_call_context: 'None.',
        designated_tool_call_guidances: [],
        designated_tool_call_validations: [],
        tool_call_specs: [],
      };
  }
}

/** Graphs with up to eight states between the first and the last, with any next states; many have circles. */
const graph: fc.Arbitrary<ContextGraph> = fc
  .array(fc.tuple(fc.constantFrom(...KINDS), fc.array(fc.nat(9), { minLength: 1, maxLength: 3 })), {
    maxLength: 8,
  })
  .map((between) => {
    const names = ['start', ...between.map((_, index) => `s${index}`), 'end'];
    const target = (index: number) => names[index % names.length] ?? 'end';
    return graphOf([
      actionState(
        'start',
        ['Begin'],
        [...new Set([...names.slice(1, 4), 'end'])].map((name) => [`To ${name}`, name]),
      ),
      ...between.map(([kind, next], index) => stateOf(kind, `s${index}`, [...new Set(next.map(target))])),
      actionState('end', ['Goodbye'], []),
    ]);
  })
  .filter((made) => validateGraph(made, { graphs: [made], tools: TOOLS }).length === 0);

const choice = fc.oneof(
  fc.record({ kind: fc.constant('exit' as const), index: fc.nat(3) }),
  fc.record({ kind: fc.constant('action' as const), index: fc.nat(2) }),
);
const script: fc.Arbitrary<Script> = fc.record({
  choices: fc.array(choice, { maxLength: 40 }),
  exits: fc.array(fc.nat(3), { maxLength: 40 }),
  pieces: fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
  reflection: fc.string(),
  memoryQueries: fc.array(fc.string(), { maxLength: 3 }),
});

it('a turn through any valid graph ends, with valid events and a message that consists of its pieces', async () => {
  let walked = 0;
  await fc.assert(
    fc.asyncProperty(graph, script, async (made, answers) => {
      try {
        const { events, result } = await runTurn([made], answers, { said: 'Hello' });
        walked += 1;
        for (const event of events) {
          if (event.type === 'action') expect(AgentAction.parse(event.action)).toEqual(event.action);
        }
        const pieces = events.flatMap((event) => (event.type === 'piece' ? [event] : []));
        expect(pieces.map(({ text }) => text).join('')).toBe(result.message);
        expect(pieces.map(({ final }) => final)).toEqual(
          pieces.map((_, index) => index === pieces.length - 1),
        );
      } catch (error) {
        // The reasoner may make an invalid choice or go in circles: then the turn fails with a stable code.
        if (!(error instanceof ProblemError)) throw error;
        expect(['turn_failed', 'too_many_steps']).toContain(error.problem.code);
      }
    }),
    { numRuns: 300 },
  );
  expect(walked).toBeGreaterThan(20);
});
