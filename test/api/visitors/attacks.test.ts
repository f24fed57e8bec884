/** Attacks of visitors: one table of requests, each with its refusal, and every operation on the conversation of another visitor. */
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { issueToken } from '../../../src/edge/tokens.ts';
import { issueVisitorToken } from '../../../src/edge/visitor-tokens.ts';
import app from '../../../src/index.ts';
import { newChallenge, type ProofScope } from '../../../src/visitors/proof-of-work.ts';
import { validRequest } from '../../edge/requests.ts';
import { parseLines, testEnv } from '../../support/client.ts';
import { ALICE, ALLOWED_ORIGIN, OTHER_SERVICE, SERVICE } from '../../support/organization.ts';
import {
  begin,
  codeOf,
  get,
  headersOf,
  OTHER_ORIGIN,
  post,
  publish,
  say,
  type Session,
} from '../../support/visitors.ts';

const OPEN = 'attacked';
const WORK = 'attacked-work';
const OTHER = 'attacked-other';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CANARY = 'secretword';
const NETWORK = '203.0.113.1';

let visitor: Session;

beforeAll(async () => {
  await publish(OPEN, { proof_of_work: false });
  await publish(OTHER, { proof_of_work: false });
  await publish(WORK, {});
  visitor = await begin(OPEN);
});

/** Signs a token of a visitor as it was at a time, with other claims. */
async function tokenFrom(at: number, more: { organization?: string; origin?: string | null } = {}) {
  const { organization = OPEN, origin = ALLOWED_ORIGIN } = more;
  const bearer = { organization, user_id: visitor.user_id, visitor: { service_id: SERVICE, origin } };
  return (await issueToken(testEnv.SIGNING_KEYS, bearer, at)).id_token;
}

/** Signs the visitor's claims with a key that the deployment does not have. */
async function forged(): Promise<string> {
  const { privateKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  return new SignJWT({ org: OPEN, svc: SERVICE, vis: true, ori: ALLOWED_ORIGIN })
    .setProtectedHeader({ alg: 'ES256', kid: 'test-key', typ: 'JWT' })
    .setIssuer('conversation-api')
    .setAudience('conversation-api')
    .setSubject(visitor.user_id)
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(privateKey);
}

/** Returns a token without a signature, for another service. */
function unsigned(): string {
  const encode = (value: object) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: 'base64url', omitPadding: true });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'conversation-api', aud: 'conversation-api', sub: visitor.user_id, org: OPEN };
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...claims, iat: now, exp: now + 900 })}.`;
}

const REFUSED = [401, 'credentials_invalid'] as const;

describe('a token of a visitor', () => {
  it.each<[string, () => Promise<Response>, readonly [number, string]]>([
    [
      'of one service for another one',
      () => say(OPEN, OTHER_SERVICE, { token: visitor.id_token }),
      [403, 'permission_missing'],
    ],
    [
      'from a page of another origin',
      () => say(OPEN, SERVICE, { token: visitor.id_token, origin: OTHER_ORIGIN }),
      REFUSED,
    ],
    [
      'that no page asked for, from a page',
      async () => say(OPEN, SERVICE, { token: await tokenFrom(Date.now(), { origin: null }) }),
      REFUSED,
    ],
    [
      'that has expired',
      async () => get(OPEN, '/conversation/', { token: await tokenFrom(Date.now() - 16 * MINUTE_MS) }),
      REFUSED,
    ],
    [
      'of the future',
      async () => get(OPEN, '/conversation/', { token: await tokenFrom(Date.now() + 5 * MINUTE_MS) }),
      REFUSED,
    ],
    ['in another organization', () => get(OTHER, '/conversation/', { token: visitor.id_token }), REFUSED],
    [
      'of another organization',
      async () =>
        get(OPEN, '/conversation/', { token: await tokenFrom(Date.now(), { organization: OTHER }) }),
      REFUSED,
    ],
    [
      'that the deployment has not signed',
      async () => get(OPEN, '/conversation/', { token: await forged() }),
      REFUSED,
    ],
    ['without a signature', () => get(OPEN, '/conversation/', { token: unsigned() }), REFUSED],
    ['that is a visitor token', () => get(OPEN, '/conversation/', { token: visitor.visitor_token }), REFUSED],
    [
      'for what is stored of a user',
      () => get(OPEN, `/user/${ALICE}/export`, { token: visitor.id_token }),
      [403, 'permission_missing'],
    ],
    [
      'for the role of a user',
      () =>
        post(OPEN, '/role/DefaultUserRole/assign', { user_id: visitor.user_id }, { token: visitor.id_token }),
      [403, 'permission_missing'],
    ],
    [
      'for the settings of the organization',
      () => post(OPEN, '/organization/', {}, { token: visitor.id_token }),
      [403, 'permission_missing'],
    ],
  ])('%s is refused', async (_name, send, expected) => {
    expect(await codeOf(send())).toEqual(expected);
  });
});

describe('a visitor token', () => {
  it.each<[string, () => Promise<string>]>([
    [
      'that has expired',
      async () => {
        const known = { organization: OPEN, user_id: visitor.user_id, service_id: SERVICE };
        return (await issueVisitorToken(testEnv.SIGNING_KEYS, known, Date.now() - 31 * DAY_MS)).visitor_token;
      },
    ],
    ['of another service', async () => (await begin(OPEN, { service_id: OTHER_SERVICE })).visitor_token],
    ['of another organization', async () => (await begin(OTHER)).visitor_token],
    ['that is a token for requests', () => Promise.resolve(visitor.id_token)],
    ['with a letter changed', () => Promise.resolve(`${visitor.visitor_token.slice(0, -6)}AAAAAA`)],
  ])('%s makes another visitor', async (_name, make) => {
    const visitor_token = await make();
    const other = await begin(OPEN, { visitor_token });
    const payload = visitor_token.split('.')[1] ?? '';
    const { sub } = JSON.parse(
      new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: 'base64url' })),
    ) as { sub: string };
    expect(other.user_id).not.toBe(sub);
  });
});

describe('a proof of work', () => {
  const scope: ProofScope = { organization: WORK, service_id: SERVICE, network: NETWORK };

  async function proofOf(of: ProofScope, at: number): Promise<string> {
    const challenge = (await newChallenge(testEnv.SIGNING_KEYS, of, at)) as Parameters<
      typeof solveChallenge
    >[0]['challenge'];
    const solution = await solveChallenge({ challenge, deriveKey });
    return new TextEncoder().encode(JSON.stringify({ challenge, solution })).toBase64();
  }

  it.each<[string, () => Promise<string>]>([
    ['of another network', () => proofOf({ ...scope, network: '203.0.113.2' }, Date.now())],
    ['of another service', () => proofOf({ ...scope, service_id: OTHER_SERVICE }, Date.now())],
    ['of another organization', () => proofOf({ ...scope, organization: OPEN }, Date.now())],
    ['that has expired', () => proofOf(scope, Date.now() - 3 * MINUTE_MS)],
    [
      'without its solution',
      async () =>
        btoa(JSON.stringify({ challenge: await newChallenge(testEnv.SIGNING_KEYS, scope, Date.now()) })),
    ],
    ['that is none', () => Promise.resolve('none')],
  ])('%s is refused', async (_name, make) => {
    const answer = post(
      WORK,
      '/visitor/',
      { service_id: SERVICE, proof: await make() },
      { address: NETWORK },
    );
    expect(await codeOf(answer)).toEqual([403, 'challenge_failed']);
  });

  it('counts once, however often it is sent at the same time and later', async () => {
    const body = { service_id: SERVICE, proof: await proofOf(scope, Date.now()) };
    const send = () => post(WORK, '/visitor/', body, { address: NETWORK });
    const answers = await Promise.all([send(), send(), send(), send()]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await codeOf(send())).toEqual([403, 'challenge_failed']);
  });
});

it('lets a limited number of visitors begin from one network, and does not hold back as many networks', async () => {
  const id = await publish('attacked-limited', { proof_of_work: false, visitors_per_hour: 10 });
  const { RATE_LIMITS: _off, ...limited } = testEnv;
  const mint = async (address: string) => {
    const init = {
      method: 'POST',
      body: JSON.stringify({ service_id: SERVICE }),
      headers: headersOf({ address }),
    };
    const request = new Request(`http://localhost/v1/${id}/visitor/`, init);
    const answer = await app.fetch(
      request as Request<unknown, IncomingRequestCfProperties>,
      limited,
      {} as ExecutionContext,
    );
    return answer.status;
  };
  const count = (statuses: readonly number[]) => statuses.filter((status) => status === 201).length;
  const one = await Promise.all(Array.from({ length: 100 }, () => mint('198.51.100.9')));
  expect([count(one), new Set(one)]).toEqual([10, new Set([201, 429])]);
  const many = await Promise.all(Array.from({ length: 100 }, (_, index) => mint(`198.51.102.${index}`)));
  expect(count(many)).toBe(100);
});

describe('two visitors of one service', () => {
  let target: { conversation: string; interaction: string; message: string };
  let other: Session;

  beforeAll(async () => {
    other = await begin(OPEN);
    const body = { service_id: SERVICE, initial_message: CANARY, initial_message_type: 'user-message' };
    const answer = await post(OPEN, '/conversation/?response_format=text', body, { token: visitor.id_token });
    const events = parseLines(await answer.text());
    const conversation = String(events[0]?.['conversation_id']);
    const listed = await get(OPEN, `/conversation/${conversation}/messages/`, { token: visitor.id_token });
    const { messages } = await listed.json<{ messages: { id: string }[] }>();
    const interaction = String(events.at(-1)?.['interaction_id']);
    target = { conversation, interaction, message: messages[0]?.id ?? '' };
  });

  it.each(
    OPERATIONS.filter(({ path }) => path.includes('{conversation_id}')).map((one) => [one.id, one] as const),
  )('do not reach each other’s conversation by %s', async (_id, one) => {
    const headers = { authorization: `Bearer ${other.id_token}`, origin: ALLOWED_ORIGIN };
    const answer = await app.fetch(
      validRequest(one, OPEN, target, headers) as Request<unknown, IncomingRequestCfProperties>,
      testEnv,
      {} as ExecutionContext,
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const text = await answer.text();
    expect(text).not.toContain(CANARY);
    expect(['conversation_not_found', 'permission_missing', 'chat_not_found']).toContain(
      (JSON.parse(text) as { code: string }).code,
    );
  });

  it.each(['', `?user_id=${ALICE}`, '?is_finished=false', '?tag=feedback_up:*'])(
    'do not find each other in the list with %o',
    async (query) => {
      const answer = await get(OPEN, `/conversation/${query}`, { token: other.id_token });
      expect((await answer.json<{ conversations: unknown[] }>()).conversations).toEqual([]);
      const asked = await get(OPEN, `/conversation/?user_id=${visitor.user_id}&id=${target.conversation}`, {
        token: other.id_token,
      });
      expect((await asked.json<{ conversations: unknown[] }>()).conversations).toEqual([]);
    },
  );

  it('find their own', async () => {
    const answer = await get(OPEN, '/conversation/', { token: visitor.id_token });
    const { conversations } = await answer.json<{ conversations: { id: string }[] }>();
    expect(conversations.map(({ id }) => id)).toEqual([target.conversation]);
  });
});
