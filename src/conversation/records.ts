/** The records of a conversation, as its code works with them. Times are milliseconds since 1970. */
import type { Position } from '../agent/position.ts';
import type { TurnLog } from '../agent/turn-log.ts';
import type { Home } from '../home.ts';
import type { PostProcessing } from '../contract/conversations.ts';
import type { AgentAction } from '../contract/agent-actions.ts';
import type { MessageFormat } from '../contract/formats.ts';
import type { MessageType } from '../contract/messages.ts';
import type { BusyPolicy } from '../contract/turns.ts';
import type { SpendingRecord } from './spending/spending-record.ts';
import type { KeyRecord } from './turns/idempotency.ts';
import type { Told } from './turns/told.ts';
import type { Tags } from '../registry/primitives.ts';
import type { ResolvedVersions } from '../registry/reader.ts';

/** The part of a conversation that never changes. */
export interface ConversationIdentity extends Home {
  id: string;
  directory_shards: number;
  user_id: string;
  user_name: string;
  service_id: string;
  /** The language that the user prefers (ISO 639-3); `null` for the agent's own. */
  language: string | null;
  /** The user model of earlier conversations, as it was when this one began. */
  user_model: string | null;
  versions: ResolvedVersions;
  /** The service's answer to a message that arrives while a turn runs; absent for `reject`. */
  busy_policy?: BusyPolicy;
  /** True when every turn is run again after a crash, with a key or without. */
  recover?: boolean;
  /** True when the user was deleted and the conversation is kept: nothing more is learnt about the user. */
  anonymous?: boolean;
}

/** The progress of the analysis after the end. */
export interface AnalysisState {
  status: 'none' | 'pending' | 'done' | 'failed';
  completed: PostProcessing[];
  /** Failures in a row since the last success. */
  attempts: number;
  /** The digest of the key with which the conversation was finished; absent without one. */
  finish_key?: string;
}

/** `creating` until the first turn is committed; then `open`; `finished` for good. */
export type ConversationState = 'creating' | 'open' | 'finished';

/** A conversation as it is stored. */
export interface ConversationRecord {
  identity: ConversationIdentity;
  state: ConversationState;
  position: Position;
  tags: Tags;
  /** Grows with every change, so that the Directory can tell new from old. */
  revision: number;
  /** Messages of all kinds but inner thoughts: those that the list of messages shows unasked. */
  num_messages: number;
  last_message: number;
  last_interaction: number;
  /** The time of the newest message: every later one is later than this. */
  last_at: number;
  analysis: AnalysisState;
  /** True when the graph came to its end; false when the conversation was finished by a request. */
  completed: boolean;
  /** Its usage of models and its lease of the budgets; null for one that has spent nothing. */
  spending: SpendingRecord | null;
}

/** A message as it is stored. `sequence` numbers the messages of a conversation from 1, `interaction` names its interaction. */
export interface MessageRecord {
  sequence: number;
  id: string;
  interaction: number;
  interaction_id: string;
  type: MessageType;
  sender: string;
  text: string;
  format: MessageFormat;
  created_at: number;
  /** The user who sent it; null for what the agent made, and for messages stored before this was known. */
  sender_user_id: string | null;
  /** The times at which the characters of a spoken answer are heard, in ms, as differences; null for other messages. */
  alignment: readonly number[] | null;
  /** The cause for which the agent's message was cut short; null for a whole one, and for other messages. */
  stopped: StopCause | null;
}

/** An interaction as it is stored. `sequence` numbers the interactions of a conversation from 1, without gaps. */
export interface InteractionRecord {
  sequence: number;
  id: string;
  first_message: number;
  last_message: number;
  started_at: number;
  log: TurnLog;
  actions: AgentAction[];
  /** The shape of its event stream; null for one that was stored before shapes were, and for one that is too long. */
  told: Told | null;
  /** The keys of the requests that it answers. */
  idempotency: readonly KeyRecord[];
  /** The cause for which the answer was cut short; null for a whole answer. */
  stopped: StopCause | null;
  /** The position at which it began, without answers and results; null for one that was stored before this was kept. */
  place: TurnPlace | null;
}

/** The cause for which an answer was cut short: the user stopped it, or the budget was used up. */
export type StopCause = 'user' | 'budget';

/** The position at which a turn began: what is needed to begin there again, but for what was answered before. */
export type TurnPlace = Pick<Position, 'graph' | 'state' | 'returns' | 'performed' | 'behavior'>;
