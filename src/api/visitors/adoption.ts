/** Steps of the adoption of a visitor. Each may be repeated. */
import type { Context } from 'hono';
import { DEFAULT_ROLES } from '../../access/default-roles.ts';
import { grantsFor, type Caller } from '../../access/permissions.ts';
import { ownerOf } from '../../conversation/adopter.ts';
import { unfinishedOf, unfinishedOfAny } from '../../directory/adopted.ts';
import { directoryOfUser } from '../../directory/client.ts';
import type { AppEnv } from '../../edge/context.ts';
import { isAfterRevocation, visitedService } from '../../edge/visitors.ts';
import { verifyVisitorToken, type Visitor } from '../../edge/visitor-tokens.ts';
import { homeOf } from '../../home.ts';
import { isErased } from '../../limits/visitors.ts';
import { memoryOf } from '../../objects.ts';
import { problem } from '../../problems.ts';
import type { Organization, User } from '../../registry/organization.ts';
import { write } from '../conversations/conversation-calls.ts';

/** Time for which the visitor begins no conversation, in milliseconds: while it is decided, and longer than tokens live. */
const DECIDING_MS = 60_000;
const CLOSED_MS = 60 * 60_000;
/** Memories that are read at once, and the most that are copied: the newest. */
const PAGE = 200;
const MAX_COPIED = 1_000;

/** A visitor whose token was shown, and when it was issued, in milliseconds since 1970. */
export type ShownVisitor = Visitor & { issued_at: number };

/** The adoption of a visitor by a user. */
export interface Adoption {
  env: AppEnv['Bindings'];
  caller: Caller;
  organization: Organization;
  user: User;
  visitor: ShownVisitor;
}

function invalid() {
  return problem('visitor_token_invalid', 'Send the token that `create-visitor` gave to this browser.');
}

/** Returns the visitor of a token of this organization. Throws `visitor_token_invalid` (403). */
export async function visitorOf(c: Context<AppEnv>, token: string): Promise<ShownVisitor> {
  const visitor = await verifyVisitorToken(c.env.SIGNING_KEYS, token, Date.now());
  if (visitor?.organization !== c.get('organization').id) throw invalid();
  return visitor;
}

/**
 * Returns whether the user has adopted the visitor already. Throws `visitor_adopted` (409) if another user has, and
 * `visitor_token_invalid` (403) if the token is not accepted any more: the visitor was erased, or tokens were taken back.
 */
export async function isAdopted(
  c: Context<AppEnv>,
  { env, organization, user, visitor }: Adoption,
): Promise<boolean> {
  const owner = await ownerOf(env, homeOf(organization), visitor.user_id).catch(() => {
    throw problem('registry_unavailable', 'The registry did not answer. Try again soon.');
  });
  if (owner === user.id) return true;
  if (owner !== visitor.user_id) throw problem('visitor_adopted', 'Another user has adopted this visitor.');
  const visited = await visitedService(c, organization.id, visitor.service_id);
  const isAccepted = visited !== null && isAfterRevocation(visited.visitors, visitor.issued_at);
  if (!isAccepted || (await isErased(env, homeOf(organization), visitor.user_id))) throw invalid();
  return false;
}

/**
 * Decides about an adoption while the visitor begins no conversation. If it fails, the visitor may begin one again; if this
 * request dies, after a minute.
 */
export async function whileHeld(
  { env, organization, visitor }: Adoption,
  decide: () => Promise<void>,
): Promise<void> {
  const { user_id } = visitor;
  const closeUntil = (until: number) => directoryOfUser(env, organization, user_id).close(user_id, until);
  await closeUntil(Date.now() + DECIDING_MS);
  try {
    await decide();
  } catch (error) {
    await closeUntil(Date.now());
    throw error;
  }
  await closeUntil(Date.now() + CLOSED_MS);
}

/**
 * Sees to it that the user has at most one unfinished conversation of the visitor's service. Throws
 * `visitor_conversation_open` (409), or finishes that of the visitor.
 */
export async function clearPlace(
  { env, caller, organization, user, visitor }: Adoption,
  onUnfinished: 'reject' | 'finish',
): Promise<void> {
  const { user_id, service_id } = visitor;
  const question = { organization, service_id, request_id: caller.request_id };
  const conversationId = await unfinishedOf(env, question, user_id);
  if (conversationId === null) return;
  const own = await unfinishedOfAny(env, question, [user.id, ...(user.adopted ?? [])]);
  if (own === null) return;
  if (onUnfinished === 'reject') {
    const detail = 'Finish one of the two conversations first, or send `on_unfinished: finish`.';
    throw problem('visitor_conversation_open', detail, { conversation_id: conversationId });
  }
  const self = { user_id, org_id: organization.id };
  const grants = grantsFor(DEFAULT_ROLES['DefaultVisitorRole'] ?? [], self);
  // The token of the visitor allows it.
  const asVisitor: Caller = {
    request_id: caller.request_id,
    ...homeOf(organization),
    user_id,
    grants,
  };
  await write({ env, caller: asVisitor, conversationId }, (stub) => stub.finish(asVisitor));
}

/** Copies what the visitor's memory has learnt to that of the user: once for each conversation. */
export async function copyMemories({ env, organization, user, visitor }: Adoption): Promise<void> {
  const from = memoryOf(env, homeOf(organization), visitor.user_id);
  const learnt = [];
  for (let after = 0; learnt.length < MAX_COPIED;) {
    const { memories, next } = await from.page(after, PAGE);
    learnt.push(...memories);
    if (next === null) break;
    after = next;
  }
  if (learnt.length > 0) await memoryOf(env, homeOf(organization), user.id).adopt(learnt);
}
