/** The limits of each visitor that a service states: hard, for one visitor each, and told in the service's words. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Visitors } from '../../../src/registry/services.ts';
import { visitorBudgets } from '../../../src/registry/budgets.ts';
import { parseLines } from '../../support/client.ts';
import { SERVICE } from '../../support/organization.ts';
import { begin, headersOf, post, publish, say, type Session } from '../../support/visitors.ts';
import { exports } from 'cloudflare:workers';

const LIMITED = 'visitors-by-day';
const worker = (exports as unknown as { default: Fetcher }).default;

beforeAll(async () => {
  await publish(LIMITED, { proof_of_work: false, per_visitor: { turns_per_day: 2 } });
});

async function open({ id_token }: Session): Promise<string> {
  const events = parseLines(await (await say(LIMITED, SERVICE, { token: id_token })).text());
  return String(events[0]?.['conversation_id']);
}

function interact({ id_token }: Session, id: string): Promise<Response> {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', 'what?');
  const headers = headersOf({ token: id_token });
  headers.delete('content-type');
  const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
  return worker.fetch(`http://localhost/v1/${LIMITED}${path}`, { method: 'POST', body, headers });
}

describe('a visitor of a service with limits for each visitor', () => {
  it('takes so many turns a day, and no more, whatever is sent at the same time', async () => {
    const visitor = await begin(LIMITED);
    const id = await open(visitor);
    expect(parseLines(await (await interact(visitor, id)).text()).at(-1)?.type).toBe('interaction-complete');
    const refused = await interact(visitor, id);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    const problem = await refused.json<{ code: string; resets_at: string }>();
    expect(problem.code).toBe('budget_exhausted');
    expect(Date.parse(problem.resets_at)).toBeGreaterThan(Date.now());
    await post(LIMITED, `/conversation/${id}/finish/`, {}, { token: visitor.id_token });
    expect((await say(LIMITED, SERVICE, { token: visitor.id_token })).status).toBe(429);
  });

  it('is not held back by another visitor', async () => {
    const [first, second] = [await begin(LIMITED), await begin(LIMITED)];
    const id = await open(first);
    await (await interact(first, id)).text();
    expect((await interact(first, id)).status).toBe(429);
    const other = await open(second);
    expect((await interact(second, other)).status).toBe(200);
  });
});

describe('the limits of each visitor', () => {
  it('become one budget of the day', () => {
    expect(visitorBudgets({ turns_per_day: 3, tokens_per_day: 100 })).toEqual([
      { scope: 'visitor', period: 'day', turns: 3, tokens: 100 },
    ]);
    expect(visitorBudgets({ tokens_per_day: 100 })).toEqual([
      { scope: 'visitor', period: 'day', tokens: 100 },
    ]);
    expect(visitorBudgets(undefined)).toEqual([]);
  });

  it.each([{}, { turns_per_day: 0 }, { tokens_per_day: 1.5 }, { turns_per_day: 1, usd_per_day: 1 }])(
    'are refused as %o',
    (per_visitor) => {
      expect(Visitors.safeParse({ per_visitor }).success).toBe(false);
    },
  );
});
