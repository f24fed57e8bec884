import type { TurnResult } from '../../agent/engine.ts';
import type { Utterance } from '../../agent/reasoner.ts';
import type { AgentAction } from '../../contract/agent-actions.ts';
import type { MessageFormat } from '../../contract/formats.ts';
import type { SentMessageType } from '../../contract/messages.ts';
import { numberedIdentifier } from '../../identifiers.ts';
import type { StoredRecording } from '../recording-table.ts';
import type { ConversationRecord, InteractionRecord, MessageRecord } from '../records.ts';
import { recordingOf, type ExternalEvent, type MessageSender, type SentMessage } from '../requests.ts';
import { utteranceOf } from '../utterances.ts';
import { MessageStamps, type MessageStamp } from './message-stamps.ts';

/** The contents that a turn begins with. */
export interface TurnStart {
  message: SentMessage | null;
  /** The sender of the message and the events. */
  sender: MessageSender;
  external_events: ExternalEvent[];
  response_format: MessageFormat;
  /** For the first turn: whether the user has finished a conversation of the service before. */
  returning: boolean;
}

/** Everything that a turn stores. `changes` are to be laid over the conversation as it is when the turn ends. */
export interface FinishedTurn {
  messages: MessageRecord[];
  /** The recordings of messages, by the messages' numbers. */
  recordings: ReadonlyMap<number, StoredRecording>;
  agentMessage: MessageRecord;
  interaction: InteractionRecord;
  changes: Partial<ConversationRecord>;
}

/** The agent's message: its stamp, its text and its recording, if it was spoken. */
export interface AgentMessage {
  stamp: MessageStamp;
  sender: string;
  recording: StoredRecording | null;
}

/** Collects what one turn is to store, and gives it its numbers and times. It does no I/O. */
export class Turn {
  readonly interactionId: string;
  /** The number of the interaction, from 1. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly record: ConversationRecord;
  readonly start: TurnStart;
  readonly stamps: MessageStamps;
  readonly #sentMessages: MessageRecord[] = [];
  readonly #thoughts: MessageRecord[] = [];
  readonly #actions: AgentAction[] = [];
  readonly #recordings = new Map<number, StoredRecording>();
  /** The keys of all that is in the bucket for this turn, or may be. */
  readonly #keys: string[] = [];

  constructor(record: ConversationRecord, start: TurnStart, now: number) {
    this.record = record;
    this.start = start;
    this.stamps = new MessageStamps(record);
    this.number = record.last_interaction + 1;
    this.startedAt = Math.max(now, record.last_at + 1);
    this.interactionId = numberedIdentifier(this.startedAt, this.number);
    for (const event of start.external_events) {
      this.#receive('external-event', event.text, Math.min(event.at, now), 'text');
    }
    const recording = recordingOf(start.message);
    if (recording !== null) this.#keys.push(recording.key);
    if (start.message !== null && 'text' in start.message) {
      this.#receive(start.message.type, start.message.text, now, 'text');
    }
  }

  /** The keys of recordings that are to be removed when the turn comes to nothing. */
  get recordingKeys(): readonly string[] {
    return this.#keys;
  }

  /** The text that this turn answers: null when there is none, or when it is still to be transcribed. */
  get sentText(): MessageRecord | null {
    const { message } = this.start;
    return message === null || 'recording' in message ? null : (this.#sentMessages.at(-1) ?? null);
  }

  /** All that was sent, as the agent is given it. */
  get input(): Utterance[] {
    return this.#sentMessages.map(utteranceOf);
  }

  /** Takes the transcript of the recording that was sent. */
  transcribed(type: SentMessageType, text: string, recording: StoredRecording): MessageRecord {
    const message = this.#receive(type, text, this.startedAt, 'voice');
    this.#recordings.set(message.sequence, recording);
    return message;
  }

  /** Notes a recording that this turn is about to store. */
  storing(key: string): void {
    this.#keys.push(key);
  }

  /** Keeps a thought of the agent. Returns the identifier of its message. */
  think(sender: string, text: string): string {
    const thought = this.#message(this.stamps.next(Date.now()), 'agent-inner-thought', sender, text);
    this.#thoughts.push(thought);
    return thought.id;
  }

  /** Keeps what the agent did. */
  act(action: AgentAction): void {
    this.#actions.push(action);
  }

  #receive(type: SentMessageType, text: string, at: number, format: MessageFormat): MessageRecord {
    const { name, user_id } = this.start.sender;
    const sender = type === 'user-message' ? name : 'External event';
    const written = this.#message(this.stamps.next(at), type, sender, text);
    const message = { ...written, format, sender_user_id: user_id };
    this.#sentMessages.push(message);
    return message;
  }

  #message(stamp: MessageStamp, type: MessageRecord['type'], sender: string, text: string): MessageRecord {
    return {
      ...stamp,
      interaction: this.number,
      interaction_id: this.interactionId,
      type,
      sender,
      text,
      format: 'text',
      sender_user_id: null,
    };
  }

  /** Returns what is to be stored, once the agent has spoken. */
  finished(result: TurnResult, { stamp, sender, recording }: AgentMessage): FinishedTurn {
    const written = this.#message(stamp, 'agent-message', sender, result.message);
    const agentMessage = { ...written, format: this.start.response_format };
    if (recording !== null) this.#recordings.set(agentMessage.sequence, recording);
    const messages = [...this.#sentMessages, ...this.#thoughts, agentMessage];
    const interaction: InteractionRecord = {
      sequence: this.number,
      id: this.interactionId,
      first_message: this.record.last_message + 1,
      last_message: this.stamps.sequence,
      started_at: this.startedAt,
      log: result.log,
      actions: this.#actions,
    };
    const changes: Partial<ConversationRecord> = {
      state: result.completed ? 'finished' : 'open',
      position: result.position,
      completed: result.completed,
      num_messages:
        this.record.num_messages + messages.filter(({ type }) => type !== 'agent-inner-thought').length,
      last_message: this.stamps.sequence,
      last_interaction: this.number,
      last_at: this.stamps.at,
      ...(result.completed && { analysis: { ...this.record.analysis, status: 'pending' } }),
    };
    return { messages, recordings: this.#recordings, agentMessage, interaction, changes };
  }
}
