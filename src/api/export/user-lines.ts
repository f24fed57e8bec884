import type { ExportLine } from '../../contract/export.ts';
import { directoryOfUser } from '../../directory/client.ts';
import { invalidRequest } from '../../edge/input.ts';
import { homeOf } from '../../home.ts';
import { memoryOf } from '../../objects.ts';
import { ProblemError } from '../../problems.ts';
import { readUsers } from '../../registry/object/client.ts';
import type { Organization } from '../../registry/organization.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import { isShownTo } from '../users/access.ts';
import { conversationLines, type ExportRequest } from './lines.ts';

/** Memories and conversations that are read at once. */
const PAGE = 50;

/** A request for the export of a user. */
export interface UserExport extends ExportRequest {
  organization: Organization;
  registry: RegistryReader;
  userId: string;
}

/**
 * Place in the export of a user: the part that comes next. A cursor is `p0` (the user), `p1` (the user model), `e{n}`
 * (memories after the first n), or `c{position}`, behind a conversation, with `:{cursor}` inside one; `v{n}` stands before
 * the latter for conversations of the nth visitor that the user has adopted.
 */
type Place = { part: 'user' | 'user-model' } | { part: 'memories'; after: number } | ConversationPlace;

/** Place among the conversations of a user; `visitor` is the number of an adopted visitor, 0 for the user. */
interface ConversationPlace {
  part: 'conversations';
  visitor: number;
  after: number;
  inside: string | null;
}

const FIRST_CONVERSATION: ConversationPlace = { part: 'conversations', visitor: 0, after: 0, inside: null };

function placeOf(cursor: string): Place {
  if (cursor === '') return { part: 'user' };
  if (cursor === 'p0') return { part: 'user-model' };
  if (cursor === 'p1') return { part: 'memories', after: 0 };
  const [, memories] = /^e(\d{1,15})$/.exec(cursor) ?? [];
  if (memories !== undefined) return { part: 'memories', after: Number(memories) };
  const [, visitor, position, inside] =
    /^(?:v(\d{1,2}))?c(\d{1,16})(?::([mri]\d{1,15}))?$/.exec(cursor) ?? [];
  if (position !== undefined) {
    const at = { visitor: Number(visitor ?? 0), after: Number(position), inside: inside ?? null };
    return { part: 'conversations', ...at };
  }
  const msg = 'is not a cursor of this export';
  throw invalidRequest([{ loc: ['query', 'after'], msg, type: 'value_error' }]);
}

async function userLine({ env, caller, registry, userId }: UserExport): Promise<ExportLine> {
  const query = { ids: [userId], emails: [], text: null, sort: [], limit: 1, after: 0 };
  const { users } = await readUsers(env, caller, query);
  const [record] = users;
  if (record !== undefined) {
    const { sensitive_variables, ...shown } = record;
    return { kind: 'user', cursor: 'p0', ...shown, sensitive_variables: Object.keys(sensitive_variables) };
  }
  return { kind: 'user', cursor: 'p0', ...(await registry.user(caller.organization, userId)) };
}

async function* memoryLines(asked: UserExport, from: number): AsyncGenerator<ExportLine, void> {
  const { env, organization, userId } = asked;
  const sort = [{ field: 'created_at' as const, ascending: true }];
  for (let after: number | null = from; after !== null;) {
    const memory = memoryOf(env, homeOf(organization), userId);
    const page: Awaited<ReturnType<typeof memory.list>> = await memory.list({
      ...{ ids: [], conversation_ids: [], sort, after, limit: PAGE },
    });
    for (const [index, { id, conversation_id, created_at, text, message_ids }] of page.memories.entries()) {
      yield {
        ...{ kind: 'memory', cursor: `e${after + index + 1}`, id, conversation_id },
        ...{ created_at: new Date(created_at).toISOString(), content: text, references: message_ids },
      };
    }
    after = page.next;
  }
}

async function* conversationsOf(
  asked: UserExport,
  userId: string,
  start: ConversationPlace,
): AsyncGenerator<ExportLine, void> {
  const { env, organization } = asked;
  const prefix = start.visitor === 0 ? '' : `v${start.visitor}`;
  let inside = start.inside;
  // A cursor inside a conversation names its position: it is read again from there.
  for (let after = inside === null ? start.after : start.after - 1; ;) {
    const places = await directoryOfUser(env, organization, userId).conversationsOf(userId, after, PAGE);
    for (const { id, position } of places) {
      const from = position === start.after ? (inside ?? '') : '';
      inside = null;
      try {
        for await (const line of conversationLines(asked, id, from)) {
          yield { ...line, conversation_id: id, cursor: `${prefix}c${position}:${line.cursor}` };
        }
      } catch (error) {
        // One that is erased meanwhile, or being created, is left out.
        const { code } = error instanceof ProblemError ? error.problem : { code: null };
        if (code !== 'conversation_not_found' && code !== 'operation_in_progress') throw error;
      }
      after = position;
    }
    if (places.length === 0) return;
  }
}

/** Yields the conversations of the user and of the visitors that they have adopted, from a place on. */
async function* allConversations(
  asked: UserExport,
  start: ConversationPlace,
): AsyncGenerator<ExportLine, void> {
  const { registry, organization, userId } = asked;
  const adopted = (await registry.user(organization.id, userId))?.adopted ?? [];
  for (const [visitor, id] of [userId, ...adopted].entries()) {
    if (visitor < start.visitor) continue;
    yield* conversationsOf(asked, id, visitor === start.visitor ? start : { ...FIRST_CONVERSATION, visitor });
  }
}

/** Yields everything that is stored about a user behind a cursor. */
export async function* userLines(asked: UserExport, cursor: string): AsyncGenerator<ExportLine, void> {
  const { env, caller, organization, registry, userId } = asked;
  const place = placeOf(cursor);
  if (place.part === 'conversations') {
    yield* allConversations(asked, place);
    return;
  }
  if (place.part === 'user') yield await userLine(asked);
  const shown = await isShownTo(registry, caller, userId, 'user_model_visible_to_admins');
  if (place.part !== 'memories' && shown) {
    const content = await memoryOf(env, homeOf(organization), userId).model();
    yield { kind: 'user-model', cursor: 'p1', content };
  }
  if (shown) yield* memoryLines(asked, place.part === 'memories' ? place.after : 0);
  yield* allConversations(asked, FIRST_CONVERSATION);
}
