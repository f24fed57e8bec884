import type { Context } from 'hono';
import { demoIdentity } from '../deployment/demo.ts';
import { hasVoice } from '../deployment/speech.ts';
import type { DemoFeatures, DemoSession } from '../contract/demo.ts';
import type { AppEnv } from '../edge/context.ts';
import { issueToken } from '../edge/tokens.ts';
import { problem } from '../problems.ts';

/** Tells the demo page what the deployment can do. Only in development. */
export function demoFeatures(c: Context<AppEnv>): Response {
  if (demoIdentity(c.env) === null) throw problem('path_not_found', 'There is no demo in this deployment.');
  return c.json({ voice: hasVoice(c.env) } satisfies DemoFeatures, 200, { 'cache-control': 'no-store' });
}

/**
 * Stands in for the backend of a site that embeds the chat: gives the page of the demo's patient a token. Only in
 * development, and only for the identity that the start script names.
 */
export async function demoSession(c: Context<AppEnv>): Promise<Response> {
  const identity = demoIdentity(c.env);
  if (identity === null) throw problem('path_not_found', 'There is no demo in this deployment.');
  const { id_token, expires_at } = await issueToken(c.env.SIGNING_KEYS, identity, Date.now());
  const session: DemoSession = {
    ...identity,
    id_token,
    expires_at: new Date(expires_at).toISOString(),
    // The page offers to talk where voice is configured.
    voice: hasVoice(c.env),
  };
  return c.json(session, 200, { 'cache-control': 'no-store' });
}
