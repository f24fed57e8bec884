import { createMiddleware } from 'hono/factory';
import type { Env } from '../bindings.ts';
import { sha256 } from '../digest.ts';
import { problem } from '../problems.ts';
import type { AppEnv } from './context.ts';

/** Minimum length of the operator's token in characters. A shorter one is never accepted. */
const MIN_TOKEN_LENGTH = 32;

/** Tells whether the deployment has a token of the operator that is long enough to be accepted. */
export function acceptsOperator({ OPERATOR_TOKEN }: Pick<Env, 'OPERATOR_TOKEN'>): boolean {
  return (OPERATOR_TOKEN ?? '').length >= MIN_TOKEN_LENGTH;
}

/**
 * Middleware for what the operator of the deployment may do: the request must carry the secret `OPERATOR_TOKEN` as its
 * bearer token. Throws `credentials_invalid` (401), also if the deployment has no such secret.
 */
export const operatorOnly = createMiddleware<AppEnv>(async function operatorOnly(c, next) {
  const secret = c.env.OPERATOR_TOKEN ?? '';
  const [, sent = ''] = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  // Digests have one length, and comparing them takes one time.
  const isRight = crypto.subtle.timingSafeEqual(await sha256(sent), await sha256(secret));
  if (!isRight || !acceptsOperator(c.env)) {
    throw problem('credentials_invalid', 'The Authorization header must carry the token of the operator.');
  }
  await next();
});
