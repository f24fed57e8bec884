/** The token source of a page without a backend: the API makes a visitor of the browser, and knows it again. */
import type { Challenge, VisitorSession } from '../../src/contract/visitors.ts';
import { loadPart } from '../parts.ts';
import type * as ProofPart from '../proof/proof.ts';
import { storageKey } from '../tab-storage.ts';
import type { AmigoChatGetTurnstileToken, AmigoChatToken } from '../types/amigo-chat.d.ts';
import { alone, keepShared, readShared } from '../visitor-storage.ts';
import type { Place } from './client.ts';
import { ApiError, jsonOf, requestOf } from './request.ts';
import { renewalTime } from './session.ts';
import { SetupError, type TokenSource } from './token-source.ts';

/** Longest time that a window waits for another one that is becoming a visitor, in milliseconds. */
const WAIT_FOR_WINDOW_MS = 20_000;
/** Most requests for one visitor: with nothing, with work, with Turnstile, and all of it again after a refusal. */
const MAX_REQUESTS = 6;

/** The visitor that the browser is, as it keeps them. */
interface KeptVisitor {
  visitor_token: string;
  id_token: string;
  expires_at: string;
  /** When `id_token` is to be replaced, in milliseconds since 1970. */
  renewAt: number;
}

function keptIn(value: unknown): KeptVisitor | null {
  const { visitor_token, id_token, expires_at, renewAt } = Object(value) as Partial<
    Record<keyof KeptVisitor, unknown>
  >;
  const isKept =
    [visitor_token, id_token, expires_at].every((text) => typeof text === 'string') &&
    typeof renewAt === 'number';
  return isKept ? (value as KeptVisitor) : null;
}

/** The visitors that were replaced because the API knows them no more, once in the life of a page. */
const replaced = new Set<string>();

/** Evidence that a service may demand of a browser before it is a visitor. */
interface Evidence {
  proof?: string;
  turnstile_token?: string;
}

/** The parts that becoming a visitor depends on. */
export interface VisitorParts {
  place: Place;
  /** Returns the site's function that gives a token of Cloudflare Turnstile; null when it has none. */
  turnstile: () => AmigoChatGetTurnstileToken | null;
  /** Ends the work: the element has left the page, or was pointed elsewhere. */
  signal: AbortSignal;
}

/** Returns what the refusal of a request demands, or throws the refusal. */
async function evidenceFor(
  refusal: ApiError,
  { turnstile, signal }: VisitorParts,
  had: Evidence,
): Promise<Evidence> {
  const challenge = refusal.problem['challenge'] as Challenge | undefined;
  if (challenge !== undefined) {
    const part = (await loadPart('proof')) as typeof ProofPart;
    return { ...had, proof: await part.solve(challenge, signal) };
  }
  if (had.turnstile_token !== undefined) throw refusal;
  const getTurnstileToken = turnstile();
  if (getTurnstileToken === null)
    throw new SetupError('The service demands Turnstile: set getTurnstileToken.');
  try {
    return { ...had, turnstile_token: await getTurnstileToken() };
  } catch (error) {
    console.error(error);
    throw refusal;
  }
}

/** Becomes a visitor, or the same one again by `visitor_token`. Does the work that the service demands. */
async function begin(
  parts: VisitorParts,
  visitor_token: string | undefined,
): Promise<{ session: VisitorSession; isNew: boolean }> {
  const { place, signal } = parts;
  const url = `${place.api}/v1/${encodeURIComponent(place.organization)}/visitor/`;
  let evidence: Evidence = {};
  let isRefused = false;
  for (let request = 1; ; request++) {
    const body = JSON.stringify({ service_id: place.service, visitor_token, ...evidence });
    const headers = { 'content-type': 'application/json' };
    try {
      const answer = await requestOf(url, { method: 'POST', headers, body, signal });
      return { session: await jsonOf<VisitorSession>(answer), isNew: answer.status === 201 };
    } catch (error) {
      if (!(error instanceof ApiError) || request === MAX_REQUESTS) throw error;
      if (error.code === 'challenge_required') {
        evidence = await evidenceFor(error, parts, evidence);
      } else if (error.code === 'challenge_failed' && !isRefused) {
        // The device may have slept while it worked, or have changed its network: once more from the beginning.
        isRefused = true;
        evidence = {};
      } else throw error;
    }
  }
}

/** Tokens of a visitor of this browser. All windows of the site are the same visitor. */
export function tokensOfVisitor(parts: VisitorParts): TokenSource {
  const { api, organization, service } = parts.place;
  const key = storageKey('visitor', api, organization, service);
  const ask = async (refused: string | null): Promise<AmigoChatToken> => {
    const kept = keptIn(readShared(key));
    if (kept !== null && kept.id_token !== refused && kept.renewAt > Date.now()) return kept;
    const { session, isNew } = await begin(parts, kept?.visitor_token);
    const { id_token, expires_at, visitor_token } = session;
    if (isNew && kept !== null && refused !== null) {
      // Where every visitor is refused, a second one helps no more than the first.
      if (replaced.has(key)) throw new SetupError('The API refuses its own visitors.');
      replaced.add(key);
    }
    const now = Date.now();
    const renewAt = renewalTime(now, Date.parse(expires_at));
    keepShared(key, { visitor_token, id_token, expires_at, renewAt } satisfies KeptVisitor);
    return { id_token, expires_at };
  };
  return {
    ask: (refused) => alone(key, WAIT_FOR_WINDOW_MS, parts.signal, () => ask(refused)),
    isRenewable: true,
    isKept: false,
  };
}
