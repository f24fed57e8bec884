import type { Context } from 'hono';
import { publicOrigin } from '../../deployment/addresses.ts';
import type { AppEnv } from '../../edge/context.ts';
import { servedFrom } from './servers.ts';

/** Path of the rendered document among the files of the deployment. */
const FILE = '/openapi.json';

/**
 * Answers with the OpenAPI document, which is rendered when the deployment is built (scripts/document.ts). Throws if the
 * build left it out.
 */
export async function openApi(c: Context<AppEnv>): Promise<Response> {
  const origin = publicOrigin(c.env, c.req.url);
  const file = await c.env.ASSETS.fetch(new URL(FILE, c.req.url));
  if (!file.ok) throw new Error('The files of the deployment do not contain the OpenAPI document.');
  return c.body(servedFrom(origin, await file.text()), 200, { 'content-type': 'application/json' });
}
