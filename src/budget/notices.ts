/** Tells an address that a soft percentage is passed: a signed message, once in a period, sent again while it fails. */
import { SignJWT } from 'jose';
import { withDeadline } from '../deadline.ts';
import { sha256 } from '../digest.ts';
import { logError, logInfo } from '../log.ts';
import { isPublicUrl } from '../registry/public-address.ts';
import { signingKeys } from '../signing/signing-keys.ts';
import type { Passed } from './decide.ts';
import type { Notice } from './notice-table.ts';
import { endOf } from './periods.ts';
import type { BudgetStore } from './store.ts';

/** The longest time that the address may take to answer, in milliseconds. */
const ANSWER_MS = 10_000;
/** The number of times that a message is sent before it is given up: over about 21 hours. */
export const MAX_ATTEMPTS = 8;
/** The pause after the first failure, in milliseconds. Every further one is four times as long, up to six hours. */
const FIRST_PAUSE_MS = 60_000;
const LAST_PAUSE_MS = 6 * 3_600_000;
/** The most messages that one run sends. */
const AT_ONCE = 20;
/** The lifetime of a message's token, in seconds. */
const TOKEN_LIFETIME_SECONDS = 300;
/** Distinguishes these tokens from all others of the deployment (RFC 8725, section 3.11). */
const TOKEN_TYPE = 'budget-notice+jwt';

/** Parts of the deployment that notices use. */
export interface NoticeSetting {
  signingKeys: string | undefined;
  /** True if notices may go to private addresses: in development only. */
  privateAddresses: boolean;
}

/** Returns the message of a percentage that is passed; null where no address is to be told. */
export function noticeOf(organization: string, { bound, period, committed }: Passed): Notice | null {
  const { subject, unit, limit, soft_percent, notify_url } = bound;
  if (notify_url === null) return null;
  const service_id = subject.startsWith('service:') ? subject.slice('service:'.length) : null;
  const value = (amount: number) => (unit === 'micro_usd' ? amount / 1_000_000 : amount);
  const body = JSON.stringify({
    type: 'budget-soft-limit-passed',
    organization,
    scope: service_id === null ? 'organization' : 'service',
    service_id,
    period,
    unit: unit === 'micro_usd' ? 'usd' : unit,
    limit: value(limit),
    soft_percent,
    committed: value(committed),
    resets_at: new Date(endOf(period)).toISOString(),
  });
  return {
    key: JSON.stringify([period, subject, unit, limit, soft_percent, notify_url]),
    url: notify_url,
    body,
    attempts: 0,
  };
}

/** Returns the pause after so many attempts, from 1, in milliseconds. */
export function pauseMs(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 4 ** (attempts - 1), LAST_PAUSE_MS);
}

async function tokenOf({ key, url, body }: Notice, secret: string | undefined, now: number): Promise<string> {
  const { newest } = await signingKeys(secret);
  const issuedAt = Math.floor(now / 1000);
  const digest = async (text: string) =>
    (await sha256(text)).toBase64({ alphabet: 'base64url', omitPadding: true });
  return new SignJWT({ body_sha256: await digest(body) })
    .setProtectedHeader({ alg: 'ES256', kid: newest.kid, typ: TOKEN_TYPE })
    .setIssuer('conversation-api')
    .setAudience(new URL(url).origin)
    .setJti(await digest(key))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOKEN_LIFETIME_SECONDS)
    .sign(newest.privateKey);
}

/** Sends one message. Throws when it is not delivered. */
async function send(notice: Notice, setting: NoticeSetting, now: number): Promise<void> {
  const { url, body } = notice;
  if (!setting.privateAddresses && !isPublicUrl(url)) throw new Error('The address is not public.');
  const token = await tokenOf(notice, setting.signingKeys, now);
  await withDeadline(ANSWER_MS, async (signal) => {
    const headers = { 'content-type': 'application/json', 'x-budget-notice-token': token };
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    response.body?.cancel().catch(() => undefined);
    if (!response.ok) throw new Error(`The address answered with status ${response.status}.`);
  });
}

/** Sends the messages that are due, each apart from the others. Never throws. */
export async function sendDue(store: BudgetStore, setting: NoticeSetting, now: number): Promise<void> {
  await Promise.all(
    store.notices.due(now, AT_ONCE).map(async (notice) => {
      const attempts = notice.attempts + 1;
      try {
        await send(notice, setting, now);
        store.notices.done(notice.key);
      } catch (error) {
        logError('budget_notice_failed', error, { attempts });
        if (attempts < MAX_ATTEMPTS) store.notices.failed(notice.key, attempts, now + pauseMs(attempts));
        else {
          logInfo('budget_notice_given_up', { attempts });
          store.notices.done(notice.key);
        }
      }
    }),
  );
}
