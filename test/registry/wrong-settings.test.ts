/** Files that are refused: each row is one thing that is wrong, with the place and the words that its author reads. */
import { describe, expect, it } from 'vitest';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { action, errorsOf, ID, sampleFile, type Row } from './sample-file.ts';

const STALL = 'graphs[Stall]';
const GRANT = 'organization.roles.0.permission_grants.0';

const DUPLICATES: Row[] = [
  [
    'two users of one identifier',
    { 'users.1.id': ID.admin },
    'users[Una User].id: another user has the same identifier',
  ],
  [
    'two keys of one identifier',
    { 'api_keys.1': { id: ID.key, hash: 'b'.repeat(64) } },
    `api_keys[${ID.key} #1].id: another key has the same identifier`,
  ],
  [
    'one key under two identifiers',
    { 'api_keys.1': { id: ID.nothing, hash: 'a'.repeat(64) } },
    `api_keys[${ID.nothing}].hash: this key appears twice`,
  ],
  [
    'a version of an agent twice',
    { 'agents.1': { id: ID.agent, name: 'Fay', background: 'Fay, too.' } },
    'agents[Fay].version: this version of the agent appears twice',
  ],
  [
    'a version of a graph twice',
    {
      'graphs.1.id': ID.graph,
      'graphs.0.references': {},
      'graphs.0.states.0.exit_conditions.1.next_state': 'greet_again',
      'graphs.0.states.2.decision_guidelines': [],
    },
    'graphs[Who it is].version: this version of the graph appears twice',
  ],
  [
    'an agent and a graph of one identifier',
    { 'agents.0.id': ID.inner, 'services.0.agent_id': ID.inner },
    'graphs[Who it is].id: an agent has the same identifier',
  ],
  [
    'two graphs of one name',
    { 'graphs.1.name': 'Stall' },
    'graphs[Stall #1].name: another graph has the same name',
  ],
  [
    'two states of one name',
    { 'graphs.1.states.2': action('ask', { on: 'done' }) },
    'graphs[Who it is].states[ask #2].name: another state is already named "ask"',
  ],
  [
    'two exits that read the same',
    { 'graphs.0.states.2.exit_conditions.1.description': 'Apples' },
    `${STALL}.states[choose].exit_conditions[1].description: another exit of the state has the same description`,
  ],
  [
    'two tools of one name',
    {
      'tools.1': {
        id: ID.nothing,
        name: 'price',
        versions: [{ description: 'Other.', url: 'https://a.example.com' }],
      },
    },
    'tools[price #1].name: another tool has the same name',
  ],
  [
    'two versions of a tool that count as one',
    { 'tools.0.versions.1': { version: '1.0.0', description: 'Other.', url: 'https://a.example.com' } },
    'tools[price].versions[1.0.0].version: another version of the tool has the same number',
  ],
  [
    'two behavior sets of one identifier',
    {
      'dynamic_behavior_sets.1': {
        id: ID.behavior,
        name: 'Fire',
        triggers: ['fire'],
        actions: [{ type: 'inject-instruction', instruction: 'Run.' }],
      },
    },
    'dynamic_behavior_sets[Fire].id: another behavior set has the same identifier',
  ],
  [
    'two metrics of one name',
    { 'metrics.1.name': 'Apples' },
    'metrics[Apples #1].name: another metric has the same name',
  ],
  [
    'two models of one name',
    { 'models.1.name': 'good', 'models.0.fallback': null },
    'models[good #1].name: another model has the same name',
  ],
  [
    'two services of one name',
    {
      'services.1': {
        id: ID.nothing,
        name: 'Stall',
        service_hierarchical_state_machine_id: ID.graph,
        agent_id: ID.agent,
      },
    },
    'services[Stall #1].name: another service has the same name',
  ],
  [
    'two roles of one name',
    { 'organization.roles.1': { name: 'Reader', permission_grants: [] } },
    'organization.roles[Reader #1].name: another role has the same name',
  ],
  [
    'a grant twice',
    {
      'organization.roles.0.permission_grants': [0, 1].map(() => ({
        permission_name: 'Service:GetService',
        conditions: {},
      })),
    },
    'organization.roles[Reader].permission_grants[Service:GetService #1]: the role has the same grant already',
  ],
  [
    'guests twice',
    { 'organization.guests.1': { org_id: 'other-stall', role: 'Reader' } },
    'organization.guests[other-stall #1]: another entry makes these users guests already',
  ],
  [
    'a key term twice',
    { 'services.0.keyterms': ['Cox', ' Cox'] },
    'services[Stall].keyterms[1]: appears twice in this list: "Cox"',
  ],
  [
    'an origin twice',
    { 'organization.allowed_origins': ['https://a.example', 'https://a.example'] },
    'organization.allowed_origins[1]: appears twice in this list: "https://a.example"',
  ],
  [
    'a category twice',
    { 'metrics.1.categories': ['apples', 'apples'] },
    'metrics[Kind].categories[1]: appears twice in this list: "apples"',
  ],
  [
    'an action twice',
    { 'graphs.0.states.0.actions': ['Greet.', 'Greet.'] },
    `${STALL}.states[greet].actions[1]: appears twice in this list: "Greet."`,
  ],
];

const SETTINGS: Row[] = [
  [
    'an unknown language of a user',
    { 'users.1.preferred_language': 'xxq' },
    'users[Una User].preferred_language: there is no language "xxq" in ISO 639-3',
  ],
  [
    'a language of two letters',
    { 'organization.default_user_preferences.preferred_language': 'en' },
    'organization.default_user_preferences.preferred_language: must be a code of three letters (ISO 639-3)',
  ],
  [
    'an unknown language of an agent',
    { 'agents.0.default_spoken_language': 'ENG' },
    'agents[Finn].default_spoken_language: there is no language "ENG" in ISO 639-3',
  ],
  [
    'an unknown time zone',
    { 'organization.default_user_preferences.timezone': 'Europe/Pari' },
    'organization.default_user_preferences.timezone: there is no time zone "Europe/Pari"',
  ],
  [
    'an offset in place of a time zone',
    { 'organization.default_user_preferences.timezone': '+02:00' },
    'organization.default_user_preferences.timezone: there is no time zone "+02:00"',
  ],
  [
    'a time zone in other letters',
    { 'organization.default_user_preferences.timezone': 'europe/paris' },
    'organization.default_user_preferences.timezone: must be written "Europe/Paris"',
  ],
  [
    'a limit of an unknown operation',
    { 'organization.rate_limits': { create: 3 } },
    'organization.rate_limits.create: there is no operation "create": there are adopt-visitor',
  ],
  [
    'an origin with a path',
    { 'organization.allowed_origins': ['https://a.example/shop'] },
    'organization.allowed_origins[0]: must be an origin: "https://a.example"',
  ],
  [
    'a permission that is unknown',
    { [`${GRANT}.permission_name`]: 'Conversation:Delete' },
    'organization.roles[Reader].permission_grants[Conversation:Delete].permission_name: must be one of "Conversation:CreateConversation"',
  ],
  [
    'a variable that is unknown',
    { [`${GRANT}.conditions.user_id.value`]: '{self}' },
    'organization.roles[Reader].permission_grants[Conversation:GetConversation].conditions.user_id.value: there is no variable "{self}": there are {self_user_id} and {self_org_id}',
  ],
  [
    'a variable within a text',
    { [`${GRANT}.conditions.user_id.value`]: 'x{self_user_id}' },
    'organization.roles[Reader].permission_grants[Conversation:GetConversation].conditions.user_id.value: there is no variable "x{self_user_id}"',
  ],
  [
    'a grant on an unknown service',
    { [`${GRANT}.conditions.service_id.values`]: [ID.nothing] },
    `organization.roles[Reader].permission_grants[Conversation:GetConversation].conditions.service_id.values[0]: there is no service ${ID.nothing}`,
  ],
  [
    'a grant on an unknown kind of message',
    { [`${GRANT}.conditions.message_type`]: { type: 'Equals', value: 'thought' } },
    'organization.roles[Reader].permission_grants[Conversation:GetConversation].conditions.message_type.value: must be one of user-message, agent-message, agent-inner-thought, external-event',
  ],
  [
    'a role under a reserved name',
    { 'organization.roles.1': { name: 'DefaultUserRole', permission_grants: [] } },
    'organization.roles[DefaultUserRole].name: "DefaultUserRole" is reserved: give the role another name',
  ],
  [
    'a minimum above the maximum',
    { 'metrics.0.minimum': 10 },
    'metrics[Apples].minimum: must not be above the maximum 9',
  ],
  [
    'a metric without a category to choose',
    { 'metrics.1.categories': [] },
    'metrics[Kind].categories: must have a category to choose',
  ],
  [
    'a key term that is too long',
    { 'services.0.keyterms': ['x'.repeat(65)] },
    'services[Stall].keyterms[0]: must have at most 64 characters',
  ],
  [
    'a secret under another name',
    { 'tools.0.versions.0.headers.authorization.secret': 'SIGNING_KEYS' },
    'tools[price].versions[1.0].headers.authorization',
  ],
  [
    'a secret of another organization',
    { 'tools.0.versions.0.headers.authorization.secret': 'TOOL_OTHER__PRICE' },
    'tools[price].versions[1.0].headers.authorization.secret: "TOOL_OTHER__PRICE" belongs to another organization',
  ],
];

const FORMS: Row[] = [
  [
    'an empty name',
    { 'services.0.name': '  ' },
    'services[e00000000000000000000001].name: must not be empty',
  ],
  [
    'a name of invisible characters',
    { 'agents.0.name': '\u200B\u00AD' },
    'agents[\u200B\u00AD].name: must have a character that can be seen',
  ],
  [
    'an empty version set name',
    { 'services.0.version_sets': { release: {}, '': {} } },
    'services[Stall].version_sets[""]: must consist of letters, digits, underscores and hyphens',
  ],
  [
    'a name that is too long',
    { 'users.0.name': 'x'.repeat(201) },
    `users[${'x'.repeat(60)}].name: must have at most 200 characters`,
  ],
  [
    'half a character',
    { 'agents.0.background': 'Sells \ud83c.' },
    'agents[Finn].background: contains half a character (a lone surrogate)',
  ],
  [
    'a field that is missing',
    { 'agents.0.background': undefined },
    'agents[Finn].background: is missing: must be a text',
  ],
  ['a field that is unknown', { 'users.0.nickname': 'Addy' }, 'users[Ada Admin]: has no field "nickname"'],
  [
    'a value of another kind',
    { 'graphs.0.states.0.actions': 'Greet.' },
    `${STALL}.states[greet].actions: must be a list, not a string`,
  ],
  [
    'a state of an unknown kind',
    { 'graphs.0.states.4.type': 'end' },
    `${STALL}.states[goodbye].type: must be one of "action", "decision", "recall", "annotation", "reflection", "tool-call"`,
  ],
  [
    'a next state that is none',
    { 'graphs.0.states.3.next_state': ['goodbye'] },
    `${STALL}.states[price].next_state: must be the name of a state, or a pair of "reference.state" and the state to come back to`,
  ],
  ['a version number below 1', { 'agents.0.version': 0 }, 'agents[Finn].version: must be at least 1'],
];

describe.each([
  ['what stands in a file twice', DUPLICATES],
  ['a setting that means nothing', SETTINGS],
  ['a form that is wrong', FORMS],
])('%s is refused:', (_kind, rows) => {
  it.each(rows)('it has %s', (_what, changes, ...errors) => {
    const found = errorsOf(sampleFile(changes));
    for (const error of errors) expect(found).toContainEqual(expect.stringContaining(error));
    expect(found).toHaveLength(errors.length);
  });
});

describe('a file', () => {
  it('is accepted if it is correct', () => {
    expect(errorsOf(sampleFile())).toEqual([]);
    expect(errorsOf(sampleFile(), true)).toEqual([]);
  });

  it('gets defaults for missing fields', () => {
    const file = parseOrganizationFile(sampleFile());
    expect(file.services[0]).toMatchObject({
      description: 'Stall',
      is_active: true,
      creator: { org_id: 'fruit-stall', user_id: ID.admin },
      updated_by: { org_id: 'fruit-stall', user_id: ID.admin },
    });
    expect(file.agents[0]).toMatchObject({
      developed_by: 'Fruit stall',
      default_spoken_language: 'eng',
      version: 1,
    });
    expect(file.graphs[0]).toMatchObject({ description: 'Stall', returning_user_initial_state: 'greet' });
    expect(parseOrganizationFile(sampleFile({ $schema: './organization.schema.json' }))).toEqual(file);
  });

  it('gets errors of form and sense together, also around a wrong entry', () => {
    const found = errorsOf(
      sampleFile({
        'graphs.0.states.1.objective': undefined,
        'graphs.0.states.0.exit_conditions.2.next_state': 'nowhere',
        'users.1.role': 'Boss',
        'agents.0.voice': 'deep',
      }),
    );
    expect(found).toEqual([
      'agents[Finn]: has no field "voice"',
      `${STALL}.states[greet_again].objective: is missing: must be a text`,
      'users[Una User].role: there is no role "Boss"',
      `${STALL}.states[greet].exit_conditions[2].next_state: there is no state named "nowhere"`,
    ]);
  });

  it('has at most 500 states in a graph', () => {
    const states = Array.from({ length: 501 }, (_, index) => action(`s${index}`, { on: 'done' }));
    expect(errorsOf(sampleFile({ 'graphs.1.states': states }))).toContain(
      'graphs[Who it is].states: must have at most 500 entries',
    );
  });

  it('must be an object with at most 64 levels', () => {
    expect(errorsOf([])).toEqual(['the file: must be an object, not a list']);
    expect(errorsOf(null)).toEqual(['the file: must be an object, not null']);
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
    expect(errorsOf(sampleFile({ 'tools.0.versions.0.input_schema.enum': deep }))).toEqual([
      'the file: objects and lists are nested more than 64 deep',
    ]);
  });

  it.each([
    ['http://tools.shop.example.com/price', 'must be an https URL in production'],
    ['https://localhost/price', 'must name a host of the public internet in production'],
    ['https://10.0.0.7/price', 'must name a host of the public internet in production'],
  ])('may call a tool at %s in development only', (url, message) => {
    const file = sampleFile({ 'tools.0.versions.0.url': url });
    expect(errorsOf(file)).toEqual([]);
    expect(errorsOf(file, true)).toEqual([`tools[price].versions[1.0].url: ${message}`]);
  });

  it.each(['ftp://tools.example', 'tools.example', 'javascript:alert(1)'])('calls no tool at %s', (url) => {
    expect(errorsOf(sampleFile({ 'tools.0.versions.0.url': url }))).toEqual([
      'tools[price].versions[1.0].url: must be an http or https URL',
    ]);
  });
});
