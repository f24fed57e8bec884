import type { Context } from 'hono';
import type { AppEnv } from '../../edge/context.ts';
import { organizationNotFound } from '../../edge/path.ts';
import { signingKeys } from '../../signing/signing-keys.ts';
import { bucketOf, hasJurisdictions } from '../../objects.ts';
import { problem } from '../../problems.ts';
import { serveRecording } from '../../recordings/serve.ts';
import { openUrl } from '../../recordings/signed-url.ts';

/** A page of another origin asks first, because of the header `Range`. The URL is the permission. */
const PREFLIGHT = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'range, if-range, if-none-match',
  'access-control-max-age': '7200',
};

/** Serves the recording behind a signed URL. The URL is the permission: no credentials are read. */
export async function recording(c: Context<AppEnv>): Promise<Response> {
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: PREFLIGHT });
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    c.header('allow', 'GET, HEAD, OPTIONS');
    throw problem('method_not_allowed', `A recording does not take ${c.req.method}.`);
  }
  if (c.get('organizationId') === null) throw organizationNotFound(null);
  const now = Date.now();
  const { urlSecrets } = await signingKeys(c.env.SIGNING_KEYS);
  const opened = await openUrl(new URL(c.req.url), now, urlSecrets);
  if (opened === null) {
    throw problem('recording_url_invalid', 'The URL has expired or is not one that was given out.');
  }
  const secondsLeft = Math.floor(opened.expires - now / 1000);
  const home = hasJurisdictions(c.env)
    ? await c.get('registry').organization(c.get('organizationId') ?? '')
    : null;
  return serveRecording(bucketOf(c.env, home ?? {}), opened.key, c.req.raw, secondsLeft);
}
