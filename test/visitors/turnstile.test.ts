import { describe, expect, it } from 'vitest';
import { passesTurnstile } from '../../src/visitors/turnstile.ts';

const CLAIM = { token: 'token', origin: 'https://shop.example', request_id: 'request' };
const GOOD = { success: true, hostname: 'shop.example', action: 'visitor' };

function answers(body: unknown, status = 200): { send: typeof fetch; sent: string[] } {
  const sent: string[] = [];
  const send: typeof fetch = (_url, init) => {
    if (typeof init?.body === 'string') sent.push(init.body);
    return Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
  };
  return { send, sent };
}

describe('a token of Turnstile', () => {
  it('passes when Turnstile confirms it for the page and the action', async () => {
    const { send, sent } = answers(GOOD);
    expect(await passesTurnstile('secret', CLAIM, send)).toBe(true);
    expect(sent.map((body) => JSON.parse(body) as unknown)).toEqual([
      { secret: 'secret', response: 'token' },
    ]);
  });

  it.each([
    ['was used or is wrong', { success: false, 'error-codes': ['timeout-or-duplicate'] }],
    ['is of another host', { ...GOOD, hostname: 'evil.example' }],
    ['is of a subdomain', { ...GOOD, hostname: 'a.shop.example' }],
    ['is for another action', { ...GOOD, action: 'login' }],
    ['has no action', { success: true, hostname: 'shop.example' }],
    ['cannot be checked: the answer is no JSON', '<html>'],
    ['cannot be checked: the answer has another form', { ok: true }],
  ])('fails when it %s', async (_reason, verdict) => {
    expect(await passesTurnstile('secret', CLAIM, answers(verdict).send)).toBe(false);
  });

  it('fails when Turnstile cannot be reached', async () => {
    const send: typeof fetch = () => Promise.reject(new Error('no network'));
    expect(await passesTurnstile('secret', CLAIM, send)).toBe(false);
  });

  it.each([undefined, ''])('fails, and is not asked about, without a secret (%s)', async (secret) => {
    const { send, sent } = answers(GOOD);
    expect(await passesTurnstile(secret, CLAIM, send)).toBe(false);
    expect(sent).toEqual([]);
  });

  it('fails when no page states its origin', async () => {
    expect(await passesTurnstile('secret', { ...CLAIM, origin: null }, answers(GOOD).send)).toBe(false);
  });
});
