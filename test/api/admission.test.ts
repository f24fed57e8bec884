/** A turn that is asked for while the rate limit counts its request. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import app from '../../src/index.ts';
import { LIMITER_TIMEOUT_MS } from '../../src/limits/client.ts';
import { RateLimiter, type LimiterAnswer } from '../../src/limits/rate-limiter.ts';
import {
  conversationObject,
  newUser,
  publishTestOrganization,
  testEnv,
  type Client,
} from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);
afterEach(() => {
  vi.restoreAllMocks();
});

/** The deployment with its limits on, as production is. */
const { RATE_LIMITS: _off, ...limitedEnv } = testEnv;

/** Sends a message through the whole edge, its limiter included. */
async function say(user: Client, id: string, text: string, query = ''): Promise<Response> {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', text);
  const claims = { organization: ORGANIZATION, user_id: user.userId };
  const token = await issueToken(testEnv.SIGNING_KEYS, claims, Date.now());
  const path = `/v1/${ORGANIZATION}/conversation/${id}/interact?request_format=text&response_format=text${query}`;
  const headers = { authorization: `Bearer ${token.id_token}` };
  const request = new Request(`http://localhost${path}`, { method: 'POST', body, headers });
  const incoming = request as Request<unknown, IncomingRequestCfProperties>;
  return app.fetch(incoming, limitedEnv, {} as ExecutionContext);
}

const REFUSED: LimiterAnswer = {
  allowed: false,
  limit: 15,
  remaining: 0,
  resetAt: Date.now() + 30_000,
  stamp: null,
  stale: {},
};

const ADMITTED: LimiterAnswer = {
  allowed: true,
  limit: 15,
  remaining: 7,
  resetAt: Date.now() + 30_000,
  stamp: null,
  stale: {},
};

/** Has requests wait for their limiter however slow the machine is. */
function waitForLimiters(): void {
  const { setTimeout } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms = 0) =>
    setTimeout(work, ms === LIMITER_TIMEOUT_MS ? 100 * ms : ms)) as never);
}

/** Has the limiter answer once the conversation is asked: it would wait in vain if it were asked first. */
function answerOnceAsked(answer: () => LimiterAnswer): void {
  waitForLimiters();
  const asked = vi.spyOn(Conversation.prototype, 'fetch');
  const before = asked.mock.calls.length;
  vi.spyOn(RateLimiter.prototype, 'admit').mockImplementationOnce((async () => {
    await vi.waitUntil(() => asked.mock.calls.length > before, { interval: 1 });
    return answer();
  }) as never);
}

async function messagesOf(id: string): Promise<number> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) => {
    const rows = storage.sql.exec<{ count: number }>('SELECT count(*) AS count FROM messages');
    return rows.one().count;
  });
}

describe('a turn whose request is being counted', () => {
  it('is asked for at once, and begins when its request is admitted', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    answerOnceAsked(() => ADMITTED);
    const response = await say(user, id, 'what?');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-ratelimit-remaining')).toBe('7');
    expect(await response.text()).toContain('interaction-complete');
  });

  it('leaves no trace when its request is refused', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const before = await messagesOf(id);
    const meanwhile = Promise.withResolvers<Response>();
    answerOnceAsked(() => {
      // Another request finds the conversation as if the refused one had not come.
      user.interact(id, 'how?').then(meanwhile.resolve, meanwhile.reject);
      return REFUSED;
    });
    const refused = await say(user, id, 'what?');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await refused.json()).toMatchObject({ code: 'rate_limit_exceeded' });
    expect(await (await meanwhile.promise).text()).toContain('"user_message":"how?"');
    expect(await messagesOf(id)).toBe(before + 2);
    await evict(conversationObject(id));
    expect(await messagesOf(id)).toBe(before + 2);
  });

  it('does not stop the running turn of a conversation when its request is refused', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const running = await say(user, id, 'what?');
    answerOnceAsked(() => REFUSED);
    const refused = await say(user, id, 'how?', '&if_busy=interrupt');
    expect(refused.status).toBe(429);
    const events = await running.text();
    expect(events).toContain('interaction-complete');
    expect(events).not.toContain('"stopped":true');
  });

  it.each([
    ['a conversation that does not exist', 'ffffffffffffffffffffffff', 'what?', 404],
    ['an empty message', null, '', 400],
  ])('is refused by its limit before %s is', async (_what, absent, text, otherwise) => {
    const user = await newUser();
    const { id } = await user.begin();
    expect((await say(user, absent ?? id, text)).status).toBe(otherwise);
    answerOnceAsked(() => REFUSED);
    const refused = await say(user, absent ?? id, text);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'rate_limit_exceeded' });
  });

  it('is refused by its limit before a form that cannot be read is', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    vi.spyOn(RateLimiter.prototype, 'admit').mockReturnValueOnce(REFUSED);
    const refused = await say(user, id, 'x'.repeat(2 * 1024 * 1024));
    expect(refused.status).toBe(429);
  });

  it('is refused by its conversation once its request is admitted', async () => {
    const user = await newUser();
    answerOnceAsked(() => ADMITTED);
    const response = await say(user, 'ffffffffffffffffffffffff', 'what?');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'conversation_not_found' });
    expect(response.headers.get('x-ratelimit-remaining')).toBe('7');
  });
});
