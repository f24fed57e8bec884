/** Plays a dialogue against a reasoner, turn by turn, with scripted tools and memories. */
import { takeTurn } from '../../src/agent/engine.ts';
import { startPosition, type Position } from '../../src/agent/position.ts';
import type { Reasoner, Utterance } from '../../src/agent/reasoner.ts';
import type { TurnLog } from '../../src/agent/turn-log.ts';
import { UsageMeter } from '../../src/agent/usage.ts';
import type { TurnInput } from '../../src/agent/walk.ts';
import type { AgentAction } from '../../src/contract/agent-actions.ts';
import type { BehaviorSet } from '../../src/registry/capabilities.ts';
import type { ContextGraph } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { versionKey } from '../../src/registry/primitives.ts';
import type { Dialogue, DialogueTurn } from './dialogue-file.ts';
import { graphsOf } from './graphs.ts';
import { expectedState, realigned } from './realign.ts';
import { memoryOf, toolsOf, type PlayedCall } from './scripted-ports.ts';

/** Result of a turn. `heard` is its part of the dialogue. */
export interface PlayedTurn {
  heard: DialogueTurn;
  message: string;
  log: TurnLog;
  /** The steps of the agent, as its events named them. */
  actions: AgentAction[];
  calls: PlayedCall[];
  behavior: string | null;
  /** Identifier of the graph in which the agent spoke. */
  graph: string;
  ended: boolean;
}

/** Result of playing a dialogue. `failure` is the error that ended it early, or null. */
export interface PlayedDialogue {
  dialogue: Dialogue;
  /** The graphs of the service in the versions that were played, its own graph first. */
  graphs: ContextGraph[];
  turns: PlayedTurn[];
  failure: string | null;
}

function found<T>(list: readonly T[], fits: (one: T) => boolean, what: string): T {
  const one = list.find(fits);
  if (one === undefined) throw new Error(`The organization has no ${what}.`);
  return one;
}

function newest<T extends { id: string; version: number }>(list: readonly T[], id: string): T | undefined {
  return list.filter((one) => one.id === id).sort((a, b) => b.version - a.version)[0];
}

/** Memory and tools of a turn. */
export type Ports = Pick<TurnInput, 'memory' | 'tools'>;

/** A conversation between the user of a dialogue and an agent. */
export class Performance {
  readonly graphs: ContextGraph[];
  /** The dynamic behavior sets of the service. */
  readonly behaviors: readonly BehaviorSet[];
  /** The steps of the agent in the present turn, or in the last one. */
  actions: AgentAction[] = [];
  readonly #file: OrganizationFile;
  readonly #turn: Omit<TurnInput, 'position' | 'history' | 'input' | 'meter'>;
  readonly #history: Utterance[] = [];
  readonly #calls: PlayedCall[] = [];
  #position: Position;

  constructor(file: OrganizationFile, dialogue: Dialogue & { service: string }) {
    const service = found(
      file.services,
      ({ name }) => name === dialogue.service,
      `service "${dialogue.service}"`,
    );
    this.graphs = graphsOf(file, service.name);
    const agent = newest(file.agents, service.agent_id);
    const [graph] = this.graphs;
    if (graph === undefined || agent === undefined) throw new Error('The service has no agent or no graph.');
    this.#file = file;
    this.behaviors = file.dynamic_behavior_sets.filter(
      ({ service_ids }) => service_ids.length === 0 || service_ids.includes(service.id),
    );
    const initial = dialogue.returning ? graph.returning_user_initial_state : graph.new_user_initial_state;
    this.#position = startPosition([graph.id, graph.version], dialogue.start ?? initial);
    let thoughts = 0;
    this.#turn = {
      graphs: new Map(file.graphs.map((each) => [versionKey([each.id, each.version]), each])),
      agent,
      user: { name: dialogue.user_name, model: dialogue.memories.join('\n') || null },
      behaviors: this.behaviors,
      models: {},
      memory: memoryOf(dialogue.memories),
      tools: toolsOf(file, dialogue.tools, this.#calls),
      keepThought: (text) => {
        this.#history.push({ by: 'thought', text });
        thoughts += 1;
        return `thought-${thoughts}`;
      },
      signal: new AbortController().signal,
    };
  }

  /** Plays a turn. `ports` takes the place of the memory and the tools of the dialogue's file. */
  async take(
    heard: DialogueTurn,
    reasoner: Reasoner,
    ports: (scripted: Ports) => Ports = (scripted) => scripted,
  ): Promise<PlayedTurn> {
    const input: Utterance[] = [
      ...(heard.event === undefined ? [] : [{ by: 'event' as const, text: heard.event }]),
      ...(heard.say === undefined ? [] : [{ by: 'user' as const, text: heard.say }]),
    ];
    this.#calls.length = 0;
    this.actions = [];
    const history = [...this.#history];
    const turn = takeTurn(
      {
        ...this.#turn,
        ...ports(this.#turn),
        position: this.#position,
        history,
        input,
        meter: new UsageMeter(),
      },
      reasoner,
    );
    let step = await turn.next();
    for (; step.done !== true; step = await turn.next()) {
      if (step.value.type === 'action') this.actions.push(step.value.action);
    }
    const { message, position, log, completed: ended } = step.value;
    this.#position = position;
    this.#history.push(...input, { by: 'agent', text: message });
    const { actions } = this;
    const behavior = this.#behavior(log);
    return {
      heard,
      message,
      log,
      actions,
      calls: [...this.#calls],
      behavior,
      graph: position.graph[0],
      ended,
    };
  }

  /** Moves to the expected state of a turn that ended in another state. Returns true when the conversation goes on. */
  goOn({ heard: { expect }, log, ended }: PlayedTurn): boolean {
    const state = expectedState(expect);
    if (state === null || [expect.state ?? state].flat().includes(log.state)) return !ended;
    return this.moveTo(expect) || !ended;
  }

  /** Moves to the expected state of a turn. Returns false when no graph of the service has it. */
  moveTo(expect: DialogueTurn['expect']): boolean {
    const state = expectedState(expect);
    const [root] = this.graphs;
    if (state === null || root === undefined) return false;
    const position = realigned(this.#position, state, expect.path ?? [], root, this.#file.graphs);
    if (position === null) return false;
    this.#position = position;
    return true;
  }

  #behavior({ behavior }: TurnLog): string | null {
    const set = this.#file.dynamic_behavior_sets.find(
      ({ id, version }) => id === behavior?.[0] && version === behavior[1],
    );
    return set?.name ?? null;
  }
}

/**
 * Plays a dialogue: the agent's opening, then every turn until the conversation ends. After a turn that ended in
 * another state than expected the next one begins in the expected state, so that one mistake is counted once. With
 * `realigns` false it begins where the agent went, which is how a dialogue is recorded.
 */
export async function playDialogue(
  file: OrganizationFile,
  dialogue: Dialogue & { service: string },
  reasoner: Reasoner,
  realigns = true,
): Promise<PlayedDialogue> {
  const performance = new Performance(file, dialogue);
  const { graphs } = performance;
  const turns: PlayedTurn[] = [];
  try {
    for (const turn of [{ expect: dialogue.opening }, ...dialogue.turns]) {
      const last = turns.at(-1);
      if (last !== undefined && !(realigns ? performance.goOn(last) : !last.ended)) break;
      turns.push(await performance.take(turn, reasoner));
    }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { dialogue, graphs, turns, failure };
  }
  return { dialogue, graphs, turns, failure: null };
}
