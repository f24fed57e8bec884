/** Graphs, agents and conversations for the tests of the agent. */
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import { takeTurn, type TurnEvent, type TurnInput, type TurnResult } from '../../src/agent/engine.ts';
import { startPosition, type Position } from '../../src/agent/position.ts';
import type { Reasoner, Situation, Utterance } from '../../src/agent/reasoner.ts';
import type { ContextGraph } from '../../src/registry/graph.ts';
import type { Agent } from '../../src/registry/organization.ts';
import { AGENT, TEST_GRAPH, testOrganization } from '../support/organization.ts';

export const TEST_AGENT: Agent =
  testOrganization('0'.repeat(64)).agents[0] ?? raise('There is no test agent.');

function raise(message: string): never {
  throw new Error(message);
}

/** The test graph with other states: the first is where everybody starts, the last is the terminal one. */
export function graphOf(states: ContextGraph['states']): ContextGraph {
  const first = states[0]?.name ?? raise('A graph needs a state.');
  return {
    ...TEST_GRAPH,
    states,
    new_user_initial_state: first,
    returning_user_initial_state: first,
    terminal_state: states.at(-1)?.name ?? first,
  };
}

export function userSays(text: string): Utterance[] {
  return [{ by: 'user', text }];
}

/** A situation at a state of a graph; `performed` are the actions that the agent did there already. */
export function situationAt(graph: ContextGraph, state: string, more: Partial<Situation> = {}): Situation {
  return {
    graph,
    agent: TEST_AGENT,
    user: { name: 'Maya Chen' },
    position: startPosition([graph.id, graph.version], state),
    history: [],
    input: [],
    arrived: false,
    signal: new AbortController().signal,
    ...more,
  };
}

export function turnAt(graph: ContextGraph, state: string, more: Partial<TurnInput> = {}): TurnInput {
  const { arrived: _arrived, ...input } = situationAt(graph, state, more);
  return input;
}

/** Takes a whole turn: what it told of, and what it came to. */
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

/** A conversation with the embedded agent. */
export class Talk {
  readonly #graph: ContextGraph;
  readonly #agent: Agent;
  readonly #reasoner = embeddedReasoner({ paceMs: 0 });
  readonly history: Utterance[] = [];
  position: Position;
  completed = false;

  constructor(graph: ContextGraph, agent: Agent, returning = false) {
    this.#graph = graph;
    this.#agent = agent;
    const initial = returning ? graph.returning_user_initial_state : graph.new_user_initial_state;
    this.position = startPosition([graph.id, graph.version], initial);
  }

  /** One turn: what the user says, or `null` when the agent is to speak by itself. Returns the agent's message. */
  async say(text: string | null): Promise<string> {
    const input = text === null ? [] : userSays(text);
    const { position, history } = this;
    const { result } = await wholeTurn(
      turnAt(this.#graph, position.state, { agent: this.#agent, position, history, input }),
      this.#reasoner,
    );
    this.history.push(...input, { by: 'agent', text: result.message });
    this.position = result.position;
    this.completed = result.completed;
    return result.message;
  }

  recommend(context = ''): Promise<string[]> {
    const state = this.#graph.states.find(({ name }) => name === this.position.state);
    if (state?.type !== 'action') return raise(`"${this.position.state}" is not an action state.`);
    const { position, history } = this;
    return this.#reasoner.recommend(
      situationAt(this.#graph, state.name, { position, history }),
      state,
      context,
    );
  }
}

export { AGENT, TEST_GRAPH };
