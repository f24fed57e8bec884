import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { beforeAll, describe, expect, it } from 'vitest';
import app from '../../../src/index.ts';
import { issueToken } from '../../../src/edge/tokens.ts';
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

const OPEN = 'visitors-open';

beforeAll(async () => {
  await publish(OPEN, { proof_of_work: false }, null);
});

describe('a visitor', () => {
  it('begins with a page and no sign-in, and chats', async () => {
    const { id_token, user_id, expires_at } = await begin(OPEN);
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    const events = parseLines(await (await say(OPEN, SERVICE, { token: id_token })).text());
    const id = String(events[0]?.['conversation_id']);
    const messages = await get(OPEN, `/conversation/${id}/messages/`, { token: id_token });
    expect(messages.status).toBe(200);
    expect(events.at(-1)?.type).toBe('interaction-complete');
    const list = await get(OPEN, '/conversation/', { token: id_token });
    const { conversations } = await list.json<{ conversations: { id: string; user_id: string }[] }>();
    expect(conversations.map((conversation) => [conversation.id, conversation.user_id])).toEqual([
      [id, user_id],
    ]);
  });

  it('has no document in the registry', async () => {
    const { user_id } = await begin(OPEN);
    expect(await testEnv.REGISTRY.get(`organization:${OPEN}:user:${user_id}`)).toBeNull();
    const { keys } = await testEnv.REGISTRY.list();
    expect(keys.filter(({ name }) => name.includes(user_id))).toEqual([]);
  });

  it('stays the same with their visitor token, and is another one without it', async () => {
    const first = await begin(OPEN);
    const answer = await post(OPEN, '/visitor/', { service_id: SERVICE, visitor_token: first.visitor_token });
    expect(answer.status).toBe(200);
    expect((await answer.json<Session>()).user_id).toBe(first.user_id);
    expect((await begin(OPEN)).user_id).not.toBe(first.user_id);
  });

  it('sees no other visitor and no other user', async () => {
    const [a, b] = [await begin(OPEN), await begin(OPEN)];
    const events = parseLines(await (await say(OPEN, SERVICE, { token: a.id_token })).text());
    const id = String(events[0]?.['conversation_id']);
    const asked = { token: b.id_token };
    expect(await codeOf(get(OPEN, `/conversation/${id}/messages/`, asked))).toEqual([
      404,
      'conversation_not_found',
    ]);
    expect(await codeOf(get(OPEN, `/conversation/${id}/turn`, asked))).toEqual([
      404,
      'conversation_not_found',
    ]);
    expect(await codeOf(post(OPEN, `/conversation/${id}/finish/`, {}, asked))).toEqual([
      404,
      'conversation_not_found',
    ]);
    const list = await get(OPEN, '/conversation/', asked);
    expect((await list.json<{ conversations: unknown[] }>()).conversations).toEqual([]);
    const users = await get(OPEN, `/user/?user_id=${a.user_id}&user_id=${ALICE}`, asked);
    expect(users.status === 403 || (await users.json<{ users: unknown[] }>()).users.length === 0).toBe(true);
  });

  it('sees no insights and no agent actions', async () => {
    const { id_token } = await begin(OPEN);
    const events = parseLines(await (await say(OPEN, SERVICE, { token: id_token })).text());
    const allowed = ['conversation-created', 'new-message', 'interaction-complete'];
    expect(events.filter(({ type }) => !allowed.includes(type))).toEqual([]);
  });
});

describe('the token of a visitor', () => {
  it('is good for its service only', async () => {
    const both = await publish('visitors-both', { proof_of_work: false });
    const { id_token } = await begin(both);
    expect(await codeOf(say(both, OTHER_SERVICE, { token: id_token }))).toEqual([403, 'permission_missing']);
  });

  it.each([OTHER_ORIGIN, 'https://evil.example', 'null', 'http://localhost'])(
    'is refused from a page of %s',
    async (origin) => {
      const { id_token } = await begin(OPEN);
      expect(await codeOf(say(OPEN, SERVICE, { token: id_token, origin }))).toEqual([
        401,
        'credentials_invalid',
      ]);
    },
  );

  it('is refused in another organization', async () => {
    const other = await publish('visitors-other', { proof_of_work: false });
    const { id_token } = await begin(OPEN);
    expect(await codeOf(say(other, SERVICE, { token: id_token }))).toEqual([401, 'credentials_invalid']);
  });

  it('is refused once the service takes visitors no more, or takes earlier tokens back', async () => {
    const id = await publish('visitors-closing', { proof_of_work: false });
    const { visitor_token } = await begin(id);
    const bounds = { service_id: SERVICE, origin: ALLOWED_ORIGIN };
    const old = { organization: id, user_id: 'a'.repeat(24), visitor: bounds };
    const { id_token } = await issueToken(testEnv.SIGNING_KEYS, old, Date.now() - 60_000);
    expect((await get(id, '/conversation/', { token: id_token })).status).toBe(200);
    const revoked = await publish('visitors-revoked', {
      proof_of_work: false,
      valid_after: new Date(Date.now() - 30_000).toISOString(),
    });
    const before = { ...old, organization: revoked };
    const late = await issueToken(testEnv.SIGNING_KEYS, before, Date.now() - 60_000);
    expect(await codeOf(get(revoked, '/conversation/', { token: late.id_token }))).toEqual([
      401,
      'credentials_invalid',
    ]);
    const now = await issueToken(testEnv.SIGNING_KEYS, before, Date.now());
    expect((await get(revoked, '/conversation/', { token: now.id_token })).status).toBe(200);
    expect((await begin(revoked, { visitor_token })).user_id).not.toBe(old.user_id);
  });

  it('is not taken for a visitor token, nor a visitor token for it', async () => {
    const { id_token, visitor_token, user_id } = await begin(OPEN);
    expect(await codeOf(get(OPEN, '/conversation/', { token: visitor_token }))).toEqual([
      401,
      'credentials_invalid',
    ]);
    expect((await begin(OPEN, { visitor_token: id_token })).user_id).not.toBe(user_id);
  });
});

describe('becoming a visitor', () => {
  it('is refused for a service without visitors, and for an unknown one', async () => {
    for (const service_id of [OTHER_SERVICE, 'f'.repeat(24)]) {
      expect(await codeOf(post(OPEN, '/visitor/', { service_id }))).toEqual([404, 'visitors_not_allowed']);
      expect(await codeOf(get(OPEN, `/visitor/challenge?service_id=${service_id}`))).toEqual([
        404,
        'visitors_not_allowed',
      ]);
    }
  });

  it('is refused for a page of an origin that is not listed', async () => {
    const narrow = await publish('visitors-narrow', { proof_of_work: false, origins: [ALLOWED_ORIGIN] });
    const body = { service_id: SERVICE };
    expect((await post(narrow, '/visitor/', body)).status).toBe(201);
    for (const origin of [OTHER_ORIGIN, 'https://evil.example', 'null']) {
      expect(await codeOf(post(narrow, '/visitor/', body, { origin }))).toEqual([403, 'origin_not_allowed']);
    }
  });

  it('is allowed to the pages of the deployment itself', async () => {
    expect(
      (await post(OPEN, '/visitor/', { service_id: SERVICE }, { origin: 'http://localhost' })).status,
    ).toBe(201);
  });

  it('demands work where the service says so, once for each proof', async () => {
    const id = await publish('visitors-work', {});
    const body = { service_id: SERVICE };
    const refused = await post(id, '/visitor/', body);
    expect(refused.status).toBe(403);
    const { code, challenge } = await refused.json<{ code: string; challenge: Challenge }>();
    expect(code).toBe('challenge_required');
    const solution = await solveChallenge({ challenge, deriveKey });
    const proof = new TextEncoder().encode(JSON.stringify({ challenge, solution })).toBase64();
    const elsewhere = await codeOf(post(id, '/visitor/', { ...body, proof }, { address: '203.0.113.2' }));
    expect(elsewhere).toEqual([403, 'challenge_failed']);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(id, '/visitor/', { ...body, proof })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array(7).fill(403),
    ]);
    const { visitor_token } = await (answers.find(({ ok }) => ok) as Response).json<Session>();
    expect((await post(id, '/visitor/', { ...body, visitor_token })).status).toBe(200);
  });

  it('fails closed where Turnstile is demanded and cannot be asked', async () => {
    const id = await publish('visitors-turnstile', { proof_of_work: false, turnstile: true });
    const body = { service_id: SERVICE };
    expect(await codeOf(post(id, '/visitor/', body))).toEqual([403, 'challenge_required']);
    expect(await codeOf(post(id, '/visitor/', { ...body, turnstile_token: 'x' }))).toEqual([
      403,
      'challenge_failed',
    ]);
  });

  it('has a limit for each network, which does not hold back other networks and those who began', async () => {
    const id = await publish('visitors-limited', { proof_of_work: false, visitors_per_hour: 3 });
    const { RATE_LIMITS: _off, ...limited } = testEnv;
    const ask = (address: string, body = {}) => {
      const init = {
        method: 'POST',
        body: JSON.stringify({ service_id: SERVICE, ...body }),
        headers: headersOf({ address }),
      };
      const request = new Request(`http://localhost/v1/${id}/visitor/`, init);
      return Promise.resolve(
        app.fetch(request as Request<unknown, IncomingRequestCfProperties>, limited, {} as ExecutionContext),
      );
    };
    const same = await Promise.all(Array.from({ length: 12 }, () => ask('198.51.100.1')));
    expect(same.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = same.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3_000);
    const others = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(`198.51.101.${index}`)));
    expect(others.map(({ status }) => status)).toEqual(Array(12).fill(201));
    const sixty = await Promise.all(Array.from({ length: 6 }, (_, index) => ask(`2001:db8:0:1::${index}`)));
    expect(sixty.filter(({ status }) => status === 201)).toHaveLength(3);
    const { visitor_token } = await (same.find(({ ok }) => ok) as Response).json<Session>();
    expect((await ask('198.51.100.1', { visitor_token })).status).toBe(200);
  });
});
