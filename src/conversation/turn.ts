import { startPosition } from '../agent/position.ts';
import { takeTurn, type TurnResult } from '../agent/engine.ts';
import { UsageMeter } from '../agent/usage.ts';
import type { TurnInput } from '../agent/walk.ts';
import { versionKey } from '../registry/primitives.ts';
import type { MemoryPort, ToolPort } from '../agent/ports.ts';
import type { Reasoner, Utterance } from '../agent/reasoner.ts';
import type { AgentAction } from '../contract/agent-actions.ts';
import { withDeadline } from '../deadline.ts';
import { numberedIdentifier } from '../identifiers.ts';
import { problem } from '../problems.ts';
import { isBlank } from '../text.ts';
import type { BehaviorSet } from '../registry/capabilities.ts';
import type { ContextGraph } from '../registry/graph.ts';
import type { Agent, Catalog } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { ActionView } from './action-view.ts';
import type { EventStream } from './event-stream.ts';
import type { MessageReader } from './messages.ts';
import type { MessageFormat } from '../contract/formats.ts';
import type {
  ConversationIdentity,
  ConversationRecord,
  InteractionRecord,
  MessageRecord,
} from './records.ts';
import type { ExternalEvent, MessageSender, OpeningMessage } from './requests.ts';
import { recordingOf } from './requests.ts';
import type { Recordings } from './recordings.ts';
import type { StoredRecording } from './recording-table.ts';
import { MessagePieces, TextSpeaker, type Speaker } from './speaker.ts';
import { Stamps, type MessageStamp } from './stamps.ts';
import type { ToolCaller } from '../tools/call-identity.ts';
import { VoiceSpeaker } from './voice-speaker.ts';
import type { Voice } from './voice.ts';

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
  tools: (catalog: Catalog, caller: ToolCaller) => ToolPort;
  memory: (identity: ConversationIdentity) => MemoryPort;
  voice: Voice;
  recordings: Recordings;
  deadlineMs: number;
}

/** What a turn wants stored. `changes` are to be laid over the conversation as it is when the turn ends. */
export interface FinishedTurn {
  messages: MessageRecord[];
  /** The recordings of messages, by the messages' numbers. */
  recordings: ReadonlyMap<number, StoredRecording>;
  spoken: MessageRecord;
  interaction: InteractionRecord;
  changes: Partial<ConversationRecord>;
}

/** What begins a turn. */
export interface TurnOpening {
  message: OpeningMessage | null;
  /** Who sends the message and the events. */
  sender: MessageSender;
  external_events: ExternalEvent[];
  response_format: MessageFormat;
  /** For the first turn: whether the user has finished a conversation of the service before. */
  returning: boolean;
}

/** Who plays in a turn. */
interface Cast {
  graphs: Map<string, ContextGraph>;
  agent: Agent;
  root: ContextGraph;
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
  readonly #recordings = new Map<number, StoredRecording>();
  /** The keys of all that is in the bucket for this turn, or may be. */
  readonly #keys: string[] = [];
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
    const recording = recordingOf(opening.message);
    if (recording !== null) this.#keys.push(recording.key);
    if (opening.message !== null && 'text' in opening.message) {
      this.#receive(opening.message.type, opening.message.text, now);
    }
  }

  /** The keys of recordings that are to be removed when the turn comes to nothing. */
  get recordingKeys(): readonly string[] {
    return this.#keys;
  }

  /** The text that this turn answers. `null` when there is none, or when it is still to be heard. */
  get opening(): MessageRecord | null {
    const { message } = this.#opening;
    return message === null || 'recording' in message ? null : (this.#incoming.at(-1) ?? null);
  }

  /** Runs the agent, telling the stream of it as it goes. Throws when the turn is void. */
  run(parts: TurnParts, stream: EventStream, view: ActionView): Promise<FinishedTurn> {
    const take = (signal: AbortSignal) => this.#take(parts, stream, view, signal);
    const late = () => problem('turn_deadline_exceeded', 'The agent did not answer in time.');
    return withDeadline(parts.deadlineMs, take, { late });
  }

  /** The turn, step by step; between any two of them it may be given up. */
  async #take(
    parts: TurnParts,
    stream: EventStream,
    view: ActionView,
    signal: AbortSignal,
  ): Promise<FinishedTurn> {
    const catalog = await parts.registry.catalog(this.#record.identity.organization);
    const cast = await this.#cast(parts);
    signal.throwIfAborted();
    await this.#listen(parts, catalog, cast.agent, stream, signal);
    const speaker = this.#speaker(parts, cast.agent, stream, signal);
    const events = takeTurn(this.#input(parts, catalog, cast, signal), parts.reasoner(catalog));
    for (let event = await events.next(); ; event = await events.next()) {
      signal.throwIfAborted();
      if (event.done === true) {
        const recording = await speaker.finish();
        return this.#result(event.value, speaker.stamp(), recording, cast.agent);
      }
      if (event.value.type === 'piece') speaker.say(event.value.text, event.value.final);
      else this.#act(event.value.action, speaker, stream, view);
    }
  }

  #receive(
    type: OpeningMessage['type'],
    text: string,
    at: number,
    format: MessageFormat = 'text',
  ): MessageRecord {
    const { name, user_id } = this.#opening.sender;
    const sender = type === 'user-message' ? name : 'External event';
    const written = this.#message(this.#stamps.next(at), type, sender, text);
    const message = { ...written, format, sender_user_id: user_id };
    this.#incoming.push(message);
    return message;
  }

  /** Hears the recording that the turn answers, if there is one, and tells what was said. */
  async #listen(
    parts: TurnParts,
    catalog: Catalog,
    agent: Agent,
    stream: EventStream,
    signal: AbortSignal,
  ): Promise<void> {
    const { message } = this.#opening;
    if (message === null || !('recording' in message)) return;
    const { recording, type } = message;
    const bytes = await parts.recordings.read(recording.key);
    const heard = { bytes, content_type: recording.content_type };
    const text = await parts.voice.transcribe(heard, this.#record.identity, agent, catalog, signal);
    if (isBlank(text))
      throw problem('message_empty', 'Nothing that was said could be heard in the recording.');
    signal.throwIfAborted();
    const { id, sequence } = this.#receive(type, text, this.startedAt, 'voice');
    this.#recordings.set(sequence, recording);
    stream.send({ type: 'user-message-available', message_id: id, user_message: text });
  }

  #speaker(parts: TurnParts, agent: Agent, stream: EventStream, signal: AbortSignal): Speaker {
    const pieces = new MessagePieces(stream, this.#stamps);
    if (this.#opening.response_format === 'text') return new TextSpeaker(pieces);
    const { identity } = this.#record;
    return new VoiceSpeaker(pieces, {
      speak: (text) => parts.voice.speak(text, identity, agent, signal),
      keep: async (wav) => {
        signal.throwIfAborted();
        const key = parts.recordings.begin(identity);
        this.#keys.push(key);
        const content_type = 'audio/wav';
        await parts.recordings.store(key, wav, content_type);
        return { key, content_type };
      },
    });
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
      sender_user_id: null,
    };
  }

  /** The agent and its graphs, in the versions that the conversation is fixed to. */
  async #cast(parts: TurnParts): Promise<Cast> {
    const { organization, versions } = this.#record.identity;
    const graphs = await parts.registry.graphs(organization, versions.graph);
    const agent = await parts.registry.agent(organization, versions.agent);
    const root = graphs.get(versionKey(versions.graph));
    if (root === undefined || agent === null) {
      throw problem(
        'turn_failed',
        'The agent or the context graph of this conversation is not in the registry.',
      );
    }
    return { graphs, agent, root };
  }

  /** Everything that the engine is given. */
  #input(parts: TurnParts, catalog: Catalog, { graphs, agent, root }: Cast, signal: AbortSignal): TurnInput {
    const { identity } = this.#record;
    const { versions, service_id } = identity;
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
      tools: parts.tools(catalog, {
        organization: identity.organization,
        user_id: identity.user_id,
        conversation_id: identity.id,
        interaction: this.#interaction,
      }),
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

  #act(action: AgentAction, speaker: Speaker, stream: EventStream, view: ActionView): void {
    this.#actions.push(action);
    const shown = view(action);
    if (shown === null) return;
    if (shown.type === 'action-too-long') speaker.sayMeanwhile(shown);
    else stream.send({ type: 'current-agent-action', action: shown });
  }

  #result(
    result: TurnResult,
    stamp: MessageStamp,
    recording: StoredRecording | null,
    agent: Agent,
  ): FinishedTurn {
    const written = this.#message(stamp, 'agent-message', agent.name, result.message);
    const spoken = { ...written, format: this.#opening.response_format };
    if (recording !== null) this.#recordings.set(spoken.sequence, recording);
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
    return { messages, recordings: this.#recordings, spoken, interaction, changes };
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
