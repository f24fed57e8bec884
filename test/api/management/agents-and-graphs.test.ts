/** Agents and context graphs over the API: from the name to a conversation that speaks with the new versions. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseLines, type Client } from '../../support/client.ts';
import { ADMIN, AGENT, ALICE, GRAPH, NOBODY } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';
import { graphContent } from '../../edge/requests.ts';

const UNKNOWN = '0'.repeat(24);
const AGENTS = '/organization/agent';
const GRAPHS = '/organization/service_hierarchical_state_machine';

const RELATION = {
  ownership: 'The shop.',
  type: 'assistant',
  conversation_visibility: 'The shop sees conversations.',
  thought_visibility: 'The shop sees no thoughts.',
};
const IDENTITY = {
  name: 'Dr. Pear',
  role: 'Adviser',
  developed_by: 'The shop',
  default_spoken_language: 'eng',
  relationship_to_developer: RELATION,
};
const FIRST = {
  initials: 'DP',
  identity: IDENTITY,
  background: 'Knows pears.',
  behaviors: ['Is brief.'],
  communication_patterns: ['Short sentences.'],
};

let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  tenant = await Tenant.publish({ rate_limits: generous() });
  admin = tenant.administrator;
});

function generous(): Record<string, number> {
  const graph = 'service-hierarchical-state-machine';
  const names = [...both('agent'), ...both(graph), 'create-service', 'update-service', 'create-conversation'];
  return Object.fromEntries(names.map((name) => [name, 1_000]));
}

function both(kind: string): string[] {
  return [
    `create-${kind}`,
    `create-${kind}-version`,
    `delete-${kind}`,
    `get-${kind}s`,
    `get-${kind}-versions`,
  ];
}

async function codeOf(response: Response): Promise<[number, string | null]> {
  const { code = null } = response.ok ? { code: null } : await response.json<{ code?: string }>();
  return [response.status, code];
}

async function created(path: string, body: unknown): Promise<string> {
  const response = await admin.post(path, body);
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
}

const newAgent = (agent_name: string) => created(AGENTS, { agent_name });
const newGraph = (state_machine_name: string) => created(GRAPHS, { state_machine_name });

function remove(path: string): Promise<Response> {
  return admin.request(path, { method: 'DELETE' });
}

interface Versions<Name extends string> extends Record<string, unknown> {
  has_more: boolean;
  continuation_token: number | null;
  list: Name;
}

async function versions(path: string, query = ''): Promise<[number[], Versions<string>]> {
  const answer = await admin.get<Versions<string>>(`${path}/version${query}`);
  const list = (answer.agent_versions ?? answer.state_machine_versions) as { version: number }[];
  return [list.map(({ version }) => version), answer];
}

describe('an agent', () => {
  it('is listed at once with its name and without a version, and cannot be used before it has one', async () => {
    const id = await newAgent('Pear adviser');
    const { agents } = await admin.get<{ agents: unknown[] }>(`${AGENTS}?id=${id}`);
    expect(agents).toEqual([{ id, name: 'Pear adviser', deprecated: false, latest_version: null }]);
    const refused = await admin.post('/service/', serviceOf(id, GRAPH, 'Too early'));
    expect(await codeOf(refused)).toEqual([400, 'service_invalid']);
    const unknown = await admin.post('/service/', serviceOf(UNKNOWN, GRAPH, 'Unknown'));
    expect(await codeOf(unknown)).toEqual([404, 'agent_not_found']);
  });

  it('needs every field in its first version, and later those that change', async () => {
    const id = await newAgent('Plum adviser');
    for (const field of Object.keys(FIRST)) {
      const response = await admin.post(`${AGENTS}/${id}/`, { ...FIRST, [field]: null });
      expect([field, ...(await codeOf(response))]).toEqual([field, 400, 'agent_incomplete']);
    }
    const first = await admin.post(`${AGENTS}/${id}/?version=1`, FIRST);
    expect(first.status).toBe(201);
    const answer = await first.json<{ version: number; created_at: string }>();
    expect(answer.version).toBe(1);
    expect(Date.parse(answer.created_at)).not.toBeNaN();
    expect((await admin.post(`${AGENTS}/${id}/`, { behaviors: ['Is kind.'] })).status).toBe(201);
    const { agent_versions } = await admin.get<{ agent_versions: unknown[] }>(`${AGENTS}/${id}/version`);
    const stored = {
      org_id: tenant.id,
      agent_id: id,
      voice_config: null,
      ...FIRST,
      created_at: expect.any(String) as string,
      creator: { org_id: tenant.id, user_id: ADMIN },
    };
    expect(agent_versions).toEqual([
      { ...stored, version: 1 },
      { ...stored, version: 2, behaviors: ['Is kind.'] },
    ]);
  });

  it('gets no version that is not the expected one, however many ask for it at once', async () => {
    const id = await newAgent('Fig adviser');
    const path = `${AGENTS}/${id}/`;
    expect(await codeOf(await admin.post(`${path}?version=2`, FIRST))).toEqual([409, 'version_not_next']);
    const answers = await Promise.all([1, 2, 3].map(() => admin.post(`${path}?version=1`, FIRST)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect((await versions(`${AGENTS}/${id}`))[0]).toEqual([1]);
  });

  it.each([
    ['a language that there is not', { ...FIRST, identity: { ...IDENTITY, default_spoken_language: 'zzz' } }],
    ['four initials', { ...FIRST, initials: 'ABCD' }],
    ['an identity without a role', { ...FIRST, identity: { ...IDENTITY, role: undefined } }],
    ['an empty background', { ...FIRST, background: ' ' }],
    ['behaviors that are no list', { ...FIRST, behaviors: 'kind' }],
  ])('is refused with %s', async (_what, body) => {
    const response = await admin.post(`${AGENTS}/${AGENT}/`, body);
    expect(await codeOf(response)).toEqual([422, 'request_invalid']);
  });

  it('from a file is one like the others: with initials, and a relation to its developer', async () => {
    const { agent_versions } = await admin.get<{ agent_versions: Record<string, unknown>[] }>(
      `${AGENTS}/${AGENT}/version?version=latest`,
    );
    expect(agent_versions).toHaveLength(1);
    expect(agent_versions[0]).toMatchObject({
      agent_id: AGENT,
      initials: expect.stringMatching(/^\S{1,3}$/) as string,
      creator: { org_id: tenant.id, user_id: UNKNOWN },
    });
  });
});

describe.each([
  ['an agent', AGENTS, 'agent_name', 'agent', FIRST],
  ['a state machine', GRAPHS, 'state_machine_name', 'graph', graphContent()],
] as const)('the versions and the name of %s', (_what, path, field, kind, content) => {
  const make = (name: string) => created(path, { [field]: name });

  it('are unique: a name that another one has is refused until that is deleted', async () => {
    const id = await make('One name');
    expect(await codeOf(await admin.post(path, { [field]: 'One name' }))).toEqual([409, `${kind}_exists`]);
    expect((await remove(`${path}/${id}/`)).status).toBe(200);
    expect((await admin.post(path, { [field]: 'One name' })).status).toBe(201);
  });

  it('are listed by number, range, order and page', async () => {
    const id = await make('Many versions');
    for (let count = 0; count < 4; count += 1) await admin.post(`${path}/${id}/`, content);
    const own = `${path}/${id}`;
    expect((await versions(own))[0]).toEqual([1, 2, 3, 4]);
    expect((await versions(own, '?version=2'))[0]).toEqual([2]);
    expect((await versions(own, '?version=latest'))[0]).toEqual([4]);
    expect((await versions(own, '?version=3-latest'))[0]).toEqual([3, 4]);
    expect((await versions(own, '?version=2-3&sort_by=-version'))[0]).toEqual([3, 2]);
    expect((await versions(own, '?version=9'))[0]).toEqual([]);
    const [first, page] = await versions(own, '?limit=3');
    expect([first, page.has_more]).toEqual([[1, 2, 3], true]);
    const [rest, last] = await versions(own, `?limit=3&continuation_token=${page.continuation_token}`);
    expect([rest, last.has_more, last.continuation_token]).toEqual([[4], false, null]);
    for (const range of ['0', '3-2', 'newest', '1-2-3', '-1']) {
      const response = await admin.request(`${own}/version?version=${range}`);
      expect([range, ...(await codeOf(response))]).toEqual([range, 422, 'request_invalid']);
    }
  });

  it('are not found where there are none', async () => {
    const missing = [404, `${kind}_not_found`];
    const valid = kind === 'agent' ? FIRST : graphContent();
    expect(await codeOf(await admin.post(`${path}/${UNKNOWN}/`, valid))).toEqual(missing);
    expect(await codeOf(await admin.request(`${path}/${UNKNOWN}/version`))).toEqual(missing);
    expect(await codeOf(await remove(`${path}/${UNKNOWN}/`))).toEqual(missing);
  });

  it('stay when it is deleted: it is marked, takes no further version, and is deleted once', async () => {
    const id = await make('Soon gone');
    await admin.post(`${path}/${id}/`, content);
    expect((await remove(`${path}/${id}/`)).status).toBe(200);
    expect(await codeOf(await remove(`${path}/${id}/`))).toEqual([409, `${kind}_deleted`]);
    expect(await codeOf(await admin.post(`${path}/${id}/`, content))).toEqual([409, `${kind}_deleted`]);
    expect((await versions(`${path}/${id}`))[0]).toEqual([1]);
    const ids = async (query: string) => {
      const answer = await admin.get<Record<string, { id: string }[]>>(`${path}?limit=20&${query}`);
      return (answer.agents ?? answer.service_hierarchical_state_machines ?? []).map((each) => each.id);
    };
    expect(await ids('deprecated=true')).toContain(id);
    expect(await ids('deprecated=false')).not.toContain(id);
  });

  it('are listed for those alone who may see them', async () => {
    const nobody = await tenant.client(NOBODY).get<Record<string, unknown>>(path);
    expect(nobody.agents ?? nobody.service_hierarchical_state_machines).toEqual([]);
  });
});

function serviceOf(agent_id: string, graph: string, name: string): Record<string, unknown> {
  return {
    name,
    description: 'Of a test.',
    is_active: true,
    agent_id,
    service_hierarchical_state_machine_id: graph,
    keyterms: [],
    tags: {},
  };
}

describe('a state machine', () => {
  it('is checked by a dry run, which stores nothing and answers null', async () => {
    const id = await newGraph('Dry');
    const response = await admin.post(`${GRAPHS}/${id}/?dry_run=true&version=1`, graphContent());
    expect([response.status, await response.json()]).toEqual([201, null]);
    expect((await versions(`${GRAPHS}/${id}`))[0]).toEqual([]);
    const wrong = await admin.post(`${GRAPHS}/${id}/?dry_run=true&version=7`, graphContent());
    expect(await codeOf(wrong)).toEqual([409, 'version_not_next']);
  });

  it('is shown as it was sent', async () => {
    const id = await newGraph('Shown');
    await admin.post(`${GRAPHS}/${id}/`, graphContent());
    const { state_machine_versions } = await admin.get<{ state_machine_versions: unknown[] }>(
      `${GRAPHS}/${id}/version`,
    );
    expect(state_machine_versions).toEqual([
      {
        org_id: tenant.id,
        service_hierarchical_state_machine_id: id,
        version: 1,
        ...graphContent(),
        created_at: expect.any(String) as string,
        creator: { org_id: tenant.id, user_id: ADMIN },
      },
    ]);
  });

  it.each([false, true])('is refused with all of its errors of form and sense (dry run: %s)', async (dry) => {
    const id = await newGraph(`Wrong ${dry}`);
    const content = graphContent() as { states: Record<string, unknown>[] };
    const [greet = {}, end = {}] = content.states;
    content.states = [
      { ...greet, exit_conditions: [{ description: 'Never.', next_state: 'nowhere' }] },
      { ...end, actions: ['One.', 'Two.'] },
      { type: 'annotation', name: 'thought', next_state: 'end' },
      { ...greet, name: 'alone', exit_conditions: [] },
    ];
    const response = await admin.post(`${GRAPHS}/${id}/?dry_run=${dry}`, content);
    const { code, errors } = await response.json<{ code: string; errors: { loc: unknown[] }[] }>();
    expect([response.status, code]).toEqual([422, 'request_invalid']);
    const places = errors.map(({ loc }) => loc.join('.'));
    expect(places).toEqual(
      expect.arrayContaining([
        'body.states.2.inner_thought',
        'body.states.0.exit_conditions.0.next_state',
        'body.states.1.actions',
        'body.states.3.exit_conditions',
      ]),
    );
  });

  const spec = (tool_id: string) => ({
    tool_id,
    version_constraint: '',
    additional_instruction: 'Use it.',
    audio_fillers: [],
    audio_filler_triggered_after: 1,
    result_persistence: 'persisted',
  });

  it('is refused with the status of what alone is wrong: a tool, or a state machine that it refers to', async () => {
    const id = await newGraph('References');
    const post = (content: unknown) => admin.post(`${GRAPHS}/${id}/?dry_run=true`, content);
    const content = graphContent() as { states: Record<string, unknown>[] };
    const [greet = {}, end = {}] = content.states;
    const withTool = { ...content, states: [{ ...greet, action_tool_call_specs: [spec(UNKNOWN)] }, end] };
    expect(await codeOf(await post(withTool))).toEqual([404, 'tool_not_found']);
    const missing = { ...content, references: { other: [UNKNOWN, 1] } };
    expect(await codeOf(await post(missing))).toEqual([400, 'graph_reference_invalid']);
    const itself = { ...content, references: { other: [id, 1] } };
    expect(await codeOf(await post(itself))).toEqual([400, 'graph_reference_invalid']);
    const other = await newGraph('Referred to');
    await admin.post(`${GRAPHS}/${other}/`, graphContent());
    const referring = {
      ...content,
      references: { other: [other, 1] },
      states: [
        {
          ...greet,
          exit_conditions: [{ description: 'Later.', next_state: ['other.greet', 'end'] }],
        },
        end,
      ],
    };
    expect(await codeOf(await post(referring))).toEqual([201, null]);
    await remove(`${GRAPHS}/${other}/`);
    expect(await codeOf(await post(referring))).toEqual([400, 'graph_reference_invalid']);
  });

  it('is not deleted while an active service uses it, nor is its agent', async () => {
    expect(await codeOf(await remove(`${GRAPHS}/${GRAPH}/`))).toEqual([400, 'graph_in_use']);
    expect(await codeOf(await remove(`${AGENTS}/${AGENT}/`))).toEqual([400, 'agent_in_use']);
  });
});

describe('a service of a new agent and a new state machine', () => {
  it('speaks with their latest versions on edge, and keeps those of release until it is moved', async () => {
    const [agent, graph] = [await newAgent('Service agent'), await newGraph('Service graph')];
    await admin.post(`${AGENTS}/${agent}/`, FIRST);
    await admin.post(`${GRAPHS}/${graph}/`, graphContent());
    const pinned = {
      agent_version_number: 1,
      service_hierarchical_state_machine_version_number: 1,
      llm_model_preferences: {},
    };
    const service = await created('/service/', {
      ...serviceOf(agent, graph, 'New service'),
      release_version_set: pinned,
    });
    await admin.post(`${AGENTS}/${agent}/`, { background: 'Knows plums.' });
    await admin.post(`${GRAPHS}/${graph}/`, { ...graphContent(), description: 'Second.' });
    const versionsOn = async (user: string, set: string) => {
      const client = tenant.client(user);
      const begun = await client.create({ service_id: service, service_version_set_name: set });
      const [event] = parseLines(await begun.text());
      const page = await client.get<{ conversations: { version_set_info: Record<string, unknown> }[] }>(
        `/conversation/?id=${String(event?.conversation_id)}`,
      );
      return page.conversations[0]?.version_set_info;
    };
    expect(await versionsOn(ALICE, 'edge')).toMatchObject({
      agent_version_info: [agent, 2],
      service_hierarchical_state_machine_version_info: [graph, 2],
    });
    expect(await versionsOn(ADMIN, 'release')).toMatchObject({
      agent_version_info: [agent, 1],
      service_hierarchical_state_machine_version_info: [graph, 1],
    });
  });

  it('cannot be activated once its agent is deleted, and may stay inactive', async () => {
    const agent = await newAgent('Retired');
    await admin.post(`${AGENTS}/${agent}/`, FIRST);
    const service = await created('/service/', { ...serviceOf(agent, GRAPH, 'Retired'), is_active: false });
    expect((await remove(`${AGENTS}/${agent}/`)).status).toBe(200);
    const path = `/service/${service}/`;
    expect((await admin.post(path, { description: 'Other.' })).status).toBe(200);
    expect(await codeOf(await admin.post(path, { is_active: true }))).toEqual([400, 'service_invalid']);
    const again = await admin.post('/service/', serviceOf(agent, GRAPH, 'Another'));
    expect(await codeOf(again)).toEqual([400, 'service_invalid']);
  });
});
