/** Changes, refusals and removals of publishing a file, and the order of its writes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { changesOf, RegistryInMemory, STALL_ID } from './registry-in-memory.ts';
import { ID, sampleFile, type Changes } from './sample-file.ts';

let registry: RegistryInMemory;

beforeEach(async () => {
  registry = new RegistryInMemory();
  await registry.publish(sampleFile());
});

const document = (key: string) => registry.documents.get(`org:${STALL_ID}${key}`) as Record<string, unknown>;
const GRAPH_1 = `:graph:${ID.graph}:1`;

describe('publishing a file', () => {
  it('adds everything the first time, and changes nothing when it is repeated', async () => {
    const first = new RegistryInMemory().plan(sampleFile());
    expect(new Set(first.changes.map(({ kind }) => kind))).toEqual(new Set(['add']));
    expect(changesOf(first)).toContain('add services[Stall].version_sets[release]');
    const again = await registry.publish(sampleFile());
    expect([again.changes, again.writes, again.removals, registry.steps]).toEqual([[], [], [], []]);
  });

  it('does not treat another order of members as a change', () => {
    const file = sampleFile();
    const turned = Object.fromEntries(Object.entries(file).reverse());
    const [user] = file.users as object[];
    const users = [
      Object.fromEntries(Object.entries(user ?? {}).reverse()),
      ...(file.users as object[]).slice(1),
    ];
    expect(registry.plan({ ...turned, users }).changes).toEqual([]);
  });

  it('does not treat a new default as a change', () => {
    delete document(`:agent:${ID.agent}:1`).voice_config;
    delete document(GRAPH_1).global_action_guidelines;
    delete document('').tenant_id;
    delete document(`:key:${ID.key}`).expires_at;
    expect(registry.plan(sampleFile()).changes).toEqual([]);
  });

  it.each<[string, Changes, ...string[]]>([
    [
      'a user',
      { 'users.1': { id: ID.nothing, name: 'Nina', role: 'Reader' } },
      'add users[Nina 900000000000000000000009]',
      `remove users[Una User ${ID.user}]`,
    ],
    ['a key', { api_keys: [] }, `remove api_keys[${ID.key}]`],
    [
      'a service',
      {
        services: [],
        'organization.roles.0.permission_grants': [],
        'dynamic_behavior_sets.0.service_ids': [],
      },
      'change organization.roles[Reader]',
      'remove services[Stall]',
      'remove services[Stall].version_sets[release]',
    ],
    ['a metric', { 'metrics.1': undefined }, 'remove metrics[Kind]'],
    [
      'a guest organization',
      { 'organization.guests': [] },
      'remove organization.guests[other-stall as Reader]',
    ],
    [
      'an origin',
      { 'organization.allowed_origins': [] },
      'remove organization.allowed_origins[https://shop.example]',
    ],
    ['a behavior set', { dynamic_behavior_sets: [] }, 'remove dynamic_behavior_sets[Thief]'],
    [
      'a model',
      { 'models.0.fallback': null, 'models.1': undefined },
      'change models[good]',
      'remove models[spare]',
    ],
  ])('removes %s that the file lacks', (_what, changes, ...expected) => {
    const file = sampleFile(changes);
    for (const list of ['metrics', 'models'] as const) file[list] = (file[list] as unknown[]).filter(Boolean);
    const found = changesOf(registry.plan(file, { bump: true }));
    for (const line of expected) expect(found).toContain(line);
  });

  it('removes a version set and a role', async () => {
    const sets = { release: {}, canary: { agent_version_number: 1 } };
    const role = { name: 'Writer', permission_grants: [] };
    await registry.publish(sampleFile({ 'services.0.version_sets': sets, 'organization.roles.1': role }));
    expect(changesOf(registry.plan(sampleFile()))).toEqual([
      'change services[Stall].version_sets[release]',
      'remove organization.roles[Writer]',
      'remove services[Stall].version_sets[canary]',
    ]);
  });

  it('removes the documents of removed users and keys, and no other', async () => {
    registry.documents.set('org:fruit-stall-two:user:1', { id: '1' });
    const users = (sampleFile().users as unknown[]).slice(0, 1);
    await registry.publish(sampleFile({ users, api_keys: [] }));
    expect(registry.steps.filter((step) => step.startsWith('-'))).toEqual([
      `-org:${STALL_ID}:user:${ID.user}`,
      `-org:${STALL_ID}:key:${ID.key}`,
    ]);
    expect(registry.documents.has('org:fruit-stall-two:user:1')).toBe(true);
  });

  it('keeps the stated preferences of a removed user, and nothing else', async () => {
    const preferences = { conversations_visible_to_admins: false };
    await registry.publish(sampleFile({ 'users.1.preferences': preferences }));
    const users = (sampleFile().users as unknown[]).slice(0, 1);
    const { changes } = await registry.publish(sampleFile({ users }));
    expect(changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual([`remove users[Una User ${ID.user}]`]);
    expect(document(`:user:${ID.user}`)).toEqual({ departed: true, preferences });
    expect(document(':preferences')).toEqual({ stated: true });
    expect((await registry.publish(sampleFile({ users }))).changes).toEqual([]);
    const back = await registry.publish(sampleFile());
    expect(changesOf(back)).toEqual([`add users[Una User ${ID.user}]`]);
    expect(document(`:user:${ID.user}`)).toMatchObject({ name: 'Una User' });
  });

  it('writes the mark of stated preferences before the users', async () => {
    const first = new RegistryInMemory();
    await first.publish(sampleFile({ 'users.1.preferences': { conversations_visible_to_admins: true } }));
    const place = (key: string) => first.steps.indexOf(`+org:${STALL_ID}:${key}`);
    expect(place('preferences')).toBeGreaterThanOrEqual(0);
    expect(place('preferences')).toBeLessThan(place(`user:${ID.user}`));
  });

  it('never changes the number of shards', () => {
    const [change] = registry.plan(sampleFile({ 'organization.directory_shards': 4 })).changes;
    expect(change).toEqual({
      kind: 'refuse',
      what: 'organization',
      details: [
        'directory_shards cannot change: users would no longer find their conversations',
        'directory_shards: 16 → 4',
      ],
    });
  });
});

describe('a published version', () => {
  it.each<[string, Changes, string, string]>([
    [
      'an agent',
      { 'agents.0.background': 'Finn sells pears.' },
      'agents[Finn v1]',
      'background: "Finn sells fruit." → "Finn sells pears."',
    ],
    [
      'a graph',
      { 'graphs.0.states.4.actions': ['Say: "Bye!"'] },
      'graphs[Stall v1]',
      String.raw`states[goodbye].actions[0]: "Say: \"Goodbye!\"" → "Say: \"Bye!\""`,
    ],
    [
      'a tool',
      { 'tools.0.versions.0.timeout_ms': 500 },
      'tools[price].versions[1.0]',
      'timeout_ms: 10000 → 500',
    ],
    [
      'a behavior set',
      { 'dynamic_behavior_sets.0.triggers': ['theft'] },
      'dynamic_behavior_sets[Thief]',
      'triggers[0]: "stolen" → "theft"',
    ],
  ])('cannot change its content, and the difference is reported: %s', (_what, changes, what, detail) => {
    const refused = registry.plan(sampleFile(changes)).changes.filter(({ kind }) => kind === 'refuse');
    expect(refused.map((change) => change.what)).toEqual([what]);
    expect(refused[0]?.details).toContain(detail);
  });

  it('stays with the tools that it calls if the file lacks it', async () => {
    const states = (sampleFile().graphs as { states: { name: string }[] }[])[0]?.states ?? [];
    const without = states.map((state) =>
      state.name === 'price'
        ? { type: 'annotation', name: 'price', inner_thought: 'Cheap.', next_state: 'goodbye' }
        : state,
    );
    const next = sampleFile({
      'graphs.0.version': 2,
      'graphs.0.states': without,
      'services.0.version_sets': { release: {} },
      tools: [],
      dynamic_behavior_sets: [],
    });
    const { changes } = await registry.publish(next);
    expect(changes).toContainEqual({
      kind: 'keep',
      what: 'graphs[Stall v1]',
      details: ['stays for the conversations that began with it'],
    });
    expect(changesOf({ ...registry.plan(next), changes })).toContain('keep tools[price].versions[1.0]');
    expect(document(GRAPH_1)).toMatchObject({ version: 1 });
    expect(document(':catalog')).toMatchObject({ latest: { [ID.graph]: 2 }, tools: [{ name: 'price' }] });
  });

  it('can be pinned and referred to by a file that lacks it', async () => {
    const next = sampleFile({ 'graphs.1.version': 2, 'agents.0.version': 2 });
    await registry.publish(next);
    expect(document(':catalog')).toMatchObject({ latest: { [ID.inner]: 2, [ID.agent]: 2 } });
  });

  it('does not keep a tool that no published graph calls', async () => {
    const tool = {
      id: ID.nothing,
      name: 'idle',
      versions: [{ description: 'Idle.', url: 'https://a.example.com' }],
    };
    await registry.publish(sampleFile({ 'tools.1': tool }));
    expect(changesOf(registry.plan(sampleFile()))).toEqual([
      'remove tools[idle]',
      'remove tools[idle].versions[1.0]',
    ]);
  });
});

describe('a publication that is stopped', () => {
  const CHANGED = {
    'graphs.0.version': 2,
    'services.0.name': 'Market stall',
    'services.0.version_sets': { release: { service_hierarchical_state_machine_version_number: 2 } },
    'users.1.name': 'Una Other',
    api_keys: [],
  };

  it('has written versions first, then the catalog, then removals, and the revision last', async () => {
    await registry.publish(sampleFile(CHANGED));
    expect(registry.steps).toEqual([
      `+org:${STALL_ID}${GRAPH_1.replace(/1$/, '2')}`,
      `+org:${STALL_ID}:user:${ID.user}`,
      `+org:${STALL_ID}:catalog`,
      `-org:${STALL_ID}:key:${ID.key}`,
      `+org:${STALL_ID}:revision`,
    ]);
  });

  it.each([0, 1, 2, 3, 4])(
    'leaves services with their graphs after %i steps, and the next one completes it',
    async (steps) => {
      registry.remainingSteps = steps;
      await expect(registry.publish(sampleFile(CHANGED))).rejects.toThrow('the process dies here');
      const { services, latest } = document(':catalog') as {
        services: {
          version_sets: Record<string, { service_hierarchical_state_machine_version_number: number }>;
        }[];
        latest: Record<string, number>;
      };
      const pinned = services[0]?.version_sets.release?.service_hierarchical_state_machine_version_number;
      for (const version of [pinned, latest[ID.graph]]) {
        expect(registry.documents.has(`org:${STALL_ID}:graph:${ID.graph}:${version}`)).toBe(true);
      }
      registry.remainingSteps = Infinity;
      await registry.publish(sampleFile(CHANGED));
      const whole = new RegistryInMemory();
      await whole.publish(sampleFile());
      await whole.publish(sampleFile(CHANGED));
      expect(Object.fromEntries(registry.documents)).toEqual(Object.fromEntries(whole.documents));
    },
  );
});
