/** Retention: a daily sweep of each shard removes what is too old, and nothing else. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import { directoryOfUser } from '../../src/directory/client.ts';
import { forgetRegistry } from '../../src/registry/documents.ts';
import { registryKey } from '../../src/registry/keys.ts';
import type { Retention } from '../../src/registry/retention.ts';
import { Visitors } from '../../src/registry/services.ts';
import { newVisitorIdentifier } from '../../src/identifiers.ts';
import { Client, parseLines, testEnv } from '../support/client.ts';
import { failing } from '../support/faults.ts';
import { OTHER_SERVICE, SERVICE, testOrganization } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';
import { recordingOf } from '../support/scripted-speech.ts';

const DAY_MS = 24 * 60 * 60_000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has the clock show a time that many days from now. */
function inDays(days: number): void {
  const later = Date.now() + days * DAY_MS;
  vi.spyOn(Date, 'now').mockImplementation(() => later);
  forgetRegistry();
}

const directory = (tenant: Tenant, user: Client) =>
  directoryOfUser(testEnv, { id: tenant.id, directory_shards: 4 }, user.userId);

async function sweep(tenant: Tenant, user: Client): Promise<void> {
  await runDurableObjectAlarm(directory(tenant, user));
}

async function listed(tenant: Tenant, user: Client): Promise<string[]> {
  const { conversations } = await tenant.administrator.get<{ conversations: { id: string }[] }>(
    `/conversation/?user_id=${user.userId}`,
  );
  return conversations.map(({ id }) => id).sort();
}

async function talk(retention: Partial<Retention>, services?: Parameters<typeof Tenant.publish>[0]) {
  const days: Retention = {
    conversations_days: null,
    recordings_days: null,
    visitors_days: null,
    ...retention,
  };
  const tenant = await Tenant.publish({ ...services, retention: days });
  const user = await tenant.user();
  const one = await user.begin({ service_id: SERVICE });
  const spoken = await user.interactVoice(one.id, recordingOf('what about apples?'));
  const [heard] = parseLines(await spoken.text());
  const other = await user.begin({ service_id: OTHER_SERVICE });
  return { tenant, user, one: one.id, other: other.id, messageId: String(heard?.message_id) };
}

const bucket = async (tenant: Tenant, id: string) =>
  (await testEnv.AUDIO.list({ prefix: `${tenant.id}/${id}/` })).objects.length;

describe('conversations whose days are over', () => {
  it('are erased by the alarm of the list, and no younger ones', async () => {
    const { tenant, user, one, other } = await talk({ conversations_days: 30 });
    inDays(29);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([one, other].sort());
    inDays(2);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([]);
    expect(await bucket(tenant, one)).toBe(0);
  });

  it('stay while a message is younger, though the list does not know of it', async () => {
    const { tenant, user, one } = await talk({ conversations_days: 30 });
    await runInDurableObject(directory(tenant, user), (_instance, { storage }) => {
      storage.sql.exec('UPDATE conversations SET last_at = 1 WHERE id = ?', one);
    });
    await runInDurableObject(
      testEnv.CONVERSATION.getByName(`${tenant.id}/${one}`),
      (_instance, { storage }) => {
        storage.sql.exec('UPDATE conversation SET last_at = ?', Date.now() + 20 * DAY_MS);
      },
    );
    const { evictDurableObject } = await import('cloudflare:test');
    await evictDurableObject(testEnv.CONVERSATION.getByName(`${tenant.id}/${one}`));
    inDays(31);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([one]);
  });

  it('are those of the days of their service, where it has its own', async () => {
    const { services } = testOrganization('0'.repeat(64));
    const own = services.map((service) =>
      service.id === OTHER_SERVICE
        ? { ...service, retention: { conversations_days: 10, recordings_days: null, visitors_days: null } }
        : service,
    );
    const { tenant, user, one } = await talk({ conversations_days: 30 }, { services: own });
    inDays(11);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([one]);
  });

  it('are never removed where no days are set, and the alarm comes again', async () => {
    const { tenant, user, one, other } = await talk({});
    inDays(10_000);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([one, other].sort());
    const at = await runInDurableObject(directory(tenant, user), (_instance, { storage }) =>
      storage.getAlarm(),
    );
    expect(at).not.toBeNull();
  });

  it('are swept no more once the organization was deleted', async () => {
    const { tenant, user } = await talk({ conversations_days: 30 });
    await testEnv.REGISTRY.delete(registryKey.organization(tenant.id));
    inDays(31);
    await sweep(tenant, user);
    const left = await runInDurableObject(directory(tenant, user), async (_instance, { storage }) => [
      await storage.getAlarm(),
      ...storage.kv.list(),
    ]);
    expect(left).toEqual([null]);
  });

  it('do not wait for one that does not answer, which is asked again the next day', async () => {
    const { tenant, user } = await talk({ conversations_days: 30 });
    const outage = failing(Conversation.prototype, 'eraseFor');
    inDays(31);
    await sweep(tenant, user);
    expect(outage.calls()).toBe(2);
    outage.end();
    vi.restoreAllMocks();
    inDays(33);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([]);
  });
});

describe('conversations of visitors', () => {
  const VISITED = '/visitor/';

  /** Publishes an organization whose services take visitors, and has one talk. */
  async function visit(retention: Partial<Retention>, own: Partial<Retention> = {}) {
    const none = { conversations_days: null, recordings_days: null, visitors_days: null };
    const { services } = testOrganization('0'.repeat(64));
    const tenant = await Tenant.publish({
      retention: { ...none, ...retention },
      services: services.map((service) => ({
        ...service,
        visitors: Visitors.parse({ proof_of_work: false }),
        retention: service.id === OTHER_SERVICE ? { ...none, ...own } : undefined,
      })),
    });
    const talkTo = async (service_id: string) => {
      const begun = await tenant.administrator.post(VISITED, { service_id });
      const session = await begun.json<Record<'user_id' | 'id_token' | 'visitor_token', string>>();
      const authorization = `Bearer ${session.id_token}`;
      const visitor = new Client(session.user_id, tenant.id, { authorization });
      const { id } = await visitor.begin({ service_id });
      return { visitor, id, visitor_token: session.visitor_token };
    };
    return { tenant, talkTo };
  }

  it('are erased after days of their own, and those of users are not', async () => {
    const { tenant, talkTo } = await visit({ visitors_days: 7, conversations_days: 400 });
    const { visitor } = await talkTo(SERVICE);
    const user = await tenant.user();
    const { id } = await user.begin({ service_id: SERVICE });
    inDays(6);
    await sweep(tenant, visitor);
    expect(await listed(tenant, visitor)).toHaveLength(1);
    inDays(2);
    await sweep(tenant, visitor);
    await sweep(tenant, user);
    expect([await listed(tenant, visitor), await listed(tenant, user)]).toEqual([[], [id]]);
  });

  it('are erased after the days of their service, where it names some', async () => {
    const { tenant, talkTo } = await visit({ visitors_days: 7 }, { visitors_days: 30 });
    const short = await talkTo(SERVICE);
    const long = await talkTo(OTHER_SERVICE);
    inDays(8);
    await sweep(tenant, short.visitor);
    await sweep(tenant, long.visitor);
    expect([await listed(tenant, short.visitor), await listed(tenant, long.visitor)]).toEqual([
      [],
      [long.id],
    ]);
  });

  it('stay as long as those of users, where visitors have no days of their own', async () => {
    const { tenant, talkTo } = await visit({ conversations_days: 30 });
    const { visitor } = await talkTo(SERVICE);
    inDays(29);
    await sweep(tenant, visitor);
    expect(await listed(tenant, visitor)).toHaveLength(1);
    inDays(2);
    await sweep(tenant, visitor);
    expect(await listed(tenant, visitor)).toEqual([]);
  });

  it('are those of a user who has adopted the visitor', async () => {
    const { tenant, talkTo } = await visit({ visitors_days: 7, conversations_days: 30 });
    const { visitor, id, visitor_token } = await talkTo(SERVICE);
    const user = await tenant.user();
    expect((await user.post(`/user/${user.userId}/adopt`, { visitor_token })).status).toBe(200);
    inDays(8);
    await sweep(tenant, visitor);
    expect(await listed(tenant, user)).toEqual([id]);
    inDays(23);
    await sweep(tenant, visitor);
    expect(await listed(tenant, user)).toEqual([]);
  });

  it('are never those of a user whose identifier looks like that of a visitor', async () => {
    const { tenant } = await visit({ visitors_days: 7, conversations_days: 30 });
    const userId = newVisitorIdentifier(Date.now());
    const document = { id: userId, name: 'Una User', role: 'DefaultUserRole' };
    await testEnv.REGISTRY.put(registryKey.user(tenant.id, userId), JSON.stringify(document));
    const user = new Client(userId, tenant.id);
    const { id } = await user.begin({ service_id: SERVICE });
    inDays(8);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([id]);
    inDays(23);
    await sweep(tenant, user);
    expect(await listed(tenant, user)).toEqual([]);
  });
});

describe('recordings whose days are over', () => {
  it('are removed, and their messages stay with their texts', async () => {
    const { tenant, user, one, messageId } = await talk({ recordings_days: 7 });
    expect((await user.request(`/conversation/${one}/messages/${messageId}/source`)).status).toBe(200);
    inDays(6);
    await sweep(tenant, user);
    expect(await bucket(tenant, one)).toBe(1);
    inDays(2);
    await sweep(tenant, user);
    vi.restoreAllMocks();
    expect(await bucket(tenant, one)).toBe(0);
    const source = await user.request(`/conversation/${one}/messages/${messageId}/source`);
    expect([source.status, (await source.json<{ code: string }>()).code]).toEqual([
      404,
      'recording_not_found',
    ]);
    const { messages } = await user.get<{ messages: { message: string }[] }>(
      `/conversation/${one}/messages/?id=${messageId}`,
    );
    expect(messages[0]?.message).toContain('apples');
  });

  it('are looked for once: a conversation without younger ones is not asked again', async () => {
    const { tenant, user } = await talk({ recordings_days: 7 });
    const asked = vi.spyOn(Conversation.prototype, 'eraseRecordings');
    const start = Date.now();
    for (const days of [8, 9, 10]) {
      vi.spyOn(Date, 'now').mockImplementation(() => start + days * DAY_MS);
      await sweep(tenant, user);
    }
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
