/** The limits of each visitor that a service states: hard, for one visitor each, and told in the service's words. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Visitors } from '../../../src/registry/services.ts';
import { visitorBudgets } from '../../../src/registry/budgets.ts';
import { parseOrganizationFile } from '../../../src/registry/publish.ts';
import { problemOf, turns } from '../../support/budgets.ts';
import { parseLines } from '../../support/client.ts';
import { ALLOWED_ORIGIN, SERVICE, testOrganization } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';
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

describe('a user who has adopted visitors', () => {
  it('has the turns of each visitor and no more: they count for the visitor, and not for the user', async () => {
    const { services } = parseOrganizationFile(testOrganization('0'.repeat(64)));
    const visitors = Visitors.parse({ proof_of_work: false, per_visitor: { turns_per_day: 3 } });
    const tenant = await Tenant.publish({
      allowed_origins: [ALLOWED_ORIGIN],
      budgets: [turns(1, 'user')],
      services: services.map((service) => ({ ...service, visitors })),
    });
    const user = await tenant.user();
    const visitor = await begin(tenant.id);
    const begun = await say(tenant.id, SERVICE, { token: visitor.id_token });
    const id = String(parseLines(await begun.text())[0]?.['conversation_id']);
    const adopt = (visitor_token: string) => user.post(`/user/${user.userId}/adopt`, { visitor_token });
    expect((await adopt(visitor.visitor_token)).status).toBe(200);
    // The third turn of the visitor's day is the last one, though the user takes it.
    for (let turn = 2; turn <= 3; turn += 1) await user.say(id, 'what?');
    expect((await problemOf(await user.interact(id, 'what?'))).code).toBe('budget_exhausted');
    // The user's own turn is still there, and it is the only one.
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    const own = await user.begin();
    expect((await user.interact(own.id, 'what?')).status).toBe(429);
    // The visitor can spend nothing any more.
    expect((await say(tenant.id, SERVICE, { token: visitor.id_token })).ok).toBe(false);
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
