import type { Caller } from '../../access/permissions.ts';
import type { MessageFormat } from '../../contract/formats.ts';
import type { ExternalEvent, MessageSender, SentMessage } from '../requests.ts';
import type { KeyRecord } from './idempotency.ts';
import type { MessageStamp } from './message-stamps.ts';

/** The part of a turn that one request sends. */
export interface Submission {
  message: SentMessage | null;
  /** The sender of the message and the events. */
  sender: MessageSender;
  external_events: ExternalEvent[];
  /** The key under which the request may be sent again; null without one. */
  key: KeyRecord | null;
}

/** A turn that is run again when its process dies: all that is needed to run it under the same identifiers. */
export interface AcceptedTurn {
  interaction_id: string;
  /** Milliseconds since 1970. */
  started_at: number;
  submissions: readonly Submission[];
  response_format: MessageFormat;
  caller: Pick<Caller, 'request_id' | 'organization' | 'user_id'>;
  /** The stamps of the messages that were sent, in order. Those of recordings are given again. */
  stamps: readonly MessageStamp[];
  /** The number of times that the turn was begun. */
  runs: number;
}
