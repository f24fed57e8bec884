/** Cloudflare Turnstile: asks whether a token says that a visitor is a person. */
import * as z from 'zod';
import { withDeadline } from '../deadline.ts';
import { logInfo } from '../log.ts';

const VERIFY_URL = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
/** Maximum length of a token in characters (documentation of Turnstile). */
export const MAX_TURNSTILE_TOKEN_LENGTH = 2_048;
/** Time that an answer may take, in milliseconds. */
const TIMEOUT_MS = 3_000;
/** The action that a page names when it renders the widget: tokens for other forms of the site are not accepted. */
export const TURNSTILE_ACTION = 'visitor';

const Verdict = z.looseObject({
  success: z.boolean(),
  hostname: z.string().optional(),
  action: z.string().optional(),
  'error-codes': z.array(z.string()).optional(),
});

/** A token with the page that it must come from. */
export interface TurnstileClaim {
  token: string;
  /** Origin of the page. */
  origin: string | null;
  request_id: string;
}

async function ask(send: typeof fetch, secret: string, token: string): Promise<z.infer<typeof Verdict>> {
  return withDeadline(TIMEOUT_MS, async (signal) => {
    const answer = await send(VERIFY_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, response: token }),
      redirect: 'manual',
      signal,
    });
    return Verdict.parse(await answer.json());
  });
}

/**
 * Tells whether a token is good: it was not used before, and comes from the page's host and for this action. False also
 * where Turnstile does not answer or no secret is set: it fails closed. The log has the reason.
 */
export async function passesTurnstile(
  secret: string | undefined,
  { token, origin, request_id }: TurnstileClaim,
  send: typeof fetch = fetch,
): Promise<boolean> {
  const refuse = (reason: string) => {
    logInfo('turnstile_refused', { request_id, reason });
    return false;
  };
  if (secret === undefined || secret === '') return refuse('TURNSTILE_SECRET is not set');
  const host = origin === null ? null : (URL.parse(origin)?.hostname ?? null);
  if (host === null) return refuse('no_origin');
  try {
    const { success, hostname, action, 'error-codes': errors = [] } = await ask(send, secret, token);
    if (!success) return refuse(errors.join(' ').slice(0, 200));
    if (hostname !== host) return refuse('hostname');
    return action === TURNSTILE_ACTION || refuse('action');
  } catch {
    return refuse('no_answer');
  }
}
