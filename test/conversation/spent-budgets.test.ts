/** Budgets that are spent: turns, analyses, starters and recommendations until the period ends, and after it. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metered } from '../../src/budget/metered.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import type { Service } from '../../src/registry/services.ts';
import { interacted, objectOf, problemOf, standing, tokens, turns } from '../support/budgets.ts';
import { parseLines, testEnv, type Client } from '../support/client.ts';
import { PATIENT } from '../support/faults.ts';
import { collectLog } from '../support/log-lines.ts';
import { SERVICE, testOrganization } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

const DAY_MS = 86_400_000;
const MODELS = {
  LLM_PROVIDER: 'openai-compatible',
  LLM_BASE_URL: 'https://models.invalid/v1',
  LLM_MODEL: 'plain',
};

/** Has the deployment call models, so that each piece of work needs tokens. The scripted agent answers all the same. */
function withModels(): void {
  Object.assign(testEnv, MODELS);
}

function withoutModels(): void {
  for (const name of Object.keys(MODELS)) Reflect.deleteProperty(testEnv, name);
}

/** Returns the end of the day, in milliseconds since 1970. */
function midnight(): number {
  return (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
}

/** Has each test begin at noon of the next day: a day that ended in a test would be another test. */
beforeEach(() => {
  const now = Date.now.bind(Date);
  const aheadMs = midnight() + DAY_MS / 2 - now();
  vi.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
});

/** Moves the clock to a moment after the period's end. */
function tomorrow(): void {
  vi.spyOn(Date, 'now').mockReturnValue(midnight() + 3_600_000);
}

const refused = () => ({
  status: 429,
  code: 'budget_exhausted',
  retryAfter: null,
  resets_at: new Date(midnight()).toISOString(),
});

function usualService(changes: Partial<Service> = {}): Service {
  const { services } = parseOrganizationFile(testOrganization('0'.repeat(64)));
  const service = services.find(({ id }) => id === SERVICE);
  if (service === undefined) throw new Error('The usual organization has no service.');
  return { ...service, ...changes };
}

afterEach(() => {
  withoutModels();
  vi.restoreAllMocks();
});

describe('a conversation whose budget ends in the middle of a message', () => {
  it('keeps what was said, is refused until the period ends, and then goes on', async () => {
    withModels();
    const tenant = await Tenant.publish({ budgets: [tokens(1_900)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    const last = (await interacted(user, id, 'what? [say Well.][spend 1500][spend 500]')).at(-1);
    expect(last).toMatchObject({ type: 'interaction-complete', stopped: true, stop_cause: 'budget' });
    const said = String(last?.full_message);
    expect(said).toContain('Well.');
    const insights = `/conversation/${id}/interaction/${String(last?.interaction_id)}/insights`;
    expect(await user.get(insights)).toMatchObject({ stop_cause: 'budget' });

    expect(await problemOf(await user.interact(id, 'apples'))).toMatchObject(refused());
    const texts = async (client: Client) => {
      const { messages } = await client.get<{ messages: { message: string }[] }>(
        `/conversation/${id}/messages/`,
      );
      return messages.map(({ message }) => message);
    };
    expect((await texts(user)).filter((text) => text === said)).toHaveLength(1);
    expect(await texts(user)).not.toContain('apples');

    tomorrow();
    const next = tenant.client(user.userId);
    const further = (await interacted(next, id, 'what? [spend 100]')).at(-1);
    expect(further?.type).toBe('interaction-complete');
    expect(further?.stopped).toBeUndefined();
    expect(await texts(next)).toContain(said);
  });
});

describe('an analysis that a budget refuses', () => {
  const analysisOf = (tenant: Tenant, id: string) =>
    runInDurableObject(objectOf(tenant, id), async (_instance, { storage }) => {
      const { analysis } = storage.sql.exec<{ analysis: string }>('SELECT analysis FROM conversation').one();
      const alarm = await storage.getAlarm();
      return { ...(JSON.parse(analysis) as Record<string, unknown>), alarm };
    });

  it('waits until the period ends, uses no attempt, and then runs', async () => {
    withModels();
    const tenant = await Tenant.publish({ budgets: [tokens(1_900)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    await interacted(user, id, 'I like pears. [spend 1500]');
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    const log = collectLog();
    // More often than an analysis may fail.
    for (let time = 0; time < 10; time += 1) {
      await runDurableObjectAlarm(objectOf(tenant, id));
      expect(await analysisOf(tenant, id)).toMatchObject({ status: 'pending', completed: [], attempts: 0 });
    }
    expect(log.of('analysis_failed')).toEqual([]);
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(tenant, id));
      expect((await standing(tenant, 'tokens')).held).toBe(0);
    }, PATIENT);

    tomorrow();
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(tenant, id));
      expect(await analysisOf(tenant, id)).toMatchObject({ status: 'done', attempts: 0 });
    }, PATIENT);
  });

  it('has its next alarm within ten minutes after the period ends', async () => {
    withModels();
    const tenant = await Tenant.publish({ budgets: [tokens(1_900)] });
    const user = await tenant.user();
    const { id } = await user.begin();
    await interacted(user, id, 'I like pears. [spend 1500]');
    await user.post(`/conversation/${id}/finish/`);
    // Everything is reported once the conversation has been idle: then only the analysis is left.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
    const end = midnight();
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(tenant, id));
      const { alarm } = await analysisOf(tenant, id);
      expect(alarm).toBeGreaterThanOrEqual(end);
      expect(alarm).toBeLessThanOrEqual(end + 10 * 60_000);
    }, PATIENT);
  });
});

describe('work beside turns that a budget refuses', () => {
  const starters = (user: Client) =>
    user.post('/conversation/conversation_starter', {
      service_id: SERVICE,
      facets: ['fruit'],
      min_count: 1,
      max_count: 2,
      generation_instructions: 'Be brief.',
    });

  it('is answered 429 with the time of the reset and without Retry-After: starters and recommendations', async () => {
    const tenant = await Tenant.publish({ budgets: [tokens(100)] });
    const user = await tenant.user();
    const { id, interactionId } = await user.begin();
    const recommend = () =>
      user.post(`/conversation/${id}/interaction/${interactionId}/recommend_responses`, { context: 'fruit' });
    expect([(await starters(user)).status, (await recommend()).status]).toEqual([200, 200]);
    withModels();
    expect(await problemOf(await starters(user))).toMatchObject(refused());
    expect(await problemOf(await recommend())).toMatchObject(refused());
    expect(await standing(tenant, 'tokens')).toMatchObject({ held: 0 });
  });

  it('is refused in the same way in its middle, and what it has used until then is counted', async () => {
    const tenant = await Tenant.publish();
    const bound = {
      ...{ subject: 'organization', period: 'day' as const, unit: 'tokens' as const, limit: 1_000 },
      ...{ soft_percent: null, notify_url: null },
    };
    const expected = { input_tokens: 600, output_tokens: 100, isStreamed: true, isOptional: false };
    let settled: Promise<unknown> = Promise.resolve();
    const work = {
      home: { organization: tenant.id },
      ...{ isVisitor: false, service: undefined, bounds: [bound], service_id: SERVICE, reports: true },
      holder: `starters/${newIdentifier(Date.now())}`,
      need: { tokens: 500, micro_usd: 0, turns: 0 },
    };
    const after = (settling: Promise<unknown>) => {
      settled = settling;
    };
    const attempt = metered(testEnv, work, after, async (meter) => {
      for (let count = 0; count < 2; count += 1) {
        await meter.secure({ ...expected, cost: () => 0 });
        meter.begin({ ...expected, cost: () => 0 }).release();
        const call = { interaction: 'GenerateConversationStarters', model: 'm', first_token_ms: 1 } as const;
        meter.end({ ...call, input_tokens: 600, output_tokens: 0 });
      }
    });
    await expect(attempt).rejects.toMatchObject({
      problem: { code: 'budget_exhausted', extra: { resets_at: refused().resets_at } },
    });
    await settled;
    expect(await standing(tenant, 'tokens')).toMatchObject({ spent: 600, held: 0, reported: 600 });
  });
});

describe('a service with an economical version set', () => {
  const preferring = (llm_name: string) => ({
    agent_version_number: null,
    service_hierarchical_state_machine_version_number: null,
    llm_model_preferences: { EngageUser: { llm_name, params: {} } },
  });
  const version_sets = { release: preferring('large'), economy: preferring('small') };

  async function modelsOf(service: Partial<Service>): Promise<string[]> {
    const tenant = await Tenant.publish({
      budgets: [{ ...turns(10), soft_percent: 50 }],
      services: [usualService({ version_sets, ...service })],
    });
    const user = await tenant.user();
    const { id } = await user.begin();
    const found = [];
    for (let turn = 2; turn <= 7; turn += 1) {
      const events = await interacted(user, id, 'what? [model]');
      found.push(/Model (\w+)\./.exec(String(events.at(-1)?.full_message))?.[1] ?? '');
      await vi.waitFor(async () => {
        expect((await standing(tenant, 'turns')).held).toBe(0);
      }, PATIENT);
    }
    return found;
  }

  it('uses its models from the soft percentage on, and the usual ones below it', async () => {
    expect(await modelsOf({ economy_version_set: 'economy' })).toEqual([
      ...['large', 'large', 'large'],
      ...['small', 'small', 'small'],
    ]);
  });

  it('is needed for that: a service without one keeps its models', async () => {
    expect(new Set(await modelsOf({}))).toEqual(new Set(['large']));
  });
});

describe('a soft percentage whose address is refused', () => {
  it('disturbs no turn in production', async () => {
    const soft = { ...turns(10), soft_percent: 10, notify_url: 'http://10.0.0.5/' };
    const tenant = await Tenant.publish({ budgets: [soft] });
    const user = await tenant.user();
    const log = collectLog();
    const posted = vi.spyOn(globalThis, 'fetch');
    testEnv.DEVELOPMENT = 'false';
    try {
      const { id } = await user.begin();
      await runDurableObjectAlarm(testEnv.BUDGET.getByName(tenant.id));
      await vi.waitFor(() => {
        expect(log.of('budget_notice_failed').length).toBeGreaterThan(0);
      }, PATIENT);
      const last = (await interacted(user, id, 'apples')).at(-1);
      expect(last).toMatchObject({ type: 'interaction-complete' });
      expect(last?.stopped).toBeUndefined();
    } finally {
      testEnv.DEVELOPMENT = 'true';
    }
    expect(posted).not.toHaveBeenCalledWith(soft.notify_url, expect.anything());
    expect(log.of('turn_failed')).toEqual([]);
  });
});

describe('60 conversations of one user at the same time, with a limit of 20 turns', () => {
  it('take exactly 20 turns, and no lease is left over', async () => {
    const limit = 20;
    const services = Array.from({ length: 60 }, (_, index) =>
      usualService({ id: `5${String(index).padStart(23, '0')}`, name: `Service ${index}` }),
    );
    const tenant = await Tenant.publish({ budgets: [turns(limit, 'user'), turns(1_000)], services });
    const user = await tenant.user();
    const ends = await Promise.all(
      services.map(async ({ id }) => {
        const response = await user.create({ service_id: id });
        return response.status === 201
          ? parseLines(await response.text()).at(-1)?.type
          : (await problemOf(response)).code;
      }),
    );
    expect(ends.filter((end) => end === 'interaction-complete')).toHaveLength(limit);
    expect(ends.filter((end) => end === 'budget_exhausted')).toHaveLength(60 - limit);
    const { conversations } = await user.get<{ conversations: unknown[] }>('/conversation/?limit=50');
    expect(conversations).toHaveLength(limit);
    await vi.waitFor(async () => {
      expect(await standing(tenant, 'turns')).toMatchObject({ spent: limit, held: 0 });
    }, PATIENT);
  });
});
