import { startPosition, type Position } from '../agent/position.ts';
import { takeTurn, type TurnResult } from '../agent/engine.ts';
import type { Reasoner, Utterance } from '../agent/reasoner.ts';
import type { ActionFilter } from '../events/action-filter.ts';
import type { AgentAction } from '../events/agent-actions.ts';
import { numberedIdentifier } from '../identifiers.ts';
import { problem } from '../problems.ts';
import type { ContextGraph } from '../registry/graph.ts';
import type { Agent } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { EventStream } from './event-stream.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationRecord, InteractionRecord, MessageRecord } from './records.ts';
import type { ExternalEvent, OpeningMessage } from './requests.ts';
import { Stamps, type MessageStamp } from './stamps.ts';

/** The messages an agent is given of what came before: enough to speak sensibly, whatever the length of the whole. */
export const HISTORY_WINDOW = 20;
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
  reasoner: Reasoner;
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
    const { graph, agent } = await this.#read(parts.registry);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), parts.deadlineMs);
    try {
      const events = takeTurn(
        {
          graph,
          agent,
          user: { name: this.#record.identity.user_name },
          position: this.#position(graph),
          history:
            this.#record.last_message === 0 ? [] : parts.messages.window(HISTORY_WINDOW).map(utteranceOf),
          input: this.#incoming.map(utteranceOf),
          signal: deadline.signal,
        },
        parts.reasoner,
      );
      const speaker = new Speaker(stream, this.#stamps);
      for (let event = await before(deadline.signal, events.next()); ;) {
        if (event.done === true) return this.#result(event.value, speaker.stamp(), agent);
        if (event.value.type === 'piece') speaker.say(event.value.text, event.value.final);
        else this.#act(event.value.action, stream, sees);
        event = await before(deadline.signal, events.next());
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

  async #read(registry: RegistryReader): Promise<{ graph: ContextGraph; agent: Agent }> {
    const { organization, versions } = this.#record.identity;
    const graph = await registry.graph(organization, versions.graph);
    const agent = await registry.agent(organization, versions.agent);
    if (graph === null || agent === null) {
      throw problem(
        'turn_failed',
        'The agent or the context graph of this conversation is not in the registry.',
      );
    }
    return { graph, agent };
  }

  #position(graph: ContextGraph): Position {
    if (this.#interaction > 1) return this.#record.position;
    const initial = this.#opening.returning
      ? graph.returning_user_initial_state
      : graph.new_user_initial_state;
    return startPosition(this.#record.identity.versions.graph, initial);
  }

  #act(action: AgentAction, stream: EventStream, sees: ActionFilter): void {
    this.#actions.push(action);
    if (sees(action.type)) stream.send({ type: 'current-agent-action', action });
  }

  #result(result: TurnResult, stamp: MessageStamp, agent: Agent): FinishedTurn {
    const spoken = this.#message(stamp, 'agent-message', agent.name, result.message);
    const messages = [...this.#incoming, spoken];
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

/** Waits for `work`, but no longer than until the signal aborts. */
async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  if (signal.aborted) throw problem('turn_deadline_exceeded', 'The agent did not answer in time.');
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(problem('turn_deadline_exceeded', 'The agent did not answer in time.'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
