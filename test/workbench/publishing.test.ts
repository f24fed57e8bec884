/** Publishing to a developer's server: what it checks, what it serves at once, and what open conversations keep. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { hashApiKey } from '../../src/registry/publish.ts';
import {
  actionState,
  ADMIN,
  ALICE,
  OTHER_SERVICE,
  SERVICE,
  testOrganization,
} from '../support/organization.ts';
import {
  asked,
  begin,
  create,
  DEVELOPMENT,
  PRODUCTION,
  refusal,
  say,
  send,
  SWITCHED_ON,
  tokenOf,
} from './support.ts';

interface Answer {
  revision: string | null;
  changes: { kind: string; what: string; details: string[] }[];
  notes: string[];
}

let count = 0;
/** The file of an organization that no other test has. */
let file: OrganizationFile;
let organization = '';

beforeEach(async () => {
  count += 1;
  organization = `published-${count}`;
  const base = testOrganization(await hashApiKey(`key-${count}`));
  const editor = { org_id: organization, user_id: base.users[0]?.id ?? '' };
  file = {
    ...base,
    organization: { ...base.organization, id: organization },
    services: base.services.map((service) => ({ ...service, creator: editor, updated_by: editor })),
  };
});

afterEach(() => {
  vi.restoreAllMocks();
});

function publish(input: unknown, query = '', type = 'application/json'): Promise<Response> {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  return send(`/publish${query}`, { method: 'POST', body, headers: { 'content-type': type } });
}

async function published(input: unknown, query = ''): Promise<Answer> {
  const response = await publish(input, query);
  expect(response.status).toBe(200);
  return response.json<Answer>();
}

/** The file with other words in the state where fruit is sold. */
function selling(words: string): OrganizationFile {
  const graphs = file.graphs.map((graph) => ({
    ...graph,
    states: graph.states.map((state) =>
      state.name === 'sell_pears'
        ? actionState('sell_pears', [`Ask: "${words}"`], [['The user has given a number', 'goodbye']])
        : state,
    ),
  }));
  return { ...file, graphs };
}

const revision = async (known?: string): Promise<string | null> => {
  const query = new URLSearchParams({ organization, ...(known !== undefined && { known }) });
  return (await (await send(`/revision?${query.toString()}`)).json<{ revision: string | null }>()).revision;
};

describe('publishing', () => {
  it('exists in development alone', async () => {
    for (const env of [PRODUCTION, SWITCHED_ON]) {
      const sent = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' }, env };
      expect(await refusal(send('/publish', sent))).toEqual([404, 'path_not_found']);
      expect(await refusal(send('/revision?organization=riverside-clinic', { env }))).toEqual([
        404,
        'path_not_found',
      ]);
    }
    expect(DEVELOPMENT.DEVELOPMENT).toBe('true');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'takes no body of the type %j, which a page of another site could send',
    async (type) => {
      expect(await refusal(publish(file, '', type))).toEqual([422, 'request_invalid']);
      expect(await revision()).toBeNull();
    },
  );

  it('serves what is new at once', async () => {
    await published(file);
    const token = await tokenOf(ALICE, organization);
    const graphs = async () =>
      (await send(`/${organization}/services/${SERVICE}/graphs?version_set=edge`, { token })).json<{
        root: [string, number];
      }>();
    expect((await graphs()).root[1]).toBe(1);
    const { notes } = await published(selling('How many sweet pears?'));
    expect(notes).toEqual(['graphs[Fruit stall]: version 1 of the file is version 2']);
    expect((await graphs()).root[1]).toBe(2);
  });

  it('names what is wrong, by its place, and changes nothing', async () => {
    await published(file);
    const before = await revision();
    const broken = structuredClone(file) as unknown as {
      users: { role: string }[];
      agents: { background?: string }[];
    };
    (broken.users[1] ?? { role: '' }).role = 'Boss';
    delete broken.agents[0]?.background;
    const response = await publish(broken);
    expect(response.status).toBe(422);
    expect((await response.json<{ errors: unknown }>()).errors).toEqual([
      { loc: ['body'], msg: 'agents[Finn #0].background: is missing: must be a text', type: 'value_error' },
      { loc: ['body'], msg: 'users[Alice Apple].role: there is no role "Boss"', type: 'value_error' },
    ]);
    expect(await revision()).toBe(before);
  });

  it.each(['{"organization": ', '', '{"users": [], "users": []}'])('refuses the text %j', async (text) => {
    expect(await refusal(publish(text))).toEqual([422, 'request_invalid']);
  });

  it('lists a hundred errors and counts them all', async () => {
    const users = Array.from({ length: 150 }, (_, index) => ({ id: String(index), name: 'x' }));
    const response = await publish({ ...file, users });
    const { errors, error_count } = await response.json<{ errors: unknown[]; error_count: number }>();
    expect(errors).toHaveLength(100);
    expect(error_count).toBeGreaterThanOrEqual(150);
  });

  it('refuses other content under a number where no numbers are given', async () => {
    await published(file);
    const answer = await published(selling('How many?!'), '?bump=false');
    expect(answer.revision).toBeNull();
    expect(answer.changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'refuse graphs[Fruit stall v1]',
    ]);
  });
});

describe('the revision', () => {
  it('changes with what is published, and with nothing else', async () => {
    const first = (await published(file)).revision;
    expect(await revision()).toBe(first);
    expect((await published(file)).revision).toBe(first);
    const second = (await published(selling('How many, please?'))).revision;
    expect(second).not.toBe(first);
    expect(await revision('something else')).toBe(second);
  });

  it('is told to who knows it as soon as there is another', async () => {
    const first = (await published(file)).revision ?? '';
    const asked = revision(first);
    const second = (await published(selling('How many today?'))).revision;
    expect(await asked).toBe(second);
  });
});

describe('an open conversation', () => {
  it('keeps its graph when a new version is published and its service is removed', async () => {
    await published(file);
    const id = await begin(organization, ALICE);
    const { services } = selling('How many of our best pears?');
    const { changes } = await published({
      ...selling('How many of our best pears?'),
      services: services.filter((service) => service.id !== SERVICE),
    });
    expect(changes.map(({ kind, what }) => `${kind} ${what}`)).toContain('remove services[Stall]');
    expect(await say(organization, ALICE, id, 'Pears, please')).toBe('How many pears?');
  });

  it('takes its tools from what stays when the file has them no more', async () => {
    const tool = {
      id: 'f'.repeat(24),
      name: 'stock',
      versions: [{ version: '1.0', description: 'What is there.', url: 'http://localhost:1/stock' }],
    };
    const [graph] = file.graphs;
    if (graph === undefined) throw new Error('There is no graph.');
    const states = graph.states.map((state) =>
      state.name === 'sell_pears'
        ? {
            type: 'tool-call',
            name: 'sell_pears',
            next_state: 'count_pears',
            designated_tool: { tool_id: tool.id },
            designated_tool_call_objective: 'Look.',
          }
        : state,
    );
    const count_pears = actionState(
      'count_pears',
      ['Ask: "How many of them?"'],
      [['The user has given a number', 'goodbye']],
    );
    await published({ ...file, tools: [tool], graphs: [{ ...graph, states: [...states, count_pears] }] });
    const id = await begin(organization, ALICE);
    const { changes } = await published(file);
    expect(changes).toContainEqual({
      kind: 'keep',
      what: 'tools[stock].versions[1.0]',
      details: ['stays for an earlier graph that calls it'],
    });
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('Twelve pears.'));
    expect(await say(organization, ALICE, id, 'Pears, please')).toBe('How many of them?');
    expect(fetched).toHaveBeenCalledOnce();
  });

  it('is not begun with a service that is removed', async () => {
    await published(file);
    await published({ ...file, services: file.services.filter(({ id }) => id === OTHER_SERVICE) });
    expect(await refusal(create(organization, ALICE))).toEqual([404, 'service_not_found']);
  });
});

describe('a user that the file lacks', () => {
  it('signs in no more, and what they kept from administrators stays kept', async () => {
    const preferences = { conversations_visible_to_admins: false };
    const users = file.users.map((user) => (user.id === ALICE ? { ...user, preferences } : user));
    await published({ ...file, users });
    const id = await begin(organization, ALICE);
    await published({ ...file, users: users.filter((user) => user.id !== ALICE) });
    expect(await refusal(create(organization, ALICE))).toEqual([401, 'credentials_invalid']);
    const seen = (path: string) => asked(organization, ADMIN, path);
    expect(await (await seen('/?is_finished=false')).json()).toMatchObject({ conversations: [] });
    expect(await refusal(seen(`/${id}/messages/`))).toEqual([404, 'conversation_not_found']);
    const { organizations } = await (
      await send('/identities')
    ).json<{
      organizations: { id: string; users: { id: string }[] }[];
    }>();
    const own = organizations.find((listed) => listed.id === organization);
    expect(own?.users.map((user) => user.id)).not.toContain(ALICE);
    expect(own?.users).toHaveLength(users.length - 1);
  });
});
