/**
 * Requests of published clients, in the order in which they send them: the methods of the SDKs, whose bodies leave out what is
 * null, and the tools of the MCP server, which send back what a list has answered.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { parseLines, type Client } from '../../support/client.ts';
import { Tenant } from '../../support/tenant.ts';
import { graphContent } from '../../edge/requests.ts';

const AGENTS = '/organization/agent';
const GRAPHS = '/organization/service_hierarchical_state_machine';

/** The requests of the methods of the SDKs, by resource and method. */
const METHODS: [method: string, verb: string, path: string][] = [
  ['organization.get', 'get', '/organization/'],
  ['agents.create_agent', 'post', AGENTS],
  ['agents.get_agents', 'get', AGENTS],
  ['agents.delete_agent', 'delete', `${AGENTS}/{}/`],
  ['agents.create_agent_version', 'post', `${AGENTS}/{}/`],
  ['agents.get_agent_versions', 'get', `${AGENTS}/{}/version`],
  ['context_graphs.create_context_graph', 'post', GRAPHS],
  ['context_graphs.get_context_graphs', 'get', GRAPHS],
  ['context_graphs.create_context_graph_version', 'post', `${GRAPHS}/{}/`],
  ['context_graphs.delete_context_graph', 'delete', `${GRAPHS}/{}/`],
  ['context_graphs.get_context_graph_versions', 'get', `${GRAPHS}/{}/version`],
  ['services.get_services', 'get', '/service/'],
  ['roles.get_roles', 'get', '/role/'],
  ['roles.create_role', 'post', '/role/'],
  ['users.get_users', 'get', '/user/'],
  ['users.create_user', 'post', '/user/'],
  ['users.delete_user', 'delete', '/user/{}'],
  ['users.update_user', 'post', '/user/{}'],
  ['users.get_user_model', 'get', '/user/{}/user_model'],
  ['auth.sign_in_with_api_key', 'post', '/user/signin_with_api_key'],
  ['conversations.create_conversation', 'post', '/conversation/'],
  ['conversations.interact_with_conversation', 'post', '/conversation/{}/interact'],
  ['conversations.get_conversations', 'get', '/conversation/'],
  ['conversations.get_conversation_messages', 'get', '/conversation/{}/messages/'],
  ['conversations.finish_conversation', 'post', '/conversation/{}/finish/'],
  [
    'conversations.recommend_responses_for_interaction',
    'post',
    '/conversation/{}/interaction/{}/recommend_responses',
  ],
  ['conversations.get_interaction_insights', 'get', '/conversation/{}/interaction/{}/insights'],
  ['conversations.get_message_source', 'get', '/conversation/{}/messages/{}/source'],
  ['conversations.generate_conversation_starters', 'post', '/conversation/conversation_starter'],
  ['conversations.modify_tags', 'post', '/conversation/{}/tags/'],
];

describe('a method of the SDKs', () => {
  it.each(METHODS)('%s has an operation', (_method, verb, path) => {
    const fits = OPERATIONS.filter(
      (operation) =>
        operation.method === verb &&
        operation.path.replace('/v1/{organization}', '').replaceAll(/\{\w+\}/g, '{}') === path,
    );
    expect(fits).toHaveLength(1);
  });
});

/** Removes members that are null or undefined, at every depth, as the Python client does before it sends a body. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member == null ? [] : [[key, withoutNulls(member)]])),
  );
}

const AGENT_CONTENT = {
  initials: 'DP',
  identity: {
    name: 'Dr. Pear',
    role: 'Adviser',
    developed_by: 'The shop',
    default_spoken_language: 'eng',
    relationship_to_developer: {
      ownership: 'The shop.',
      type: 'assistant',
      conversation_visibility: 'The shop sees conversations.',
      thought_visibility: 'The shop sees no thoughts.',
    },
  },
  background: 'Knows pears.',
  behaviors: ['Is brief.'],
  communication_patterns: ['Short sentences.'],
  voice_config: null,
};

let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  const names = OPERATIONS.filter(({ rateLimit }) => rateLimit !== null).map(({ id }) => id);
  tenant = await Tenant.publish({ rate_limits: Object.fromEntries(names.map((name) => [name, 1_000])) });
  admin = tenant.administrator;
});

async function sent<T = Record<string, unknown>>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const response = await admin.request(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'x-amigo-application': 'forge' },
  });
  const text = await response.text();
  expect([response.status < 300, text]).toEqual([true, text]);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

const posted = <T>(path: string, body: unknown) => sent<T>(path, withoutNulls(body));

async function removed(path: string): Promise<number> {
  return (await admin.request(path, { method: 'DELETE' })).status;
}

/** Reads a whole list, page by page, as the MCP server does. */
async function paginated(path: string, key: string, limit = 2): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let token = 0;
  let hasMore = true;
  while (hasMore) {
    const query = new URLSearchParams({ limit: String(limit), continuation_token: String(token) }).toString();
    const page = await admin.get<Record<string, unknown>>(`${path}?${query}`);
    items.push(...(page[key] as Record<string, unknown>[]));
    hasMore = page.has_more === true;
    token = Number(page.continuation_token);
  }
  return items;
}

/** Makes an agent, a graph with a version of each, and a service of them. */
async function made(name: string) {
  const agent = (await posted<{ id: string }>(AGENTS, { agent_name: name })).id;
  const graph = (await posted<{ id: string }>(GRAPHS, { state_machine_name: name })).id;
  await posted(`${AGENTS}/${agent}/`, AGENT_CONTENT);
  await posted(`${GRAPHS}/${graph}/`, graphContent());
  const service = (
    await posted<{ id: string }>('/service/', {
      service_hierarchical_state_machine_id: graph,
      agent_id: agent,
      name,
      description: 'Of a test.',
      is_active: true,
      keyterms: [],
      tags: {},
      release_version_set: null,
    })
  ).id;
  return { agent, graph, service };
}

async function setsOf(service: string): Promise<Record<string, Record<string, unknown>>> {
  const services = await paginated('/service/', 'services');
  return services.find(({ id }) => id === service)?.version_sets as Record<string, Record<string, unknown>>;
}

describe('an SDK', () => {
  it('makes, changes, lists and removes agents and graphs with bodies that leave out what is null', async () => {
    const { agent, graph } = await made('SDK');
    const second = await posted<{ version: number }>(`${AGENTS}/${agent}/?version=2`, {
      background: 'Knows figs.',
    });
    const other = await posted<{ version: number }>(`${GRAPHS}/${graph}/?version=2`, {
      ...graphContent(),
      description: 'Other.',
    });
    expect([second.version, other.version]).toEqual([2, 2]);
    const { agent_versions } = await admin.get<{ agent_versions: unknown[] }>(`${AGENTS}/${agent}/version`);
    expect(agent_versions).toHaveLength(2);
    expect((await paginated(AGENTS, 'agents')).map(({ id }) => id)).toContain(agent);
    const unused = (await posted<{ id: string }>(AGENTS, { agent_name: 'Unused' })).id;
    expect(await removed(`${AGENTS}/${unused}/`)).toBe(200);
  });

  it('invites, changes, lists and deletes a user, and makes a role', async () => {
    const invited = await posted<{ user_id: string }>('/user/', {
      first_name: 'Ina',
      last_name: 'Invited',
      email: 'ina@example.com',
      role_name: 'DefaultUserRole',
      login_link: null,
      user_preferences: null,
    });
    await posted(`/user/${invited.user_id}`, { first_name: 'Inga', preferred_language: {}, timezone: {} });
    const { users } = await admin.get<{ users: Record<string, unknown>[] }>(
      `/user/?user_id=${invited.user_id}`,
    );
    expect(users).toMatchObject([{ first_name: 'Inga', last_name: 'Invited' }]);
    expect(await admin.get(`/user/${invited.user_id}/user_model`)).toEqual({
      user_models: [],
      additional_context: [],
    });
    expect(await removed(`/user/${invited.user_id}`)).toBe(204);
    await posted('/role/', {
      role_name: 'Reader',
      description: 'Reads.',
      permission_grants: [],
      frontend_view: 'client',
    });
    const { roles } = await admin.get<{ roles: { role_name: string }[] }>('/role/');
    expect(JSON.stringify(roles)).toContain('Reader');
  });
});

describe('the MCP server', () => {
  it('lists agents, graphs and services with identifiers and names, and gets one by its identifier', async () => {
    const ids = await made('MCP list');
    for (const [path, key, id] of [
      [AGENTS, 'agents', ids.agent],
      [GRAPHS, 'service_hierarchical_state_machines', ids.graph],
      ['/service/', 'services', ids.service],
    ] as const) {
      const all = await paginated(path, key);
      expect(all.find((item) => item.id === id)?.name).toBe('MCP list');
      const one = await admin.get<Record<string, unknown[]>>(`${path}?id=${id}&limit=1`);
      expect(one[key]).toMatchObject([{ id, name: 'MCP list' }]);
    }
    expect(await admin.get('/organization/user_dimensions/')).toHaveProperty('user_dimensions');
  });

  it('pins one number or both of a version set, or the latest, and promotes a set to another', async () => {
    const { agent, service } = await made('MCP sets');
    await posted(`${AGENTS}/${agent}/`, { background: 'Knows plums.' });
    const path = (name: string) => `/service/${service}/version_sets/${name}/`;
    const upsert = (name: string, version_set: unknown) => sent(path(name), { version_set }, 'PUT');
    await upsert('preview', { llm_model_preferences: {}, agent_version_number: 1 });
    expect((await setsOf(service)).preview).toMatchObject({
      agent_version_number: 1,
      service_hierarchical_state_machine_version_number: null,
    });
    await upsert('preview', {
      llm_model_preferences: {},
      service_hierarchical_state_machine_version_number: 1,
    });
    expect((await setsOf(service)).preview).toMatchObject({
      agent_version_number: null,
      service_hierarchical_state_machine_version_number: 1,
    });
    // Promotion sends back what the list answered.
    const { preview } = await setsOf(service);
    await upsert('release', { ...preview, llm_model_preferences: preview?.llm_model_preferences ?? {} });
    expect((await setsOf(service)).release).toEqual(preview);
    await upsert('preview', {
      llm_model_preferences: {},
      agent_version_number: null,
      service_hierarchical_state_machine_version_number: null,
    });
    expect((await setsOf(service)).preview).toMatchObject({ agent_version_number: null });
    expect(await removed(path('preview'))).toBe(204);
  });

  it('rolls an agent and a graph back by sending an old version as a list answered it', async () => {
    const { agent, graph, service } = await made('MCP rollback');
    await posted(`${AGENTS}/${agent}/`, { background: 'Knows plums.' });
    await posted(`${GRAPHS}/${graph}/`, { ...graphContent(), description: 'Second.' });
    for (const [path, key] of [
      [`${AGENTS}/${agent}`, 'agent_versions'],
      [`${GRAPHS}/${graph}`, 'state_machine_versions'],
    ] as const) {
      const versions = await admin.get<Record<string, Record<string, unknown>[]>>(
        `${path}/version?version=1&limit=1`,
      );
      const first = versions[key]?.[0] ?? {};
      expect(first.version).toBe(1);
      expect(await sent(`${path}/`, first)).toMatchObject({ version: 3 });
      const third = await admin.get<Record<string, Record<string, unknown>[]>>(
        `${path}/version?version=3&limit=1`,
      );
      const { version: _version, created_at: _at, ...content } = third[key]?.[0] ?? {};
      expect(first).toMatchObject(content);
    }
    const begun = await admin.create({ service_id: service, service_version_set_name: 'edge' });
    expect(parseLines(await begun.text()).at(-1)).toMatchObject({
      full_message: expect.stringContaining('ello') as string,
    });
  });

  it('updates a service, and retires what no active service uses', async () => {
    const { agent, graph, service } = await made('MCP retire');
    const inUse = await admin.request(`${AGENTS}/${agent}/`, { method: 'DELETE' });
    expect([inUse.status, (await inUse.json<{ code: string }>()).code]).toEqual([400, 'agent_in_use']);
    await sent(`/service/${service}/`, { is_active: false });
    expect([await removed(`${AGENTS}/${agent}/`), await removed(`${GRAPHS}/${graph}/`)]).toEqual([200, 200]);
  });
});
