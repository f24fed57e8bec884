/** Turns of the engine alone: a graph, scripted answers of a reasoner, and what came of it. */
import { relevantLists } from '../../src/agent/embedded/relevance.ts';
import { takeTurn, type TurnResult } from '../../src/agent/engine.ts';
import type { MemoryPort, ToolPort } from '../../src/agent/ports.ts';
import { startPosition, type Position } from '../../src/agent/position.ts';
import type {
  Choice,
  Consultation,
  EngageStep,
  Reasoner,
  ToolOutputs,
  ToolRound,
} from '../../src/agent/reasoner.ts';
import { UsageMeter } from '../../src/agent/usage.ts';
import { type TurnEvent, type TurnInput } from '../../src/agent/walk.ts';
import { versionKey } from '../../src/registry/primitives.ts';
import type { ContextGraph, State } from '../../src/registry/graph.ts';
import { testOrganization } from './organization.ts';

export function graphOf(states: State[], changes: Partial<ContextGraph> = {}): ContextGraph {
  const [first] = states;
  const last = states.at(-1);
  return {
    id: 'd'.repeat(24),
    version: 1,
    name: 'Graph',
    description: 'For a test.',
    states,
    new_user_initial_state: first?.name ?? '',
    returning_user_initial_state: first?.name ?? '',
    terminal_state: last?.name ?? '',
    references: {},
    global_intra_state_navigation_guidelines: [],
    global_action_guidelines: [],
    global_boundary_constraints: [],
    ...changes,
  };
}

async function* answering<Answer>(answer: Answer, round?: ToolRound): Consultation<Answer> {
  if (round !== undefined) yield round;
  return await Promise.resolve(answer);
}

/** Answers of a scripted reasoner; by default it performs the first action and says "Said.". */
export interface Script {
  choices?: Choice[];
  exits?: number[];
  pieces?: string[];
  reflection?: string;
  toolInput?: Record<string, unknown>;
  memoryQueries?: string[];
  recallQueries?: string[];
  behavior?: number | null;
  /** Tools that the reasoner calls before it chooses, and before it speaks. */
  choosingTools?: boolean;
  engagingTools?: boolean;
}

export function scripted(script: Script): Reasoner {
  const choices = [...(script.choices ?? [])];
  const exits = [...(script.exits ?? [])];
  const unused = () => {
    throw new Error('not used in a turn');
  };
  async function* engage(
    ...[, , tools]: Parameters<Reasoner['engage']>
  ): AsyncGenerator<EngageStep, void, ToolOutputs> {
    const roundOf = (candidates: typeof tools.choosing): ToolRound => ({
      type: 'tool-round',
      calls: candidates.map((tool) => ({ tool, input: { q: 'x' } })),
    });
    if (script.choosingTools === true) yield roundOf(tools.choosing);
    yield { type: 'choice', choice: choices.shift() ?? { kind: 'action', index: 0 } };
    const outputs = script.engagingTools === true ? yield roundOf(tools.engaging) : [];
    const pieces = [...(script.pieces ?? ['Said.']), ...outputs];
    for (const [index, text] of pieces.entries())
      yield { type: 'piece', text, final: index === pieces.length - 1 };
  }
  return {
    engage,
    decide: () => answering(exits.shift() ?? 0),
    reflect: () => answering(script.reflection ?? 'A thought.'),
    toolInput: () => answering(script.toolInput ?? {}),
    memoryQueries: () => Promise.resolve(script.memoryQueries ?? []),
    recallQueries: () => Promise.resolve(script.recallQueries ?? []),
    relevantBehaviors: ({ input }, behaviors) =>
      relevantLists(
        input.map(({ text }) => text).join('\n'),
        behaviors.map(({ triggers }) => triggers),
      ),
    selectBehavior: () => Promise.resolve(script.behavior ?? null),
    recommend: unused,
    starters: unused,
    extractMemories: unused,
    userModel: unused,
    judgeMetric: unused,
  };
}

export const NO_MEMORY: MemoryPort = {
  recall: (queries) => Promise.resolve(queries.map((query) => [query, `About ${query}`])),
};

export const ECHO_TOOLS: ToolPort = {
  candidate: (spec) => ({
    id: spec.tool_id,
    name: 'echo',
    version: '1.0',
    description: 'Echoes.',
    input_schema: { type: 'object' },
    instruction: spec.additional_instruction,
  }),
  call: (_tool, input) => Promise.resolve({ output: JSON.stringify(input), duration: 0.5 }),
};

export interface ScriptedTurn {
  events: TurnEvent[];
  /** The types of the actions, in order. */
  actions: string[];
  thoughts: string[];
  result: TurnResult;
}

/** Runs a turn to its end. */
export async function runTurn(
  graphs: ContextGraph[],
  script: Script,
  changes: Partial<TurnInput> & { said?: string; position?: Position } = {},
): Promise<ScriptedTurn> {
  const [root] = graphs;
  if (root === undefined) throw new Error('A turn needs a graph.');
  const thoughts: string[] = [];
  const { said, ...given } = changes;
  const [agent] = testOrganization('0'.repeat(64)).agents;
  const turn = takeTurn(
    {
      graphs: new Map(graphs.map((graph) => [versionKey([graph.id, graph.version]), graph])),
      agent: agent!,
      user: { name: 'Una', model: null },
      position: startPosition([root.id, root.version], root.new_user_initial_state),
      history: [],
      input: said === undefined ? [] : [{ by: 'user', text: said }],
      behaviors: [],
      models: {},
      memory: NO_MEMORY,
      tools: ECHO_TOOLS,
      keepThought: (text) => `thought-${thoughts.push(text)}`,
      meter: new UsageMeter(),
      signal: new AbortController().signal,
      ...given,
    },
    scripted(script),
  );
  const events: TurnEvent[] = [];
  for (let step = await turn.next(); ; step = await turn.next()) {
    if (step.done === true) {
      const actions = events.flatMap((event) => (event.type === 'action' ? [event.action.type] : []));
      return { events, actions, thoughts, result: step.value };
    }
    events.push(step.value);
  }
}
