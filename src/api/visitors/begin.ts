/** Makes visitors of browsers that pass what a service demands. */
import type { Context } from 'hono';
import { rateLimitsHold } from '../../deployment/switches.ts';
import { clientNetwork } from '../../edge/client-address.ts';
import type { AppEnv } from '../../edge/context.ts';
import { homeOf } from '../../home.ts';
import { newVisitorIdentifier } from '../../identifiers.ts';
import { beginVisitor } from '../../limits/visitors.ts';
import { problem } from '../../problems.ts';
import type { Visitors } from '../../registry/services.ts';
import { checkProof, newChallenge, type ProofScope } from '../../visitors/proof-of-work.ts';
import { passesTurnstile } from '../../visitors/turnstile.ts';
import { pageOrigin } from './access.ts';

/** Evidence that a browser sends of what a service demands. */
export interface VisitorEvidence {
  service_id: string;
  proof?: string | null | undefined;
  turnstile_token?: string | null | undefined;
}

/** Checks the proof of work. Throws `challenge_required` with a challenge, or `challenge_failed`. */
async function demandProof(
  c: Context<AppEnv>,
  scope: ProofScope,
  { proof }: VisitorEvidence,
): Promise<{ id: string; until: number }> {
  if (proof === null || proof === undefined) {
    const challenge = await newChallenge(c.env.SIGNING_KEYS, scope, Date.now());
    throw problem('challenge_required', 'Solve the challenge and send it as `proof`.', { challenge });
  }
  const checked = await checkProof(c.env.SIGNING_KEYS, scope, proof);
  if (checked === null)
    throw problem('challenge_failed', 'The proof is wrong or too old. Ask for a new challenge.');
  return checked;
}

async function demandTurnstile(
  c: Context<AppEnv>,
  { turnstile_token: token }: VisitorEvidence,
): Promise<void> {
  if (token === null || token === undefined) {
    throw problem('challenge_required', 'Send a token of Cloudflare Turnstile as `turnstile_token`.');
  }
  const claim = { token, origin: pageOrigin(c), request_id: c.get('requestId') };
  if (await passesTurnstile(c.env.TURNSTILE_SECRET, claim)) return;
  throw problem('challenge_failed', 'Turnstile does not confirm the visitor. Try again.');
}

/** Makes a visitor of a browser that passes what the service demands. Nothing is stored about the visitor. */
export async function newVisitor(
  c: Context<AppEnv>,
  body: VisitorEvidence,
  visitors: Visitors,
): Promise<string> {
  const organization = c.get('organization').id;
  const network = clientNetwork(c);
  const scope = { organization, service_id: body.service_id, network };
  const proof = visitors.proof_of_work ? await demandProof(c, scope, body) : null;
  if (visitors.turnstile) await demandTurnstile(c, body);
  const limit = rateLimitsHold(c.env) ? visitors.visitors_per_hour : Infinity;
  await beginVisitor(c.env, homeOf(c.get('organization')), scope, { limit, proof });
  return newVisitorIdentifier(Date.now());
}
