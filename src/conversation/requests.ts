/** What the Worker asks a conversation to do. The Worker has parsed and checked all of it but what only the conversation knows. */
import type { SentMessageType } from '../contract/messages.ts';
import type { Caller } from '../access/permissions.ts';
import type { Problem } from '../problems.ts';
import type { Tags } from '../registry/primitives.ts';
import type { Place } from './reservation.ts';
import type { StoredRecording } from './recording-table.ts';
import type { MessageFormat } from '../contract/formats.ts';
import type { ConversationIdentity } from './records.ts';

/** A message that begins a turn: its text, or the recording in which it is said. */
export type OpeningMessage = { type: SentMessageType } & ({ text: string } | { recording: StoredRecording });

/** The recording of a message, if it was spoken. */
export function recordingOf(message: OpeningMessage | null): StoredRecording | null {
  return message !== null && 'recording' in message ? message.recording : null;
}

/** Something that happened elsewhere before the message, and when: milliseconds since 1970. */
export interface ExternalEvent {
  text: string;
  at: number;
}

/** Who sends the messages of a turn: the user of the conversation, or another who may act in it. */
export interface MessageSender {
  user_id: string;
  /** The name, for people. */
  name: string;
}

interface TurnRequestBase {
  caller: Caller;
  sender: MessageSender;
  /** The caller's `current_agent_action_type`. */
  action_filter: string;
  /** How the agent answers. */
  response_format: MessageFormat;
}

export interface CreateRequest extends TurnRequestBase {
  kind: 'create';
  identity: ConversationIdentity;
  tags: Tags;
  message: OpeningMessage | null;
  /** The user's place, which was reserved for this conversation. */
  place: Place;
}

export interface InteractRequest extends TurnRequestBase {
  kind: 'interact';
  /** `null` to let the agent take another turn with nothing new. */
  message: OpeningMessage | null;
  external_events: ExternalEvent[];
  /** What is wrong with the message itself. Told only to who may see the conversation. */
  refusal: Problem | null;
}

export type TurnRequest = CreateRequest | InteractRequest;

/** The types of the messages that a request to interact sends. */
export function messageTypesOf({
  message,
  external_events,
}: Pick<InteractRequest, 'message' | 'external_events'>): SentMessageType[] {
  const types: SentMessageType[] = message === null ? [] : [message.type];
  return external_events.length === 0 ? types : [...types, 'external-event'];
}
