import type { TurnResult } from '../../agent/engine.ts';
import type { Utterance } from '../../agent/reasoner.ts';
import type { MessageFormat } from '../../contract/formats.ts';
import type { MessageType, SentMessageType } from '../../contract/messages.ts';
import { numberedIdentifier, sequenceOf } from '../../identifiers.ts';
import type { StoredRecording } from '../recording-table.ts';
import type {
  ConversationRecord,
  InteractionRecord,
  MessageRecord,
  StopCause,
  TurnPlace,
} from '../records.ts';
import { recordingOf } from '../requests.ts';
import { utteranceOf } from '../utterances.ts';
import type { AcceptedTurn, Submission } from './accepted-turn.ts';
import type { KeyRecord } from './idempotency.ts';
import { MessageStamps, type MessageStamp } from './message-stamps.ts';
import type { SpokenAnswer } from './speaker.ts';
import { Transcript } from './transcript.ts';

/** The contents that a turn begins with. */
export interface TurnStart {
  submissions: readonly Submission[];
  response_format: MessageFormat;
  /** For the first turn: whether the user has finished a conversation of the service before. */
  returning: boolean;
  /** Time that its first request waited for another turn to end, in milliseconds. Default: 0. */
  waited_ms?: number;
}

/** A submission that the turn has taken. `messageId` is null for a skip, and until a recording is transcribed. */
export interface TakenSubmission {
  readonly submission: Submission;
  messageId: string | null;
  /** The cursor of the last event before the turn took it: its own stream begins behind it. */
  readonly after: number;
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

/** The agent's message: its stamp and the agent's name, and what is to be stored of it. */
export interface AgentMessage extends SpokenAnswer {
  stamp: MessageStamp;
  sender: string;
  /** The cause for which it was cut short; null for a whole message. */
  stopped: StopCause | null;
}

/** Returns the key of a submission with the number of its message. */
function keyRecordOf({ submission: { key }, messageId }: TakenSubmission): KeyRecord[] {
  if (key === null) return [];
  const [digest, fingerprint] = key;
  return messageId === null ? [[digest, fingerprint]] : [[digest, fingerprint, sequenceOf(messageId)]];
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
  /** The log of the turn's events. */
  readonly transcript: Transcript;
  /** The number of times that the turn was begun: more than 1 after its process died. */
  readonly runs: number;
  /** The stamps that its messages got in an earlier run. */
  readonly #stampsBefore: MessageStamp[];
  readonly #taken: TakenSubmission[] = [];
  readonly #sentMessages: MessageRecord[] = [];
  readonly #thoughts: MessageRecord[] = [];
  readonly #recordings = new Map<number, StoredRecording>();
  /** The keys of all that is in the bucket for this turn, or may be. */
  readonly #keys: string[] = [];
  #place: TurnPlace | null = null;

  /** `before` is the turn as it was accepted, when it is run again: it keeps its identifiers. */
  constructor(record: ConversationRecord, start: TurnStart, now: number, before: AcceptedTurn | null = null) {
    this.runs = (before?.runs ?? 0) + 1;
    this.#stampsBefore = [...(before?.stamps ?? [])];
    this.record = record;
    this.start = start;
    this.stamps = new MessageStamps(record);
    this.number = record.last_interaction + 1;
    this.startedAt = before?.started_at ?? Math.max(now, record.last_at + 1);
    this.interactionId = before?.interaction_id ?? numberedIdentifier(this.startedAt, this.number);
    const subject = { conversation_id: record.identity.id, interaction_id: this.interactionId };
    this.transcript = new Transcript(subject, this.runs);
    for (const submission of start.submissions) this.take(submission, now);
  }

  /** True when the turn makes its conversation: its stream begins with `conversation-created`. */
  get isFirst(): boolean {
    return this.record.state === 'creating';
  }

  /** The keys of recordings that are to be removed when the turn comes to nothing. */
  get recordingKeys(): readonly string[] {
    return this.#keys;
  }

  /** The submissions that the turn answers, in order. */
  get taken(): readonly TakenSubmission[] {
    return this.#taken;
  }

  /** The stamps of the written messages that were sent, in order. */
  get sentStamps(): MessageStamp[] {
    return this.#sentMessages
      .filter(({ format }) => format === 'text')
      .map(({ sequence, id, created_at }) => ({ sequence, id, created_at }));
  }

  /** All that was sent, as the agent is given it. */
  get input(): Utterance[] {
    return this.#sentMessages.map(({ type, text }) => utteranceOf({ type, text }));
  }

  /** Takes what a request sends, and tells of its message; of a recording, once it is transcribed. */
  take(submission: Submission, now: number): TakenSubmission {
    const taken: TakenSubmission = { submission, messageId: null, after: this.transcript.last };
    this.#taken.push(taken);
    const { message, external_events } = submission;
    for (const event of external_events) {
      this.#receive(submission, 'external-event', event.text, Math.min(event.at, now), 'text');
    }
    const recording = recordingOf(message);
    if (recording !== null) this.#keys.push(recording.key);
    if (message !== null && 'text' in message) {
      this.#open(taken, this.#receive(submission, message.type, message.text, now, 'text'));
    }
    return taken;
  }

  /** Takes the transcript of the recording that was submitted, and tells of it. */
  transcribed(taken: TakenSubmission, type: SentMessageType, text: string, recording: StoredRecording): void {
    const message = this.#receive(taken.submission, type, text, this.startedAt, 'voice');
    this.#recordings.set(message.sequence, recording);
    this.#open(taken, message);
  }

  /** Notes a recording that this turn is about to store. */
  storing(key: string): void {
    this.#keys.push(key);
  }

  /** Notes the position at which the walk begins. */
  beginAt({ graph, state, returns, performed, behavior }: TurnPlace): void {
    this.#place = { graph, state, returns, performed, behavior };
  }

  /** Keeps a thought of the agent. Returns the identifier of its message. */
  think(sender: string, text: string): string {
    const stamp = this.stamps.next(Date.now());
    const thought = this.#message(stamp, 'agent-inner-thought', sender, text);
    this.#thoughts.push(thought);
    return thought.id;
  }

  #receive(
    { sender: { name, user_id } }: Submission,
    type: SentMessageType,
    text: string,
    at: number,
    format: MessageFormat,
  ): MessageRecord {
    const sender = type === 'user-message' ? name : 'External event';
    const before = format === 'text' ? this.#stampsBefore.shift() : undefined;
    const stamp = before === undefined ? this.stamps.next(at) : this.stamps.adopt(before);
    const written = this.#message(stamp, type, sender, text);
    const message = { ...written, format, sender_user_id: user_id };
    this.#sentMessages.push(message);
    return message;
  }

  /** Tells of a message, but in the first turn: the stream of a create has no such event. */
  #open(taken: TakenSubmission, { id, text }: MessageRecord): void {
    taken.messageId = id;
    if (this.isFirst) return;
    this.transcript.open({ message_id: id, text, place: this.#sentMessages.length - 1 });
  }

  #message(stamp: MessageStamp, type: MessageType, sender: string, text: string): MessageRecord {
    return {
      ...stamp,
      interaction: this.number,
      interaction_id: this.interactionId,
      type,
      sender,
      text,
      format: 'text',
      sender_user_id: null,
      alignment: null,
      stopped: null,
    };
  }

  /** Returns what is to be stored, once the agent has spoken. */
  finished(
    result: TurnResult,
    { stamp, sender, recording, text, alignment, stopped }: AgentMessage,
  ): FinishedTurn {
    const written = this.#message(stamp, 'agent-message', sender, text ?? result.message);
    const agentMessage: MessageRecord = {
      ...written,
      format: this.start.response_format,
      alignment,
      stopped,
    };
    if (recording !== null) this.#recordings.set(agentMessage.sequence, recording);
    const messages = [...this.#sentMessages, ...this.#thoughts, agentMessage].toSorted(
      (one, other) => one.sequence - other.sequence,
    );
    return {
      messages,
      recordings: this.#recordings,
      agentMessage,
      interaction: this.#interaction(result, stopped),
      changes: this.#changes(result, messages),
    };
  }

  #interaction({ log }: TurnResult, stopped: StopCause | null): InteractionRecord {
    return {
      sequence: this.number,
      id: this.interactionId,
      first_message: this.record.last_message + 1,
      last_message: this.stamps.sequence,
      started_at: this.startedAt,
      log,
      actions: [...this.transcript.actions],
      told: this.transcript.told(),
      idempotency: this.#taken.flatMap(keyRecordOf),
      stopped,
      place: this.#place,
    };
  }

  #changes(
    { position, completed }: TurnResult,
    messages: readonly MessageRecord[],
  ): Partial<ConversationRecord> {
    const shown = messages.filter(({ type }) => type !== 'agent-inner-thought');
    return {
      state: completed ? 'finished' : 'open',
      position,
      completed,
      num_messages: this.record.num_messages + shown.length,
      last_message: this.stamps.sequence,
      last_interaction: this.number,
      last_at: this.stamps.at,
      ...(completed && { analysis: { ...this.record.analysis, status: 'pending' as const } }),
    };
  }
}
