/** Plays a dialogue against a reasoner, turn by turn, with scripted tools and memories. */
import { stemsOf } from '../../src/agent/embedded/words.ts';
import { takeTurn } from '../../src/agent/engine.ts';
import type { MemoryPort, ToolPort } from '../../src/agent/ports.ts';
import { startPosition, type Position } from '../../src/agent/position.ts';
import type { Reasoner, Utterance } from '../../src/agent/reasoner.ts';
import { toolCandidate } from '../../src/agent/tool-candidate.ts';
import type { TurnLog } from '../../src/agent/turn-log.ts';
import { UsageMeter } from '../../src/agent/usage.ts';
import type { TurnInput } from '../../src/agent/walk.ts';
import type { ContextGraph } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { versionKey } from '../../src/registry/primitives.ts';
import { resolveTool } from '../../src/registry/tool-versions.ts';
import type { Dialogue, DialogueTurn } from './dialogue-file.ts';
import { expectedState, realigned } from './realign.ts';

/** Result of a turn. `heard` is its part of the dialogue. */
export interface PlayedTurn {
  heard: DialogueTurn;
  message: string;
  log: TurnLog;
  calls: { name: string; input: Record<string, unknown> }[];
  behavior: string | null;
  ended: boolean;
}

/** Result of playing a dialogue. `failure` is the error that ended it early, or null. */
export interface PlayedDialogue {
  dialogue: Dialogue;
  graph: ContextGraph;
  turns: PlayedTurn[];
  failure: string | null;
}

const MAX_REMEMBERED = 3;

/**
 * Returns a memory port that answers a query with the memories that share a word with it, those with the most words
 * first.
 */
function memoryOf(memories: readonly string[]): MemoryPort {
  const indexed = memories.map((text) => ({ text, stems: new Set(stemsOf(text)) }));
  const answer = (query: string) => {
    const wanted = stemsOf(query);
    return indexed
      .map(({ text, stems }) => ({ text, shared: wanted.filter((stem) => stems.has(stem)).length }))
      .filter(({ shared }) => shared > 0)
      .sort((a, b) => b.shared - a.shared)
      .slice(0, MAX_REMEMBERED)
      .map(({ text }) => text)
      .join(' ');
  };
  return { recall: (queries) => Promise.resolve(queries.map((query) => [query, answer(query)])) };
}

/** Returns a tool port with the scripted outputs of the dialogue. It adds each call to `calls`. */
function toolsOf(file: OrganizationFile, answers: Dialogue['tools'], calls: PlayedTurn['calls']): ToolPort {
  const said = new Map<string, number>();
  const next = (name: string): string => {
    const answer = answers[name];
    if (answer === undefined) return `Error: the dialogue has no answer of the tool "${name}".`;
    const count = said.get(name) ?? 0;
    said.set(name, count + 1);
    return typeof answer === 'string' ? answer : (answer[Math.min(count, answer.length - 1)] ?? '');
  };
  return {
    candidate: (spec) => {
      const resolved = resolveTool(file.tools, spec);
      if (resolved === null) throw new Error(`There is no tool ${spec.tool_id}.`);
      const { tool, version } = resolved;
      return toolCandidate(tool, version, spec);
    },
    call: ({ name }, input) => {
      calls.push({ name, input });
      return Promise.resolve({ output: next(name), duration: 0.1 });
    },
  };
}

function found<T>(list: readonly T[], fits: (one: T) => boolean, what: string): T {
  const one = list.find(fits);
  if (one === undefined) throw new Error(`The organization has no ${what}.`);
  return one;
}

function newest<T extends { id: string; version: number }>(list: readonly T[], id: string): T | undefined {
  return list.filter((one) => one.id === id).sort((a, b) => b.version - a.version)[0];
}

/** A conversation between the user of a dialogue and an agent. */
class Performance {
  readonly graph: ContextGraph;
  readonly #file: OrganizationFile;
  readonly #reasoner: Reasoner;
  readonly #turn: Omit<TurnInput, 'position' | 'history' | 'input' | 'meter'>;
  readonly #history: Utterance[] = [];
  readonly #calls: PlayedTurn['calls'] = [];
  #position: Position;

  constructor(file: OrganizationFile, dialogue: Dialogue & { service: string }, reasoner: Reasoner) {
    const service = found(
      file.services,
      ({ name }) => name === dialogue.service,
      `service "${dialogue.service}"`,
    );
    const graph = newest(file.graphs, service.service_hierarchical_state_machine_id);
    const agent = newest(file.agents, service.agent_id);
    if (graph === undefined || agent === undefined) throw new Error('The service has no agent or no graph.');
    this.#file = file;
    this.#reasoner = reasoner;
    this.graph = graph;
    const initial = dialogue.returning ? graph.returning_user_initial_state : graph.new_user_initial_state;
    this.#position = startPosition([graph.id, graph.version], dialogue.start ?? initial);
    let thoughts = 0;
    this.#turn = {
      graphs: new Map(file.graphs.map((each) => [versionKey([each.id, each.version]), each])),
      agent,
      user: { name: dialogue.user_name, model: dialogue.memories.join('\n') || null },
      behaviors: file.dynamic_behavior_sets.filter(
        ({ service_ids }) => service_ids.length === 0 || service_ids.includes(service.id),
      ),
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

  async take(heard: DialogueTurn): Promise<PlayedTurn> {
    const input: Utterance[] = [
      ...(heard.event === undefined ? [] : [{ by: 'event' as const, text: heard.event }]),
      ...(heard.say === undefined ? [] : [{ by: 'user' as const, text: heard.say }]),
    ];
    this.#calls.length = 0;
    const history = [...this.#history];
    const turn = takeTurn(
      { ...this.#turn, position: this.#position, history, input, meter: new UsageMeter() },
      this.#reasoner,
    );
    let step = await turn.next();
    while (step.done !== true) step = await turn.next();
    const { message, position, log, completed } = step.value;
    this.#position = position;
    this.#history.push(...input, { by: 'agent', text: message });
    return { heard, message, log, calls: [...this.#calls], behavior: this.#behavior(log), ended: completed };
  }

  /** Moves to the expected state of a turn that ended in another state. Returns true when the conversation goes on. */
  goOn({ heard: { expect }, log, ended }: PlayedTurn): boolean {
    const state = expectedState(expect);
    if (state === null || [expect.state ?? state].flat().includes(log.state)) return !ended;
    const position = realigned(this.#position, state, expect.path ?? [], this.graph, this.#file.graphs);
    if (position === null) return !ended;
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
 * another state than expected the next one begins in the expected state, so that one mistake is counted once.
 */
export async function playDialogue(
  file: OrganizationFile,
  dialogue: Dialogue & { service: string },
  reasoner: Reasoner,
): Promise<PlayedDialogue> {
  const performance = new Performance(file, dialogue, reasoner);
  const turns: PlayedTurn[] = [];
  try {
    for (const turn of [{ expect: dialogue.opening }, ...dialogue.turns]) {
      const last = turns.at(-1);
      if (last !== undefined && !performance.goOn(last)) break;
      turns.push(await performance.take(turn));
    }
  } catch (error) {
    return {
      dialogue,
      graph: performance.graph,
      turns,
      failure: error instanceof Error ? error.message : String(error),
    };
  }
  return { dialogue, graph: performance.graph, turns, failure: null };
}
