import type { Context } from 'hono';
import * as z from 'zod';
import { isDevelopment } from '../bindings.ts';
import type { AppEnv } from '../edge/context.ts';
import { issueToken } from '../edge/tokens.ts';
import { problem } from '../problems.ts';

const DemoIdentity = z.object({ organization: z.string(), user_id: z.string(), service_id: z.string() });

/**
 * Stands in for the backend of a site that embeds the chat: gives the demo page a token of the demo user. Only in
 * development, and only for the identity that the start script names.
 */
export async function demoSession(c: Context<AppEnv>): Promise<Response> {
  if (!isDevelopment(c.env) || c.env.DEMO === undefined) {
    throw problem('path_not_found', 'There is no demo in this deployment.');
  }
  const identity = DemoIdentity.parse(JSON.parse(c.env.DEMO));
  const { id_token, expires_at } = await issueToken(c.env.SIGNING_KEYS, identity, Date.now());
  const session = {
    ...identity,
    id_token,
    expires_at: new Date(expires_at).toISOString(),
    // The page offers to talk where somebody listens and speaks.
    voice: (c.env.SPEECH_PROVIDER ?? '') !== '',
  };
  return c.json(session, 200, { 'cache-control': 'no-store' });
}
