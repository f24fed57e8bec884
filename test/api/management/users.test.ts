/** Users over the API: the corners that clients of the hosted API rely on, and that a change is seen at once. */
import { beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../../src/edge/tokens.ts';
import { Client, testEnv } from '../../support/client.ts';
import { ADMIN, ALICE, BOB, NOBODY } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';

interface User {
  user_id: string;
  first_name: string;
  last_name: string;
  email: string;
  role: string;
  role_name: string;
  preferences: Record<string, unknown>;
  user_stats: { num_conversations: number; num_messages: number; last_message_time: string | null };
  nonsensitive_variables: Record<string, string>;
  sensitive_variables: string[];
  enable_actions_access: boolean;
}
interface Page {
  users: User[];
  has_more: boolean;
  continuation_token: number | null;
}

let tenant: Tenant;
let admin: Client;
let count = 0;

beforeAll(async () => {
  tenant = await Tenant.publish();
  admin = tenant.administrator;
});

function nell(changes: Record<string, unknown> = {}): Record<string, unknown> {
  count += 1;
  return {
    first_name: 'Nell',
    last_name: 'New',
    email: `Nell.${count}@Example.com`,
    role_name: 'DefaultUserRole',
    ...changes,
  };
}

async function created(changes: Record<string, unknown> = {}, by = admin): Promise<string> {
  const response = await by.post('/user/', nell(changes));
  expect(response.status).toBe(201);
  const { user_id, verify_link } = await response.json<{ user_id: string; verify_link: null }>();
  expect(verify_link).toBeNull();
  return user_id;
}

async function codeOf(response: Response): Promise<[number, string | null]> {
  const { code = null } = response.ok ? { code: null } : await response.json<{ code?: string }>();
  return [response.status, code];
}

async function found(id: string, by = admin): Promise<User | undefined> {
  const { users } = await by.get<Page>(`/user/?user_id=${id}`);
  return users[0];
}

describe('a user who is created', () => {
  it('is listed at once by identifier and by address, with everything that is known of them', async () => {
    const id = await created({
      nonsensitive_user_variables: { city: 'Bath' },
      sensitive_user_variables: { token: 'hunter2' },
      user_preferences: { preferred_language: 'fra', timezone: 'Europe/Paris', audio_keyterms: ['Cox'] },
      login_link: 'https://shop.example/login',
    });
    const user = await found(id);
    expect(user).toMatchObject({
      user_id: id,
      first_name: 'Nell',
      last_name: 'New',
      email: `nell.${count}@example.com`,
      role_name: 'DefaultUserRole',
      user_stats: { num_conversations: 0, num_messages: 0, last_message_time: null },
      preferences: { preferred_language: 'fra', timezone: 'Europe/Paris', audio_keyterms: ['Cox'] },
      nonsensitive_variables: { city: 'Bath' },
      sensitive_variables: ['token'],
      enable_actions_access: false,
    });
    expect(JSON.stringify(user)).not.toContain('hunter2');
    const byEmail = await admin.get<Page>(`/user/?email=NELL.${count}@example.com`);
    expect(byEmail.users.map(({ user_id }) => user_id)).toEqual([id]);
  });

  it('holds a conversation at once', async () => {
    const user = tenant.client(await created());
    const { id } = await user.begin();
    const stats = (await found(user.userId))?.user_stats;
    expect(stats).toMatchObject({ num_conversations: 1, num_messages: 1 });
    const { messages } = await user.get<{ messages: { created_at: string }[] }>(
      `/conversation/${id}/messages/`,
    );
    expect(stats?.last_message_time).toBe(messages[0]?.created_at);
  });

  it('has the preferences of the organization where none are stated', async () => {
    const user = await found(await created({ user_preferences: null }));
    expect(user?.preferences).toEqual({
      enable_response_recommendation: false,
      preferred_language: null,
      conversations_visible_to_admins: true,
      user_model_visible_to_admins: true,
      timezone: null,
      audio_keyterms: ['Una', 'Cox'],
    });
  });

  it.each([
    ['an address that another user has', { email: 'TWICE@example.com' }, [409, 'email_taken']],
    ['a role that there is not', { role_name: 'NoSuchRole' }, [404, 'role_not_found']],
    [
      'a role that grants no less than the own',
      { role_name: 'DefaultAdministratorRole' },
      [403, 'permission_missing'],
    ],
    ['an address that is none', { email: 'nobody' }, [422, 'request_invalid']],
    ['a name of white space', { first_name: ' ' }, [422, 'request_invalid']],
    [
      'a language that there is not',
      { user_preferences: { preferred_language: 'xx1' } },
      [422, 'request_invalid'],
    ],
    [
      'a time zone that there is not',
      { user_preferences: { timezone: 'Mars/Base' } },
      [422, 'request_invalid'],
    ],
    [
      'a variable whose name is none',
      { nonsensitive_user_variables: { 'A b': 'x' } },
      [422, 'request_invalid'],
    ],
  ] as const)('is refused with %s', async (_what, changes, expected) => {
    await admin.post('/user/', nell({ email: 'twice@example.com' }));
    expect(await codeOf(await admin.post('/user/', nell(changes)))).toEqual(expected);
  });

  it('frees the address when they are deleted', async () => {
    const email = 'again@example.com';
    const id = await created({ email });
    expect((await admin.request(`/user/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await created({ email })).not.toBe(id);
  });
});

describe('an update of a user', () => {
  it('changes the fields it names: null and an empty object leave the language and the time zone as they should', async () => {
    const id = await created({ user_preferences: { preferred_language: 'fra', timezone: 'Europe/Paris' } });
    const after = async (body: unknown) => {
      expect((await admin.post(`/user/${id}`, body)).status).toBe(204);
      const { first_name, preferences } = (await found(id))!;
      return [first_name, preferences.preferred_language, preferences.timezone];
    };
    expect(await after({ first_name: 'Nora', preferred_language: {}, timezone: {} })).toEqual([
      'Nora',
      'fra',
      'Europe/Paris',
    ]);
    expect(await after({ first_name: null, last_name: null })).toEqual(['Nora', 'fra', 'Europe/Paris']);
    expect(await after({ preferred_language: null })).toEqual(['Nora', null, 'Europe/Paris']);
    expect(await after({ timezone: 'Europe/Berlin', preferred_language: 'deu' })).toEqual([
      'Nora',
      'deu',
      'Europe/Berlin',
    ]);
    expect(await after({})).toEqual(['Nora', 'deu', 'Europe/Berlin']);
  });

  it.each(['POST', 'DELETE'])(
    'answers 404 for a user who does not exist, whatever the identifier (%s)',
    async (method) => {
      for (const id of ['non-existent-id', '0'.repeat(24), 'ünïcode', 'a%20b', '..;', 'x'.repeat(128)]) {
        const init =
          method === 'POST'
            ? { method, body: '{}', headers: { 'content-type': 'application/json' } }
            : { method };
        const response = await admin.request(`/user/${encodeURIComponent(id)}`, init);
        expect([id, ...(await codeOf(response))]).toEqual([id, 404, 'user_not_found']);
      }
    },
  );

  it('is theirs to make, and that of others is not', async () => {
    const user = tenant.client(await created());
    expect((await user.post(`/user/${user.userId}`, { first_name: 'Own' })).status).toBe(204);
    expect((await found(user.userId, user))?.first_name).toBe('Own');
    expect(await codeOf(await user.post(`/user/${ALICE}`, { first_name: 'Not' }))).toEqual([
      403,
      'permission_missing',
    ]);
  });

  it('joins the additional context to what the agent is told, and shows it beside the user model', async () => {
    const id = await created();
    await admin.post(`/user/${id}`, { additional_context: ['Speaks loudly.'] });
    const model = await admin.get(`/user/${id}/user_model`);
    expect(model).toEqual({ user_models: [], additional_context: ['Speaks loudly.'] });
    const conversation = await tenant.client(id).begin();
    const stub = testEnv.CONVERSATION.getByName(`${tenant.id}/${conversation.id}`);
    const { runInDurableObject } = await import('cloudflare:test');
    const identity = await runInDurableObject(stub, (_instance, { storage }) =>
      storage.sql.exec<{ identity: string }>('SELECT identity FROM conversation').one(),
    );
    expect(JSON.parse(identity.identity)).toMatchObject({ user_model: 'Speaks loudly.' });
  });
});

describe('variables', () => {
  it('are set, hidden and removed in one request, or none of them is', async () => {
    const id = await created({ nonsensitive_user_variables: { city: 'Bath', kind: 'new' } });
    const path = `/user/${id}/variable`;
    const upserts = [
      { name: 'city', value: 'York', is_secret: false },
      { name: 'kind', value: 'x', is_secret: true },
    ];
    expect((await admin.post(path, { upserts })).status).toBe(204);
    const shown = async () => {
      const user = await found(id);
      return [user?.nonsensitive_variables, user?.sensitive_variables];
    };
    expect(await shown()).toEqual([{ city: 'York' }, ['kind']]);
    const missing = await admin.post(path, { upserts: [], deletes: [{ name: 'city' }, { name: 'nothing' }] });
    expect(await codeOf(missing)).toEqual([400, 'variable_not_found']);
    expect(await shown()).toEqual([{ city: 'York' }, ['kind']]);
    const many = Array.from({ length: 20 }, (_, index) => ({
      name: `v${index}`,
      value: 'x',
      is_secret: false,
    }));
    expect(await codeOf(await admin.post(path, { upserts: many }))).toEqual([400, 'quota_reached']);
    expect((await admin.post(path, { upserts: many, deletes: [{ name: 'city' }] })).status).toBe(204);
  });
});

describe('a deletion', () => {
  it('is refused for the last administrator, and made for one of two', async () => {
    const other = await Tenant.publish();
    const path = `/user/${ADMIN}`;
    expect(await codeOf(await other.administrator.request(path, { method: 'DELETE' }))).toEqual([
      400,
      'last_administrator',
    ]);
    const second = await other.user({ role: 'DefaultAdministratorRole' });
    await second.get(`/user/?user_id=${second.userId}`);
    expect((await other.administrator.request(path, { method: 'DELETE' })).status).toBe(204);
  });

  it('leaves what the user stated about their conversations', async () => {
    const user = tenant.client(await created());
    const { id } = await user.begin();
    await user.post(`/user/${user.userId}`, { conversations_visible_to_admins: false });
    await admin.request(`/user/${user.userId}`, { method: 'DELETE' });
    expect((await admin.request(`/conversation/${id}/messages/`)).status).toBe(404);
  });
});

describe('a list of users', () => {
  it('goes through all of them by pages, and in an order', async () => {
    const own = await Tenant.publish();
    for (const [first_name, email] of [
      ['Zoe', 'a@x.org'],
      ['Ann', 'c@x.org'],
      ['Meg', 'b@x.org'],
    ]) {
      await created({ first_name, email }, own.administrator);
    }
    const pages = async (query: string) => {
      const seen: string[] = [];
      let token: number | null = 0;
      while (token !== null) {
        const path: string = `/user/?limit=2&continuation_token=${token}${query}`;
        const page: Page = await own.administrator.get<Page>(path);
        expect(page.has_more).toBe(page.continuation_token !== null);
        seen.push(...page.users.map(({ first_name }) => first_name));
        token = page.continuation_token;
      }
      return seen;
    };
    const made = ['Ada', 'Alice', 'Bob', 'Nobody', 'Zoe', 'Ann', 'Meg'];
    expect(await pages('')).toEqual(made);
    expect(await pages('&sort_by=%2Bfirst_name')).toEqual([...made].sort((a, b) => (a < b ? -1 : 1)));
    expect(await pages('&sort_by=-email')).toEqual(['Ann', 'Meg', 'Zoe', 'Ada', 'Alice', 'Bob', 'Nobody']);
  });

  it('is in the order of what users did, where that is asked for', async () => {
    const own = await Tenant.publish();
    await own.client(BOB).begin();
    const { users } = await own.administrator.get<Page>(
      '/user/?limit=2&sort_by=-user_stats.num_conversations',
    );
    expect(users[0]?.user_id).toBe(BOB);
  });

  it('shows the users that the caller may see', async () => {
    const mine = await tenant.client(ALICE).get<Page>('/user/');
    expect(mine.users.map(({ user_id }) => user_id)).toEqual([ALICE]);
    expect((await tenant.client(NOBODY).get<Page>('/user/')).users).toEqual([]);
    expect((await tenant.client(ALICE).get<Page>(`/user/?user_id=${BOB}`)).users).toEqual([]);
  });

  it('finds a text in names and addresses, whatever its case and marks, and takes no sign for a pattern', async () => {
    const id = await created({ first_name: 'Zoë', last_name: 'Ångström_100%', email: 'zz@x.org' });
    const search = async (query: string) => {
      const { users } = await admin.get<Page>(`/user/search/?query=${encodeURIComponent(query)}`);
      return users.map(({ user_id }) => user_id);
    };
    for (const query of ['zoe', 'ZOË', 'angstrom', 'ZZ@X', '_100%'])
      expect([query, await search(query)]).toEqual([query, [id]]);
    for (const query of ['z%e', 'z_e', '%', "' OR 1=1"]) {
      expect([query, (await search(query)).includes(id)]).toEqual([query, query === '%']);
    }
  });
});

describe('what is remembered about a user', () => {
  const remembered = async (id: string) => {
    const memory = testEnv.MEMORY.getByName(`${tenant.id}/${id}`);
    for (const [index, conversation] of ['1', '2', '3'].entries()) {
      await memory.learn(conversation.repeat(24), [{ text: `Fact ${index}.`, message_ids: [`m${index}`] }]);
    }
    await memory.setModel('1'.repeat(24), 'Likes tea.');
  };
  type Memories = {
    memories: { id: string; content: string; conversation_id: string }[];
    has_more: boolean;
    continuation_token: number | null;
  };

  it('is shown with its references, by pages and by filters', async () => {
    const id = await created();
    await remembered(id);
    const all = await admin.get<Memories>(`/user/${id}/memory`);
    expect(all.memories.map(({ content }) => content)).toEqual(['Fact 2.', 'Fact 1.', 'Fact 0.']);
    expect(all).toMatchObject({
      memories: [{ conversation_id: '3'.repeat(24), references: ['m2'], context: '' }, {}, {}],
      has_more: false,
      continuation_token: null,
    });
    const one = await admin.get<Memories>(`/user/${id}/memory?id=${all.memories[1]?.id}`);
    expect(one.memories.map(({ content }) => content)).toEqual(['Fact 1.']);
    const other = all.memories[1]!.id.replace(/^./, '0');
    expect((await admin.get<Memories>(`/user/${id}/memory?id=${other}`)).memories).toEqual([]);
    const sorted = await admin.get<Memories>(`/user/${id}/memory?sort_by=%2Bconversation_id&limit=2`);
    expect([sorted.memories.map(({ content }) => content), sorted.continuation_token]).toEqual([
      ['Fact 0.', 'Fact 1.'],
      2,
    ]);
    const model = await admin.get(`/user/${id}/user_model`);
    expect(model).toEqual({
      user_models: [{ content: 'Likes tea.', insight_ids: [], dimensions: [] }],
      additional_context: [],
    });
  });

  it('is kept from those who may not see it, who do not learn whether there is such a user', async () => {
    const id = await created();
    await remembered(id);
    const alice = tenant.client(ALICE);
    for (const user of [id, '0'.repeat(24)]) {
      expect(await codeOf(await alice.request(`/user/${user}/user_model`))).toEqual([
        403,
        'permission_missing',
      ]);
      expect((await alice.get<Memories>(`/user/${user}/memory`)).memories).toEqual([]);
    }
    await tenant.client(id).post(`/user/${id}`, {
      user_model_visible_to_admins: false,
      conversations_visible_to_admins: false,
    });
    expect(await codeOf(await admin.request(`/user/${id}/user_model`))).toEqual([403, 'permission_missing']);
    expect((await admin.get<Memories>(`/user/${id}/memory`)).memories).toEqual([]);
    expect((await tenant.client(id).get<Memories>(`/user/${id}/memory`)).memories).toHaveLength(3);
  });

  it.each(['user_model', 'memory'])('answers 404 for a user who does not exist (%s)', async (path) => {
    const response = await admin.request(`/user/non-existent-id/${path}`);
    expect(await codeOf(response)).toEqual([404, 'user_not_found']);
  });
});

describe('the headers of a change', () => {
  it('let it be repeated, and keep a caller from overwriting what they have not seen', async () => {
    const headers = { 'idempotency-key': 'once', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(nell()) };
    const first = await admin.request('/user/', init);
    const again = await admin.request('/user/', init);
    expect(await again.json()).toEqual(await first.json());
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await admin.request('/user/', { ...init, body: JSON.stringify(nell()) });
    expect(await codeOf(other)).toEqual([422, 'idempotency_key_reused']);
    const seen = first.headers.get('x-registry-revision') ?? '';
    const update = (match: string) =>
      admin.request(`/user/${ALICE}`, {
        method: 'POST',
        headers: { 'if-match': match, 'content-type': 'application/json' },
        body: '{"first_name":"Alix"}',
      });
    expect((await update(`"${seen}"`)).status).toBe(204);
    expect(await codeOf(await update(seen))).toEqual([412, 'revision_outdated']);
    expect((await update('*')).status).toBe(204);
    expect(await codeOf(await update('"abc"'))).toEqual([422, 'request_invalid']);
  });

  it('refuse a key that is none', async () => {
    for (const key of ['', 'ä', 'x'.repeat(256)]) {
      const headers = { 'idempotency-key': key, 'content-type': 'application/json' };
      const response = await admin.request('/user/', {
        method: 'POST',
        headers,
        body: JSON.stringify(nell()),
      });
      expect([key.length, ...(await codeOf(response))]).toEqual([key.length, 400, 'idempotency_key_invalid']);
    }
  });
});

it('refuses the token of a user who was deleted', async () => {
  const id = await created();
  const { id_token } = await issueToken(
    testEnv.SIGNING_KEYS,
    { organization: tenant.id, user_id: id },
    Date.now(),
  );
  await admin.request(`/user/${id}`, { method: 'DELETE' });
  const guest = new Client(id, tenant.id, { authorization: `Bearer ${id_token}` });
  expect(await codeOf(await guest.request('/service/'))).toEqual([401, 'credentials_invalid']);
});
