/** Turns within budgets: refusals, ends in the middle, what is settled, and what a failure of the budget means. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UsageMeter } from '../../src/agent/usage.ts';
import { Budget } from '../../src/budget/budget.ts';
import { newVisitorIdentifier } from '../../src/identifiers.ts';
import type { BudgetLimit } from '../../src/registry/budgets.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { interacted, objectOf, problemOf, standing, tokens, turns } from '../support/budgets.ts';
import { openGate } from '../support/scripted-reasoner.ts';
import { parseLines, type Client } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { failing, PATIENT } from '../support/faults.ts';
import { Ledger } from '../support/ledger.ts';
import { PartialStream } from '../support/streams.ts';
import { SERVICE, testOrganization } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a turn that a budget refuses', () => {
  it('is answered 429 without Retry-After, with the time of the reset, and leaves nothing behind', async () => {
    const tenant = await Tenant.publish({ budgets: [turns(1)] });
    const [one, other] = [await tenant.user(), await tenant.user()];
    const { id } = await one.begin();
    const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();
    const refused = { status: 429, code: 'budget_exhausted', retryAfter: null, resets_at: midnight };
    expect(await problemOf(await one.interact(id, 'apples'))).toMatchObject(refused);
    expect(await problemOf(await other.create())).toMatchObject(refused);
    const { messages } = await one.get<{ messages: unknown[] }>(`/conversation/${id}/messages/`);
    const { conversations } = await other.get<{ conversations: unknown[] }>('/conversation/');
    expect([messages.length, conversations]).toEqual([1, []]);
    // The place of the refused create is free: the next one meets the budget, and no reservation.
    expect(await problemOf(await other.create())).toMatchObject(refused);
  });

  it('has the closed message of its service', async () => {
    const { services } = parseOrganizationFile(testOrganization('0'.repeat(64)));
    const closed_message = 'We are closed for today.';
    const tenant = await Tenant.publish({
      budgets: [turns(1)],
      services: services.map((service) => ({ ...service, closed_message })),
    });
    const user = await tenant.user();
    const { id } = await user.begin();
    expect(await problemOf(await user.interact(id, 'apples'))).toMatchObject({ closed_message });
  });

  it('is one of the person alone where the budget is of each user, in all their conversations', async () => {
    const tenant = await Tenant.publish({ budgets: [turns(2, 'user')] });
    const [one, other] = [await tenant.user(), await tenant.user()];
    const { id } = await one.begin();
    expect((await one.interact(id, 'apples')).status).toBe(200);
    await vi.waitFor(async () => {
      expect((await one.post(`/conversation/${id}/finish/`)).status).not.toBe(409);
    }, PATIENT);
    expect((await one.create()).status).toBe(429);
    expect((await other.create()).status).toBe(201);
  });

  it('is one of the service alone where the budget is of a service', async () => {
    const budget: BudgetLimit = { ...turns(1, 'service'), service_id: SERVICE };
    const tenant = await Tenant.publish({ budgets: [budget] });
    const [one, other] = [await tenant.user(), await tenant.user()];
    await one.begin();
    expect((await other.create()).status).toBe(429);
  });
});

describe('parallel conversations', () => {
  it('never take more turns together than the limit, and can take all of them', async () => {
    const limit = 12;
    const tenant = await Tenant.publish({ budgets: [turns(limit)] });
    const users = await Promise.all(Array.from({ length: 40 }, () => tenant.user()));
    const answers = await Promise.all(
      users.map(async (user) => {
        const response = await user.create();
        return response.status === 201 ? parseLines(await response.text()).at(-1)?.type : response.status;
      }),
    );
    const begun = answers.filter((answer) => answer === 'interaction-complete').length;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThanOrEqual(limit);
    let all = begun;
    for (const [index, user] of users.entries()) {
      if (answers[index] !== 429) continue;
      await vi.waitFor(async () => {
        expect((await standing(tenant, 'turns')).held).toBe(0);
      }, PATIENT);
      const response = await user.create();
      if (response.status === 201) all += 1;
      await response.text();
      if (all === limit) break;
    }
    expect(all).toBe(limit);
    await vi.waitFor(async () => {
      expect(await standing(tenant, 'turns')).toMatchObject({ spent: limit, held: 0 });
    }, PATIENT);
  });
});

describe('an answer whose budget ends in its middle', () => {
  it('ends as a stop ends it: what was said is kept, and the stream ends with the kinds that clients know', async () => {
    const tenant = await Tenant.publish({ budgets: [tokens(1_000)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    const events = await interacted(user, id, 'what? [say Well.][spend 900][spend 500]');
    expect(events.at(-1)).toMatchObject({
      type: 'interaction-complete',
      stopped: true,
      stop_cause: 'budget',
      conversation_completed: false,
      usage: { input_tokens: 900, output_tokens: 0, model_calls: 1, cost_usd: null },
    });
    expect(String(events.at(-1)?.full_message)).toContain('Well.');
    const { messages } = await user.get<{ messages: { message: string }[] }>(`/conversation/${id}/messages/`);
    expect(messages[0]?.message).toBe(events.at(-1)?.full_message);
    // The insights have the same cause and the same sums.
    const path = `/conversation/${id}/interaction/${String(events.at(-1)?.interaction_id)}/insights`;
    expect(await user.get(path)).toMatchObject({ stop_cause: 'budget', usage: { input_tokens: 900 } });
  });

  it('is asked for more while the budget has more', async () => {
    const tenant = await Tenant.publish({ budgets: [tokens(50_000)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    // More than the first lease, which is a small part of the budget.
    const events = await interacted(user, id, 'what? [spend 3000]');
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete' });
    expect(events.at(-1)?.stopped).toBeUndefined();
  });
});

describe('usage', () => {
  it('is told with the last event to those who may see insights, and to no others', async () => {
    const tenant = await Tenant.publish();
    const [user, visitor] = [await tenant.user(), await tenant.user({ role: 'DefaultVisitorRole' })];
    const lastOf = async (client: Client) => {
      const { id } = await client.begin();
      return (await interacted(client, id, 'what? [spend 40][spend 2]')).at(-1);
    };
    const usage = { input_tokens: 42, output_tokens: 0, model_calls: 2, cost_usd: null };
    expect(await lastOf(user)).toMatchObject({ usage });
    const last = await lastOf(visitor);
    expect([last?.type, last?.usage]).toEqual(['interaction-complete', undefined]);
  });

  it('is reported once when the conversation is finished, without a budget too', async () => {
    const tenant = await Tenant.publish();
    const user = await tenant.user();
    const { id } = await user.begin();
    await interacted(user, id, 'what? [spend 42]');
    expect((await standing(tenant, 'tokens')).reported).toBe(0);
    await user.post(`/conversation/${id}/finish/`);
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(tenant, id));
      expect((await standing(tenant, 'tokens')).reported).toBe(42);
    }, PATIENT);
    await evict(objectOf(tenant, id));
    await runDurableObjectAlarm(objectOf(tenant, id));
    expect((await standing(tenant, 'tokens')).reported).toBe(42);
  });

  it('is reported by the alarm of an idle conversation, and again after a report whose answer was lost', async () => {
    const tenant = await Tenant.publish();
    const user = await tenant.user();
    const { id } = await user.begin();
    await interacted(user, id, 'what? [spend 42]');
    const lost = vi.spyOn(Budget.prototype, 'settle').mockImplementationOnce(() => {
      throw new Error('The answer was lost.');
    });
    await runInDurableObject(objectOf(tenant, id), (_instance, { storage }) => {
      storage.sql.exec('UPDATE conversation SET last_at = last_at - 3600000');
    });
    await evict(objectOf(tenant, id));
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(tenant, id));
      expect((await standing(tenant, 'tokens')).reported).toBe(42);
    }, PATIENT);
    expect(lost).toHaveBeenCalled();
  });

  it('stays with the organization when its conversation is erased, and the lease is settled', async () => {
    const tenant = await Tenant.publish({ budgets: [tokens(1_000_000)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    await interacted(user, id, 'what? [spend 42]');
    expect((await standing(tenant, 'tokens')).held).toBeGreaterThan(42);
    const response = await tenant.administrator.request(`/conversation/${id}`, { method: 'DELETE' });
    expect(response.status).toBe(200);
    expect(await standing(tenant, 'tokens')).toMatchObject({ spent: 42, held: 0, reported: 42 });
  });
});

describe('a conversation that is erased', () => {
  const erase = (tenant: Tenant, id: string) =>
    tenant.administrator.request(`/conversation/${id}`, { method: 'DELETE' });

  it('frees the rest of its lease', async () => {
    const tenant = await Tenant.publish({ budgets: [turns(1_000)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    expect((await standing(tenant, 'turns')).held).toBeGreaterThan(1);
    expect((await erase(tenant, id)).status).toBe(200);
    expect(await standing(tenant, 'turns')).toMatchObject({ spent: 1, held: 0 });
  });

  it('frees it while a turn spends it, and each call is counted once', async () => {
    const tenant = await Tenant.publish({ budgets: [tokens(1_000_000)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    await interacted(user, id, 'what? [spend 42]');
    const running = new PartialStream(
      await user.interact(id, 'what? [say Well.][spend 8][wait erasedLease]'),
    );
    await running.until('Well.');
    expect((await erase(tenant, id)).status).toBe(200);
    openGate('erasedLease');
    await running.leave();
    expect(await standing(tenant, 'tokens')).toMatchObject({ spent: 50, held: 0, reported: 50 });
  });
});

describe('a budget that does not answer', () => {
  it('refuses visitors, and lets known users go on: what they spend is counted afterwards', async () => {
    const tenant = await Tenant.publish({ budgets: [turns(100)] });
    const user = await tenant.user();
    const visitor = await tenant.user({ id: newVisitorIdentifier(Date.now()) });
    const fault = failing(Budget.prototype, 'renew');
    const refused = await visitor.create();
    expect([refused.status, (await problemOf(refused)).code]).toEqual([503, 'service_overloaded']);
    const { id } = await user.begin();
    fault.end();
    expect((await user.interact(id, 'apples')).status).toBe(200);
    await vi.waitFor(async () => {
      expect((await standing(tenant, 'turns')).spent).toBeGreaterThanOrEqual(1);
    }, PATIENT);
  });
});

describe('a process that dies in a turn', () => {
  it('has spent all of its lease', async () => {
    const tenant = await Tenant.publish({ budgets: [turns(1_000)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    const { held = 0 } = await standing(tenant, 'turns');
    await runInDurableObject(objectOf(tenant, id), (_instance, { storage }) => {
      storage.sql.exec(`UPDATE conversation SET spending = json_set(spending, '$.running', json('true'))`);
    });
    await evict(objectOf(tenant, id));
    await user.say(id, 'apples');
    expect((await standing(tenant, 'turns')).spent).toBe(held);
  });

  /** Has the process of a turn die behind its second call; returns what was stored until then, and what is reported. */
  async function died(tenant: Tenant, gate: string) {
    const user = await tenant.user();
    const { id } = await user.begin();
    const ended = vi.spyOn(UsageMeter.prototype, 'end');
    const running = new PartialStream(
      await user.interact(id, `what? [say Well.][spend 700][spend 300][wait ${gate}]`),
    );
    await running.until('Well.');
    await vi.waitFor(() => {
      expect(ended).toHaveBeenCalledTimes(2);
    }, PATIENT);
    const { spending } = await runInDurableObject(objectOf(tenant, id), (_instance, { storage }) =>
      storage.sql.exec<{ spending: string | null }>('SELECT spending FROM conversation').one(),
    );
    await abortAllDurableObjects();
    await running.leave();
    await user.say(id, 'apples [spend 50]');
    await user.post(`/conversation/${id}/finish/`);
    return {
      stored: spending,
      reports: (used: number) =>
        vi.waitFor(async () => {
          await runDurableObjectAlarm(objectOf(tenant, id));
          expect((await standing(tenant, 'tokens')).reported).toBe(used);
        }, PATIENT),
    };
  }

  it('has used what its calls but the last have used, where a budget concerns it: that is reported', async () => {
    const { stored, reports } = await died(await Tenant.publish({ budgets: [turns(1_000)] }), 'neverspent');
    expect(JSON.parse(stored ?? 'null')).toMatchObject({ totals: { input_tokens: 700, model_calls: 1 } });
    await reports(750);
  });

  it('has stored nothing of it where no budget concerns it', async () => {
    const { stored, reports } = await died(await Tenant.publish(), 'neverkept');
    expect(stored).toBeNull();
    await reports(50);
  });
});

describe('the rows of a turn that calls a model several times', () => {
  const rowsOf = async (tenant: Tenant, calls: number) => {
    const user = await tenant.user();
    const { id } = await user.begin();
    const ledger = new Ledger();
    await ledger.watch(objectOf(tenant, id));
    const rows: number[] = [];
    // The first turn sets an alarm, and gets a lease.
    for (const count of [1, 1, calls]) {
      await interacted(user, id, `what? ${'[spend 10]'.repeat(count)}`);
      const { written, alarms } = await ledger.take();
      rows.push(written + alarms);
    }
    return { once: rows[1], often: rows[2] };
  };

  it('are those of a turn with one call where no budget concerns it', async () => {
    const { once, often } = await rowsOf(await Tenant.publish(), 4);
    expect(often).toBe(once);
  });

  it('are one more for each further call where a budget concerns it', async () => {
    const { once = 0, often } = await rowsOf(await Tenant.publish({ budgets: [turns(1_000)] }), 4);
    expect(often).toBe(once + 3);
  });
});
