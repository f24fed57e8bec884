/** Situations, turns and whole conversations for the tests of the agent. */
import { stemmer } from 'stemmer';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import { extractStatements } from '../../src/agent/embedded/memories.ts';
import { takeTurn, type TurnResult } from '../../src/agent/engine.ts';
import type { MemoryPort, ToolPort } from '../../src/agent/ports.ts';
import { startPosition, type Position } from '../../src/agent/position.ts';
import type { Reasoner, Situation, Utterance } from '../../src/agent/reasoner.ts';
import { toolCandidate } from '../../src/agent/tool-candidate.ts';
import type { TurnLog } from '../../src/agent/turn-log.ts';
import { UsageMeter } from '../../src/agent/usage.ts';
import { type TurnEvent, type TurnInput } from '../../src/agent/walk.ts';
import { versionKey } from '../../src/registry/primitives.ts';
import type { ContextGraph } from '../../src/registry/graph.ts';
import type { Agent, OrganizationFile } from '../../src/registry/organization.ts';
import { resolveTool } from '../../src/registry/tool-versions.ts';
import { TEST_GRAPH, testOrganization } from '../support/organization.ts';
import { ECHO_TOOLS, graphOf, NO_MEMORY } from '../support/scripted-turn.ts';

export const TEST_AGENT: Agent =
  testOrganization('0'.repeat(64)).agents[0] ?? raise('There is no test agent.');

function raise(message: string): never {
  throw new Error(message);
}

export function userSays(text: string): Utterance[] {
  return [{ by: 'user', text }];
}

/** Returns a situation in a state of a graph, without messages or memories. */
export function situationAt(graph: ContextGraph, state: string, more: Partial<Situation> = {}): Situation {
  return {
    graph,
    agent: TEST_AGENT,
    user: { name: 'Maya Chen', model: null },
    position: startPosition([graph.id, graph.version], state),
    history: [],
    input: [],
    arrived: false,
    workingMemory: [],
    thoughts: [],
    toolResults: [],
    behavior: null,
    models: {},
    meter: new UsageMeter(),
    signal: new AbortController().signal,
    ...more,
  };
}

/** Input of a turn that begins in a state of a graph. */
export function turnAt(graph: ContextGraph, state: string, more: Partial<TurnInput> = {}): TurnInput {
  return {
    graphs: new Map([[versionKey([graph.id, graph.version]), graph]]),
    agent: TEST_AGENT,
    user: { name: 'Maya Chen', model: null },
    position: startPosition([graph.id, graph.version], state),
    history: [],
    input: [],
    behaviors: [],
    models: {},
    memory: NO_MEMORY,
    tools: ECHO_TOOLS,
    keepThought: () => 'thought',
    meter: new UsageMeter(),
    signal: new AbortController().signal,
    ...more,
  };
}

/** Takes a whole turn. Returns its events and its result. */
export async function wholeTurn(
  input: TurnInput,
  reasoner: Reasoner,
): Promise<{ events: TurnEvent[]; result: TurnResult }> {
  const events: TurnEvent[] = [];
  const turn = takeTurn(input, reasoner);
  for (let step = await turn.next(); ; step = await turn.next()) {
    if (step.done === true) return { events, result: step.value };
    events.push(step.value);
  }
}

/** Returns the stems of all words of a text, as a full-text index stores them, stop words included. */
function indexed(text: string): string[] {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => stemmer(word.toLowerCase()));
}

/** Maximum number of statements that answer one query. */
const STATEMENTS_PER_QUERY = 3;

/** Memory of a user. A query finds the statements that share words with it, as full-text search does. */
export class Memory implements MemoryPort {
  readonly statements: string[] = [];

  /** Stores the statements of the user about themselves, as the end of a conversation does. */
  learn(conversation: readonly Utterance[]): void {
    const transcript = conversation.map(({ by, text }, index) => ({ id: `m${index}`, by, text }));
    this.statements.push(...extractStatements(transcript).map(({ text }) => text));
  }

  recall(queries: readonly string[]): Promise<[query: string, response: string][]> {
    return Promise.resolve(queries.map((query) => [query, this.#find(query).join(' ')]));
  }

  #find(query: string): string[] {
    const wanted = new Set(indexed(query));
    return this.statements
      .map((text) => ({ text, score: indexed(text).filter((stem) => wanted.has(stem)).length }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, STATEMENTS_PER_QUERY)
      .map(({ text }) => text);
  }
}

/** Returns a tool port with the tools of a file. Each call gives the output of `answer`. */
export function toolsOf(
  file: OrganizationFile,
  answer: (input: Record<string, unknown>) => string,
): ToolPort {
  return {
    candidate: (spec) => {
      const { tool, version } = resolveTool(file.tools, spec) ?? raise('There is no such tool.');
      return toolCandidate(tool, version, spec);
    },
    call: (_tool, input) => Promise.resolve({ output: answer(input), duration: 0.1 }),
  };
}

export interface TalkOptions {
  returning?: boolean;
  memory?: MemoryPort;
  /** Returns the output of each tool call. */
  answer?: (input: Record<string, unknown>) => string;
}

/** A conversation of Maya Chen with the embedded agent, on a graph of an organization's file. */
export class Talk {
  readonly #reasoner = embeddedReasoner({ paceMs: 0 });
  readonly #graphs: ReadonlyMap<string, ContextGraph>;
  readonly #turn: Omit<TurnInput, 'position' | 'history' | 'input'>;
  readonly history: Utterance[] = [];
  readonly thoughts: string[] = [];
  /** Logs of the turns, in order. `events` has the types of the events of each turn. */
  readonly logs: TurnLog[] = [];
  readonly events: string[][] = [];
  position: Position;
  completed = false;

  constructor(file: OrganizationFile, graphName: string, options: TalkOptions = {}) {
    const graph = file.graphs.find(({ name }) => name === graphName) ?? raise(`No graph "${graphName}".`);
    const { returning = false, memory = new Memory(), answer = () => '9:00 and 14:45' } = options;
    const initial = returning ? graph.returning_user_initial_state : graph.new_user_initial_state;
    this.position = startPosition([graph.id, graph.version], initial);
    this.#graphs = new Map(file.graphs.map((each) => [versionKey([each.id, each.version]), each]));
    this.#turn = turnAt(graph, initial, {
      graphs: this.#graphs,
      agent: file.agents[0] ?? raise('The file has no agent.'),
      behaviors: file.dynamic_behavior_sets,
      memory,
      tools: toolsOf(file, answer),
      keepThought: (text) => `thought-${this.thoughts.push(text)}`,
    });
  }

  /** Takes a turn with a message of the user, or with null for no message. Returns the agent's message. */
  async say(text: string | null): Promise<string> {
    const input = text === null ? [] : userSays(text);
    const { position, history } = this;
    const { events, result } = await wholeTurn({ ...this.#turn, position, history, input }, this.#reasoner);
    this.history.push(...input, { by: 'agent', text: result.message });
    this.logs.push(result.log);
    this.events.push(events.map((event) => (event.type === 'action' ? event.action.type : event.type)));
    this.position = result.position;
    this.completed = result.completed;
    return result.message;
  }

  recommend(context = ''): Promise<string[]> {
    const { position, history } = this;
    const graph = this.#graphs.get(versionKey(position.graph)) ?? raise('There is no such graph.');
    const state = graph.states.find(({ name }) => name === position.state);
    if (state?.type !== 'action') return raise(`"${position.state}" is not an action state.`);
    return this.#reasoner.recommend(situationAt(graph, state.name, { position, history }), state, context);
  }
}

export { graphOf, TEST_GRAPH };
