/** The decision to adopt a visitor: the conversations of the visitor become those of a user. */
import { isLikelyVisitor } from '../../../identifiers.ts';
import { problem } from '../../../problems.ts';
import type { Actor, CommandOf, Decision, RegistryState } from '../commands.ts';
import { organizationOf, requirePermission } from './access.ts';
import { putUser, userOf } from './users.ts';

/** Maximum number of visitors that a user adopts: each is one more value of the user's grants. */
export const MAX_ADOPTED = 20;

/**
 * Adopts a visitor. Their tokens are refused from then on: their limiter is told that nothing of them is valid. Repeating
 * it changes nothing. Throws `visitor_adopted` (409) if another user was faster, and `visitor_token_invalid` (403) for a
 * visitor who was erased.
 */
export function adoptVisitor(
  state: RegistryState,
  actor: Actor,
  { id, visitor_id }: CommandOf<'adopt-visitor'>,
): Decision {
  organizationOf(state, actor);
  requirePermission(actor, 'User:UpdateUserInfo', { user_id: id });
  const user = userOf(state, id);
  const about = { kind: 'user', id };
  const adopter = state.adopterOf(visitor_id);
  if (adopter === id) return { writes: [], about };
  if (adopter !== null) throw problem('visitor_adopted', 'Another user has adopted this visitor.');
  if (state.wasDeleted(visitor_id) || state.user(visitor_id) !== null || !isLikelyVisitor(visitor_id)) {
    throw problem('visitor_token_invalid', 'The visitor does not exist any more.');
  }
  const { adopted = [] } = user;
  if (adopted.length >= MAX_ADOPTED) {
    throw problem('quota_reached', `A user adopts at most ${MAX_ADOPTED} visitors.`);
  }
  const adopting = { ...user, adopted: [...adopted, visitor_id] };
  return {
    writes: [
      ...putUser(adopting),
      { type: 'put-adopted', visitor_id, user: adopting },
      { type: 'tell', kind: 'user', users: [visitor_id] },
    ],
    about,
  };
}
