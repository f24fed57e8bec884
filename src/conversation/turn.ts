import { startPosition } from '../agent/position.ts';
import { takeTurn, type TurnResult } from '../agent/engine.ts';
import { UsageMeter } from '../agent/usage.ts';
import type { TurnInput } from '../agent/walk.ts';
import { versionKey } from '../registry/primitives.ts';
import type { MemoryPort, ToolPort } from '../agent/ports.ts';
import type { Reasoner, Utterance } from '../agent/reasoner.ts';
import type { ActionFilter } from '../events/action-filter.ts';
import type { AgentAction } from '../events/agent-actions.ts';
import { numberedIdentifier } from '../identifiers.ts';
import { problem } from '../problems.ts';
import type { BehaviorSet } from '../registry/capabilities.ts';
import type { Agent, Catalog } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { EventStream } from './event-stream.ts';
import type { MessageReader } from './messages.ts';
import type {
  ConversationIdentity,
  ConversationRecord,
  InteractionRecord,
  MessageRecord,
} from './records.ts';
import type { ExternalEvent, OpeningMessage } from './requests.ts';
import { Stamps, type MessageStamp } from './stamps.ts';

/** A turn that takes longer than this is given up: nobody waits two minutes for an answer. */
export const TURN_DEADLINE_MS = 120_000;

const SPEAKERS = {
  'user-message': 'user',
  'agent-message': 'agent',
  'agent-inner-thought': 'thought',
  'external-event': 'event',
} as const satisfies Record<MessageRecord['type'], Utterance['by']>;

export function utteranceOf({ type, text }: Pick<MessageRecord, 'type' | 'text'>): Utterance {
  return { by: SPEAKERS[type], text };
}

/** What a turn needs of its surroundings. */
export interface TurnParts {
  registry: RegistryReader;
  messages: MessageReader;
  /** The reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
  tools: (catalog: Catalog) => ToolPort;
  memory: (identity: ConversationIdentity) => MemoryPort;
  deadlineMs: number;
}

/** What a turn wants stored. `changes` are to be laid over the conversation as it is when the turn ends. */
export interface FinishedTurn {
  messages: MessageRecord[];
  spoken: MessageRecord;
  interaction: InteractionRecord;
  changes: Partial<ConversationRecord>;
}

/** What begins a turn. */
export interface TurnOpening {
  message: OpeningMessage | null;
  external_events: ExternalEvent[];
  /** For the first turn: whether the user has finished a conversation of the service before. */
  returning: boolean;
}

/** One turn: from what was said to what is to be committed. It writes nothing; its object commits. */
export class Turn {
  readonly interactionId: string;
  readonly startedAt: number;
  readonly #record: ConversationRecord;
  readonly #opening: TurnOpening;
  readonly #stamps: Stamps;
  readonly #incoming: MessageRecord[] = [];
  readonly #thoughts: MessageRecord[] = [];
  readonly #actions: AgentAction[] = [];
  readonly #interaction: number;

  constructor(record: ConversationRecord, opening: TurnOpening, now: number) {
    this.#record = record;
    this.#opening = opening;
    this.#stamps = new Stamps(record);
    this.#interaction = record.last_interaction + 1;
    this.startedAt = Math.max(now, record.last_at + 1);
    this.interactionId = numberedIdentifier(this.startedAt, this.#interaction);
    for (const event of opening.external_events) {
      this.#receive('external-event', event.text, Math.min(event.at, now));
    }
    if (opening.message !== null) this.#receive(opening.message.type, opening.message.text, now);
  }

  /** The message that this turn answers, once it has its identifier. `null` when there is none. */
  get opening(): MessageRecord | null {
    return this.#opening.message === null ? null : (this.#incoming.at(-1) ?? null);
  }

  /** Runs the agent, telling the stream of it as it goes. Throws when the turn is void. */
  async run(parts: TurnParts, stream: EventStream, sees: ActionFilter): Promise<FinishedTurn> {
    const catalog = await parts.registry.catalog(this.#record.identity.organization);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), parts.deadlineMs);
    try {
      const input = await this.#input(parts, catalog, deadline.signal);
      const events = takeTurn(input, parts.reasoner(catalog));
      const late = deadlineOf(deadline.signal);
      const speaker = new Speaker(stream, this.#stamps);
      for (let event = await Promise.race([events.next(), late]); ;) {
        if (event.done === true) return this.#result(event.value, speaker.stamp(), input.agent);
        if (event.value.type === 'piece') speaker.say(event.value.text, event.value.final);
        else this.#act(event.value.action, stream, sees);
        event = await Promise.race([events.next(), late]);
      }
    } finally {
      clearTimeout(timer);
      deadline.abort();
    }
  }

  #receive(type: OpeningMessage['type'], text: string, at: number): void {
    const sender = type === 'user-message' ? this.#record.identity.user_name : 'External event';
    this.#incoming.push(this.#message(this.#stamps.next(at), type, sender, text));
  }

  #message(stamp: MessageStamp, type: MessageRecord['type'], sender: string, text: string): MessageRecord {
    return {
      ...stamp,
      interaction: this.#interaction,
      interaction_id: this.interactionId,
      type,
      sender,
      text,
      format: 'text',
    };
  }

  /** Everything that the engine is given. */
  async #input(parts: TurnParts, catalog: Catalog, signal: AbortSignal): Promise<TurnInput> {
    const { identity } = this.#record;
    const { organization, versions, service_id } = identity;
    const graphs = await parts.registry.graphs(organization, versions.graph);
    const agent = await parts.registry.agent(organization, versions.agent);
    const root = graphs.get(versionKey(versions.graph));
    if (root === undefined || agent === null) {
      throw problem(
        'turn_failed',
        'The agent or the context graph of this conversation is not in the registry.',
      );
    }
    const initial = this.#opening.returning ? root.returning_user_initial_state : root.new_user_initial_state;
    return {
      graphs,
      agent,
      user: { name: identity.user_name, model: identity.user_model },
      position: this.#interaction > 1 ? this.#record.position : startPosition(versions.graph, initial),
      history: this.#record.last_message === 0 ? [] : parts.messages.recent().map(utteranceOf),
      input: this.#incoming.map(utteranceOf),
      behaviors: behaviorsOf(catalog, service_id),
      models: versions.llm_model_preferences,
      memory: parts.memory(identity),
      tools: parts.tools(catalog),
      keepThought: (text) => this.#think(agent.name, text),
      meter: new UsageMeter(),
      signal,
    };
  }

  #think(sender: string, text: string): string {
    const thought = this.#message(this.#stamps.next(Date.now()), 'agent-inner-thought', sender, text);
    this.#thoughts.push(thought);
    return thought.id;
  }

  #act(action: AgentAction, stream: EventStream, sees: ActionFilter): void {
    this.#actions.push(action);
    if (sees(action.type)) stream.send({ type: 'current-agent-action', action });
  }

  #result(result: TurnResult, stamp: MessageStamp, agent: Agent): FinishedTurn {
    const spoken = this.#message(stamp, 'agent-message', agent.name, result.message);
    const messages = [...this.#incoming, ...this.#thoughts, spoken];
    const interaction: InteractionRecord = {
      sequence: this.#interaction,
      id: this.interactionId,
      first_message: this.#record.last_message + 1,
      last_message: this.#stamps.sequence,
      started_at: this.startedAt,
      log: result.log,
      actions: this.#actions,
    };
    const changes: Partial<ConversationRecord> = {
      state: result.completed ? 'finished' : 'open',
      position: result.position,
      completed: result.completed,
      num_messages:
        this.#record.num_messages + messages.filter(({ type }) => type !== 'agent-inner-thought').length,
      last_message: this.#stamps.sequence,
      last_interaction: this.#interaction,
      last_at: this.#stamps.at,
      ...(result.completed && { analysis: { ...this.#record.analysis, status: 'pending' } }),
    };
    return { messages, spoken, interaction, changes };
  }
}

/** The newest version of each behavior set that concerns a service. */
function behaviorsOf({ dynamic_behavior_sets: sets }: Catalog, serviceId: string): BehaviorSet[] {
  const newest = new Map<string, BehaviorSet>();
  for (const set of sets) {
    if (set.service_ids.length > 0 && !set.service_ids.includes(serviceId)) continue;
    if (set.version > (newest.get(set.id)?.version ?? 0)) newest.set(set.id, set);
  }
  return [...newest.values()];
}

/** Sends the pieces of the agent's message; the message gets its stamp with its first piece. */
class Speaker {
  readonly #stream: EventStream;
  readonly #stamps: Stamps;
  #stamp: MessageStamp | null = null;
  #sequence = 0;

  constructor(stream: EventStream, stamps: Stamps) {
    this.#stream = stream;
    this.#stamps = stamps;
  }

  stamp(): MessageStamp {
    this.#stamp ??= this.#stamps.next(Date.now());
    return this.#stamp;
  }

  say(text: string, final: boolean): void {
    this.#stream.send({
      type: 'new-message',
      message: text,
      transcript_alignment: null,
      stop: final,
      sequence_number: this.#sequence,
      message_id: this.stamp().id,
    });
    this.#sequence += 1;
  }
}

/** Rejects when the signal aborts: one promise for all that a turn waits for. */
function deadlineOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () =>
    reject(problem('turn_deadline_exceeded', 'The agent did not answer in time.')),
  );
  // A turn that ends in time leaves the rejection to nobody.
  promise.catch(() => undefined);
  return promise;
}
