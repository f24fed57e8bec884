/**
 * Reads the rows of a conversation. Each function takes what any earlier version wrote and returns today's record: what a
 * row or a JSON value lacks has the value that it stands for. A field that is new gets its default here.
 */
import { startPosition, type Position } from '../agent/position.ts';
import { NO_SPENDING, type SpendingRecord } from './spending/spending-record.ts';
import type {
  AnalysisState,
  ConversationIdentity,
  ConversationRecord,
  InteractionRecord,
  MessageRecord,
} from './records.ts';

/** Columns of JSON as they are stored. */
type Stored<T, Json extends keyof T> = Omit<T, Json> & Record<Json, string>;
type Row = Record<string, SqlStorageValue>;

/** A row of `conversation`; before version 4 without `spending`. */
export type ConversationRow = Row &
  Stored<
    Omit<ConversationRecord, 'completed' | 'spending'>,
    'identity' | 'position' | 'tags' | 'analysis'
  > & {
    completed: number;
    spending?: string | null;
  };

/** A row of `messages`; before version 2 without `sender_user_id`, before version 3 without `alignment` and `stopped`. */
export type MessageRow = Row &
  Omit<MessageRecord, 'sender_user_id' | 'alignment' | 'stopped'> & {
    sender_user_id?: MessageRecord['sender_user_id'];
    alignment?: string | null;
    stopped?: MessageRecord['stopped'];
  };

type AddedColumns = 'told' | 'idempotency' | 'stopped' | 'place';

/** A row of `interactions`; before version 3 without the columns that are optional here. */
export type InteractionRow = Row &
  Stored<Omit<InteractionRecord, AddedColumns>, 'log' | 'actions'> & {
    [Column in AddedColumns]?: string | null;
  };

/** Returns the log of a turn that says only where the turn ended. */
export function emptyLog({
  state,
  behavior,
}: Pick<InteractionRecord['log'], 'state' | 'behavior'>): InteractionRecord['log'] {
  return {
    state,
    behavior,
    action: '',
    objective: '',
    transitions: [],
    working_memory: [],
    reflections: [],
    select_next_action_tool_calls: [],
    engage_user_tool_calls: [],
    model_calls: [],
  };
}

/** Returns the value of a column of JSON; undefined for one that is null, or that an earlier version did not have. */
function parsed<T>(json: string | null | undefined): T | undefined {
  return json === null || json === undefined ? undefined : (JSON.parse(json) as T);
}

function upgradeIdentity(stored: string): ConversationIdentity {
  const identity = JSON.parse(stored) as ConversationIdentity;
  return {
    ...{ language: null, user_model: null },
    ...identity,
    versions: { ...{ llm_model_preferences: {} }, ...identity.versions },
  };
}

/** A conversation that is being created has no position yet: it is stored, and read, as null. */
function upgradePosition(stored: string): Position {
  const position = JSON.parse(stored) as Position | null;
  if (position === null) return position as never;
  return { ...startPosition(position.graph, position.state), ...position };
}

function upgradeAnalysis(stored: string): AnalysisState {
  const defaults: AnalysisState = { status: 'none', completed: [], attempts: 0 };
  return { ...defaults, ...(JSON.parse(stored) as Partial<AnalysisState>) };
}

function upgradeSpending(stored: string | null | undefined): SpendingRecord | null {
  const spending = parsed<Partial<SpendingRecord>>(stored);
  return spending === undefined ? null : { ...NO_SPENDING, ...spending };
}

/** Returns the conversation of a row. */
export function upgradeConversation(row: ConversationRow): ConversationRecord {
  return {
    identity: upgradeIdentity(row.identity),
    state: row.state,
    position: upgradePosition(row.position),
    tags: JSON.parse(row.tags) as ConversationRecord['tags'],
    revision: row.revision,
    num_messages: row.num_messages,
    last_message: row.last_message,
    last_interaction: row.last_interaction,
    last_at: row.last_at,
    analysis: upgradeAnalysis(row.analysis),
    completed: row.completed === 1,
    spending: upgradeSpending(row.spending),
  };
}

/** Returns the message of a row. */
export function upgradeMessage(row: MessageRow): MessageRecord {
  return {
    ...row,
    sender_user_id: row.sender_user_id ?? null,
    alignment: parsed<MessageRecord['alignment']>(row.alignment) ?? null,
    stopped: row.stopped ?? null,
  };
}

/** Returns the log of an interaction from the JSON of its column. */
export function upgradeLog(stored: string): InteractionRecord['log'] {
  const log = JSON.parse(stored) as Partial<InteractionRecord['log']>;
  return { ...emptyLog({ state: '', behavior: null }), ...log };
}

/** Returns the interaction of a row. */
export function upgradeInteraction(row: InteractionRow): InteractionRecord {
  return {
    sequence: row.sequence,
    id: row.id,
    first_message: row.first_message,
    last_message: row.last_message,
    started_at: row.started_at,
    log: upgradeLog(row.log),
    actions: JSON.parse(row.actions) as InteractionRecord['actions'],
    told: parsed<InteractionRecord['told']>(row.told) ?? null,
    idempotency: parsed<InteractionRecord['idempotency']>(row.idempotency) ?? [],
    stopped: (row.stopped ?? null) as InteractionRecord['stopped'],
    place: parsed<InteractionRecord['place']>(row.place) ?? null,
  };
}
