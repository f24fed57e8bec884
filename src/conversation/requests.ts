/** The requests of the Worker to a conversation. The Worker has checked all but what only the conversation knows. */
import type { Caller } from '../access/permissions.ts';
import type { MessageFormat } from '../contract/formats.ts';
import type { SentMessageType } from '../contract/messages.ts';
import type { Problem } from '../problems.ts';
import type { Tags } from '../registry/primitives.ts';
import type { StoredRecording } from './recording-table.ts';
import type { ConversationIdentity } from './records.ts';
import type { Place } from './reservation.ts';
import type { BusyPolicy } from '../contract/turns.ts';
import type { KeyRecord } from './turns/idempotency.ts';

/** A message that is sent to the agent: its text, or the recording in which it is said. */
export type SentMessage = { type: SentMessageType } & ({ text: string } | { recording: StoredRecording });

/** Returns the recording of a message, or null when it was not spoken. */
export function recordingOf(message: SentMessage | null): StoredRecording | null {
  return message !== null && 'recording' in message ? message.recording : null;
}

/** Something that happened elsewhere before the message, and when: milliseconds since 1970. */
export interface ExternalEvent {
  text: string;
  at: number;
}

/** The sender of the messages of a turn: the user of the conversation, or another user who may act in it. */
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
  /** The format in which the agent answers. */
  response_format: MessageFormat;
  /** The key under which the request may be sent again; null without one. */
  key: KeyRecord | null;
}

/** A request that makes the conversation and takes its first turn. */
export interface CreateRequest extends TurnRequestBase {
  kind: 'create';
  identity: ConversationIdentity;
  tags: Tags;
  message: SentMessage | null;
  /** The user's place, which was reserved for this conversation. */
  place: Place;
}

/** A request that takes a further turn. */
export interface InteractRequest extends TurnRequestBase {
  kind: 'interact';
  /** `null` to let the agent take another turn with nothing new. */
  message: SentMessage | null;
  external_events: ExternalEvent[];
  /** The fault of the message itself. It is told only to a caller who may see the conversation. */
  refusal: Problem | null;
  /** Set when the stream begins with `conversation-created`, as that of a create. */
  resumes?: true;
  /** The caller's wish when a turn runs; absent for the policy of the service. */
  if_busy?: BusyPolicy;
}

/** A request for a turn. */
export type TurnRequest = CreateRequest | InteractRequest;

/** A create that may have been sent before, with its key. */
export interface RepeatedCreate {
  kind: 'repeated-create';
  caller: Caller;
  action_filter: string;
  response_format: MessageFormat;
  key: KeyRecord;
}

/** A create that goes on with the unfinished conversation that it finds in its way. */
export interface ResumeRequest extends TurnRequestBase {
  kind: 'resume';
  /** `null` to see the latest interaction. */
  message: SentMessage | null;
}

/** A request for the events of an interaction. */
export interface EventRequest {
  kind: 'events';
  caller: Caller;
  action_filter: string;
  interaction_id: string;
  /** The cursor of the last event that the reader has; null to begin with the first. */
  after: number | null;
  /** True when the reader stays for what is still to come. */
  live: boolean;
  framing: 'ndjson' | 'sse';
  /** Set to begin with the messages that the interaction answers, in the first one too. */
  shape?: 'interact';
}

/** Returns the types of the messages that a request to interact sends. */
export function messageTypesOf({
  message,
  external_events,
}: Pick<InteractRequest, 'message' | 'external_events'>): SentMessageType[] {
  const types: SentMessageType[] = message === null ? [] : [message.type];
  return external_events.length === 0 ? types : [...types, 'external-event'];
}
