import { allows, isSelf, type Caller } from '../access/permissions.ts';
import type { ExportLine } from '../contract/export.ts';
import { failure, success, type Outcome } from '../problems.ts';
import type { ConversationAccess } from './access.ts';
import { maySeeMessages, seesAgentActions } from './admission.ts';
import { insightsOf } from './insights.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationRecord, MessageRecord } from './records.ts';
import type { ConversationStore } from './store.ts';

/** Messages and interactions of one page: a page is at most about a megabyte. */
const MESSAGES_PER_PAGE = 100;
const INTERACTIONS_PER_PAGE = 10;

const TYPES = ['user-message', 'agent-message', 'external-event', 'agent-inner-thought'] as const;

/** A page of an export, and the cursor behind it; null at the end. The lines of recordings have their keys in the bucket. */
export interface ExportPage {
  lines: ExportLine[];
  next: string | null;
}

/** The parts that an export needs. */
export interface ExportParts {
  access: ConversationAccess;
  store: ConversationStore;
  messages: MessageReader;
}

/** Place in the export of a conversation: its head, a message, or an interaction. */
type Place = { at: 'head' } | { at: 'message' | 'recording' | 'interaction'; after: number };

/** Reads a cursor. `m7` stands behind the message 7 and its recording, `r7` between both, `i7` behind the interaction 7. */
function placeOf(cursor: string): Place | null {
  if (cursor === '') return { at: 'head' };
  const [, kind, number] = /^([mri])(\d{1,15})$/.exec(cursor) ?? [];
  if (number === undefined) return null;
  const at = kind === 'm' ? 'message' : kind === 'r' ? 'recording' : 'interaction';
  return { at, after: Number(number) };
}

/** Exports a conversation by page, so that one of any length needs bounded memory. */
export class ConversationExport {
  readonly #parts: ExportParts;

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  /** Returns the page behind a cursor; an empty one begins. */
  async page(caller: Caller, cursor: string): Promise<Outcome<ExportPage>> {
    const { access } = this.#parts;
    const opened = access.open(caller, await access.shownTo(caller), []);
    if (!opened.ok) return opened;
    const record = opened.value;
    const exportsAll = mayExportAll(record, caller);
    if (!exportsAll && !mayExportOwn(record, caller)) {
      return failure('permission_missing', 'This requires the permission User:ExportUserData on the user.');
    }
    const place = placeOf(cursor);
    if (place === null) return failure('request_invalid', 'The cursor `after` is not one of this export.');
    if (place.at === 'interaction')
      return success(this.#interactions(record, caller, exportsAll, place.after));
    return success(this.#messages(record, caller, exportsAll, place));
  }

  #messages(
    record: ConversationRecord,
    caller: Caller,
    exportsAll: boolean,
    place: Exclude<Place, { at: 'interaction' }>,
  ): ExportPage {
    const types = TYPES.filter((type) => exportsAll || maySeeMessages(record, caller, type));
    const after = place.at === 'head' ? 0 : place.at === 'recording' ? place.after - 1 : place.after;
    const { messages, next } = this.#parts.messages.page({
      ...{ ids: [], interaction_ids: [], types: [...types], after, limit: MESSAGES_PER_PAGE },
      ...{ interactions_ascending: true, messages_ascending: true },
    });
    const lines = messages.flatMap((message) => this.#message(message));
    // The message itself was read before its recording.
    if (place.at === 'recording' && lines[0]?.cursor === `r${place.after}`) lines.shift();
    if (place.at === 'head') lines.unshift(headOf(record));
    return { lines, next: next === null ? 'i0' : `m${next}` };
  }

  #message(message: MessageRecord): ExportLine[] {
    const { sequence, id, interaction_id, type, sender, sender_user_id, text, format, stopped } = message;
    const recording = format === 'voice' ? this.#parts.store.recordings.of(sequence) : null;
    const line: ExportLine = {
      ...{
        kind: 'message',
        cursor: recording === null ? `m${sequence}` : `r${sequence}`,
        id,
        interaction_id,
      },
      ...{ created_at: new Date(message.created_at).toISOString(), message_type: type, format },
      ...{ sender, sender_user_id, message: text, stopped: stopped !== null },
    };
    if (recording === null) return [line];
    return [line, { kind: 'recording', cursor: `m${sequence}`, message_id: id, ...recording }];
  }

  #interactions(record: ConversationRecord, caller: Caller, exportsAll: boolean, after: number): ExportPage {
    if (!exportsAll && !seesAgentActions(record, caller)) return { lines: [], next: null };
    const last = Math.min(after + INTERACTIONS_PER_PAGE, record.last_interaction);
    const lines: ExportLine[] = [];
    const seesThoughts = exportsAll || maySeeMessages(record, caller, 'agent-inner-thought');
    for (let sequence = after + 1; sequence <= last; sequence += 1) {
      const interaction = this.#parts.store.interactionAt(sequence);
      if (interaction === null) continue;
      const { id, started_at, last_message } = interaction;
      const isCut = this.#parts.messages.isCut(last_message);
      lines.push({
        ...{
          kind: 'interaction',
          cursor: `i${sequence}`,
          id,
          started_at: new Date(started_at).toISOString(),
        },
        insights: insightsOf(interaction, { isCut, seesThoughts }),
      });
    }
    return { lines, next: last < record.last_interaction ? `i${last}` : null };
  }
}

function headOf({ identity, state, tags, num_messages, completed }: ConversationRecord): ExportLine {
  const { id, user_id, service_id, user_name, language, user_model, versions } = identity;
  return {
    ...{ kind: 'conversation', cursor: 'm0', id, user_id, user_name, service_id, language, user_model },
    ...{ version_set: versions.name, is_finished: state === 'finished', completed, tags, num_messages },
  };
}

function mayExportAll({ identity }: ConversationRecord, { grants }: Caller): boolean {
  const { organization: org_id, user_id, service_id } = identity;
  return allows(grants, 'User:ExportUserData', { org_id, user_id, service_id });
}

function mayExportOwn({ identity }: ConversationRecord, caller: Caller): boolean {
  const about = { org_id: identity.organization, user_id: caller.user_id };
  return isSelf(caller, identity.user_id) && allows(caller.grants, 'User:GetUserModel', about);
}
