import type { Caller } from '../../access/permissions.ts';
import { sequenceOf } from '../../identifiers.ts';
import { failure, success, type Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import type { ConversationRecord, InteractionRecord } from '../records.ts';
import type { ConversationStore } from '../store.ts';
import { ReaderStream, type Framing } from './reader-stream.ts';
import { Readers, type ReaderSpec } from './readers.ts';
import type { TurnAudience } from './live-turn.ts';
import type { KeyedInteraction } from './keyed-turns.ts';
import { interactionPath, type RunningTurn } from './running-turn.ts';
import { sightOf } from './sight.ts';
import { cursorBefore, type StoredTurns } from './stored-turns.ts';
import type { TurnAnswer } from './turn-answer.ts';

/** A reader's wish for the events of an interaction. */
export interface StreamQuery {
  interaction_id: string;
  /** The cursor of the last event that the reader has; null to begin with the first. */
  after: number | null;
  /** True when the reader stays for what is still to come. */
  live: boolean;
  filter: TurnAudience['filter'];
  framing: Framing;
  /** Set to begin with the messages that the turn answers, in the first turn too. */
  shape?: 'interact';
}

/** The parts that the reading of events needs. */
export interface StreamParts {
  access: ConversationAccess;
  store: ConversationStore;
  running: RunningTurn;
  stored: StoredTurns;
}

/** Answers readers of a turn's events: of the turn that runs as it goes on, of a stored one as it was told. */
export class TurnStreams {
  readonly #parts: StreamParts;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  /** Returns the events of an interaction behind a cursor. The header `X-Replayed-To` names the last past event. */
  async read(caller: Caller, query: StreamQuery): Promise<Outcome<TurnAnswer>> {
    const { access, running, store } = this.#parts;
    const opened = access.openEvents(caller, await access.shownTo(caller));
    if (!opened.ok) return opened;
    const record = opened.value;
    const { live } = running;
    if (live?.turn.interactionId === query.interaction_id) {
      return attached(live.readers, specOf(record, caller, query, live.turn.isFirst), query.framing);
    }
    const interaction = store.interaction(query.interaction_id);
    if (interaction === null) return missingInteraction(record, query.interaction_id);
    return this.replay(record, interaction, caller, query);
  }

  /** Returns the events of a stored interaction once more, to a caller who sent its request again. */
  async repeat(
    record: ConversationRecord,
    { interaction, message }: KeyedInteraction,
    { caller, filter, resumes }: TurnAudience,
  ): Promise<Outcome<TurnAnswer>> {
    const query = { after: null, live: true, filter, framing: 'ndjson' } as const;
    const own = (messageId: string) => sequenceOf(messageId) === message;
    const shape = resumes === true ? { shape: 'resume' as const } : {};
    const replayed = await this.replay(record, interaction, caller, query, { own, ...shape });
    if (!replayed.ok) return replayed;
    const { organization, id } = record.identity;
    const headers = {
      'content-location': interactionPath(organization, id, interaction.id),
      'idempotent-replayed': 'true',
    };
    return success({ ...replayed.value, headers, repeats: true });
  }

  /** Returns the events of a stored interaction. `spec` says what is told otherwise than usual. */
  async replay(
    record: ConversationRecord,
    interaction: InteractionRecord,
    caller: Caller,
    query: Omit<StreamQuery, 'interaction_id'>,
    spec: Partial<Pick<ReaderSpec, 'own' | 'shape'>> = {},
  ): Promise<Outcome<TurnAnswer>> {
    const transcript = await this.#parts.stored.transcript(record, interaction);
    const after =
      query.after ?? (spec.shape === undefined ? cursorBefore(transcript, spec.own ?? 'all') : null);
    const usual = specOf(record, caller, query, interaction.sequence === 1);
    return attached(new Readers(transcript), { ...usual, ...spec, after }, query.framing);
  }
}

function specOf(
  record: ConversationRecord,
  caller: Caller,
  query: Omit<StreamQuery, 'interaction_id'>,
  isFirst: boolean,
): ReaderSpec {
  const { after, live, filter, shape = isFirst ? 'create' : 'interact' } = query;
  return { after, live, filter, shape, own: 'all', sight: sightOf(record, caller) };
}

function attached(readers: Readers, spec: ReaderSpec, framing: Framing): Outcome<TurnAnswer> {
  const stream = new ReaderStream({ framing });
  const last = readers.attach(spec, stream);
  if (last.ok) {
    const type = framing === 'sse' ? { 'content-type': 'text/event-stream' } : {};
    const headers = { 'x-replayed-to': String(last.value), ...type };
    return success({ readable: stream.readable, headers });
  }
  stream.end();
  return last;
}

/** Returns the problem of an interaction that is neither stored nor running. */
export function missingInteraction(
  { last_interaction }: ConversationRecord,
  interactionId: string,
): Outcome<never> {
  const number = sequenceOf(interactionId);
  if (number < 1 || number > last_interaction + 1) {
    return failure('interaction_not_found', 'There is no such interaction.');
  }
  return failure(
    'interaction_void',
    'The interaction came to nothing: nothing of it was stored. Send its message again.',
  );
}
