import type { Context } from 'hono';
import * as z from 'zod';
import { VisitorSession } from '../../contract/visitors.ts';
import type { AppEnv } from '../../edge/context.ts';
import { issueToken } from '../../edge/tokens.ts';
import { isAfterRevocation } from '../../edge/visitors.ts';
import { issueVisitorToken, verifyVisitorToken } from '../../edge/visitor-tokens.ts';
import { homeOf } from '../../home.ts';
import { isErased } from '../../limits/visitors.ts';
import { atMost, Identifier } from '../../registry/primitives.ts';
import type { Visitors } from '../../registry/services.ts';
import { MAX_PROOF_LENGTH } from '../../visitors/proof-of-work.ts';
import { MAX_TURNSTILE_TOKEN_LENGTH } from '../../visitors/turnstile.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { pageOrigin, serviceForVisitors } from './access.ts';
import { newVisitor } from './begin.ts';

/** Longest visitor token in characters: one has about 400. */
const MAX_TOKEN_LENGTH = 2_048;

const CreateVisitorBody = z
  .object({
    service_id: Identifier.meta({ description: 'The service to visit.' }),
    visitor_token: atMost(MAX_TOKEN_LENGTH).nullish().meta({
      description:
        'The token of an earlier answer: the visitor stays the same, and no challenge is demanded.',
    }),
    proof: atMost(MAX_PROOF_LENGTH).nullish().meta({
      description:
        'The solved challenge: base64 of the JSON of `challenge` and `solution`, as ALTCHA sends it.',
    }),
    turnstile_token: atMost(MAX_TURNSTILE_TOKEN_LENGTH).nullish().meta({
      description: 'A token of Cloudflare Turnstile for the action `visitor`.',
    }),
  })
  .meta({ id: 'CreateVisitorRequest' });
type CreateVisitorBody = z.infer<typeof CreateVisitorBody>;

/**
 * Returns the visitor of a visitor token, or null if the token is not valid here any more: it expired, was taken back, is
 * of another service, or of a visitor who was erased. The browser then becomes another visitor.
 */
async function knownVisitor(
  c: Context<AppEnv>,
  { service_id, visitor_token }: CreateVisitorBody,
  visitors: Visitors,
): Promise<string | null> {
  if (visitor_token === null || visitor_token === undefined) return null;
  const known = await verifyVisitorToken(c.env.SIGNING_KEYS, visitor_token, Date.now());
  const organization = c.get('organization').id;
  if (known?.organization !== organization || known.service_id !== service_id) return null;
  if (!isAfterRevocation(visitors, known.issued_at)) return null;
  return (await isErased(c.env, homeOf(c.get('organization')), known.user_id)) ? null : known.user_id;
}

export const createVisitor = operation(
  {
    id: 'create-visitor',
    isExtension: true,
    tag: 'User',
    summary: 'Become a visitor',
    description:
      'Gives a browser a token to chat without a sign-in, for one service that takes visitors, and for the page that ' +
      'asked. Nothing is stored about a visitor until they speak. With the `visitor_token` of an earlier answer the ' +
      'visitor stays the same.',
    method: 'post',
    path: '/v1/{organization}/visitor/',
    credentials: 'optional',
    rateLimit: null,
    access: { requires: [], impactedBy: [] },
    params: OrganizationParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: CreateVisitorBody,
    answers: {
      201: {
        description: 'The visitor with their tokens.',
        content: { type: 'application/json', schema: VisitorSession },
        orExisting: 'The visitor of the `visitor_token`, with new tokens.',
      },
      403: {
        description:
          'Pages of this origin may not send visitors, a challenge must be passed first, or it was not passed.',
      },
      404: { description: 'The organization does not exist, or the service takes no visitors.' },
      422: COMMON_ANSWERS[422],
      429: { description: 'Too many visitors begin from this network.' },
      503: COMMON_ANSWERS[503],
    },
  },
  async ({ c, env, organization, body, answer }) => {
    const { visitors } = await serviceForVisitors(c, body.service_id);
    const known = await knownVisitor(c, body, visitors);
    const user_id = known ?? (await newVisitor(c, body, visitors));
    const visitor = { organization: organization.id, user_id, service_id: body.service_id };
    const now = Date.now();
    const bounds = { service_id: body.service_id, origin: pageOrigin(c) };
    const [token, kept] = await Promise.all([
      issueToken(env.SIGNING_KEYS, { organization: organization.id, user_id, visitor: bounds }, now),
      issueVisitorToken(env.SIGNING_KEYS, visitor, now),
    ]);
    const session: VisitorSession = {
      user_id,
      id_token: token.id_token,
      expires_at: new Date(token.expires_at).toISOString(),
      visitor_token: kept.visitor_token,
      visitor_expires_at: new Date(kept.expires_at).toISOString(),
    };
    return answer(session, { 'cache-control': 'no-store' }, known !== null);
  },
);
