/** A small file with something of everything in it, as its author writes it: what may be left out is left out. */

import { parseOrganizationFile, PublicationError } from '../../src/registry/publish.ts';

export const ID = {
  admin: 'a00000000000000000000001',
  user: 'a00000000000000000000002',
  key: 'b00000000000000000000001',
  agent: 'c00000000000000000000001',
  graph: 'd00000000000000000000001',
  inner: 'd00000000000000000000002',
  service: 'e00000000000000000000001',
  tool: 'f00000000000000000000001',
  behavior: 'f10000000000000000000001',
  metric: 'f20000000000000000000001',
  category: 'f20000000000000000000002',
  /** Of nothing in the file. */
  nothing: '900000000000000000000009',
} as const;

const SAMPLE = {
  organization: {
    id: 'fruit-stall',
    name: 'Fruit stall',
    default_user_preferences: {
      preferred_language: 'eng',
      timezone: 'Europe/Paris',
      audio_keyterms: ['Cox'],
    },
    roles: [
      {
        name: 'Reader',
        permission_grants: [
          {
            permission_name: 'Conversation:GetConversation',
            conditions: {
              user_id: { type: 'Equals', value: '{self_user_id}' },
              service_id: { type: 'In', values: [ID.service] },
            },
          },
        ],
      },
    ],
    allowed_origins: ['https://shop.example'],
    rate_limits: { 'create-conversation': 10 },
    guests: [{ org_id: 'other-stall', user_ids: [ID.nothing], role: 'Reader' }],
  },
  users: [
    { id: ID.admin, name: 'Ada Admin', role: 'DefaultAdministratorRole' },
    { id: ID.user, name: 'Una User', role: 'Reader', preferred_language: 'fra' },
  ],
  api_keys: [{ id: ID.key, hash: 'a'.repeat(64) }],
  agents: [{ id: ID.agent, name: 'Finn', background: 'Finn sells fruit.' }],
  graphs: [
    {
      id: ID.graph,
      name: 'Stall',
      states: [
        {
          type: 'action',
          name: 'greet',
          objective: 'Learn what the customer wants.',
          actions: ['Greet: "Hello, this is [your name]. Apples or pears?"'],
          exit_conditions: [
            { description: 'The customer wants fruit', next_state: 'choose' },
            { description: 'The customer is not known', next_state: ['known.ask', 'greet_again'] },
            { description: 'The customer leaves', next_state: 'goodbye' },
          ],
        },
        {
          type: 'action',
          name: 'greet_again',
          objective: 'Go on.',
          actions: ['Say: "So, [the user\'s answer in ask], what will it be?"'],
          exit_conditions: [{ description: 'The customer wants fruit', next_state: 'choose' }],
        },
        {
          type: 'decision',
          name: 'choose',
          objective: 'Apples or pears.',
          decision_guidelines: ['Whoever comes from [greet] knows what they want, see also [known.ask].'],
          exit_conditions: [
            { description: 'Apples', next_state: 'price' },
            { description: 'Pears', next_state: 'goodbye' },
          ],
        },
        {
          type: 'tool-call',
          name: 'price',
          designated_tool: { tool_id: ID.tool, version_constraint: '~=1.0' },
          designated_tool_call_objective: 'Find the price.',
          next_state: 'goodbye',
        },
        { type: 'action', name: 'goodbye', objective: 'End.', actions: ['Say: "Goodbye!"'] },
      ],
      new_user_initial_state: 'greet',
      terminal_state: 'goodbye',
      references: { known: [ID.inner, 1] },
    },
    {
      id: ID.inner,
      name: 'Who it is',
      states: [
        {
          type: 'action',
          name: 'ask',
          objective: 'Learn the name.',
          actions: ['Ask: "Who are you?"'],
          exit_conditions: [{ description: 'The customer has said it', next_state: 'done' }],
        },
        { type: 'action', name: 'done', objective: 'End.', actions: ['Say: "Thanks."'] },
      ],
      new_user_initial_state: 'ask',
      terminal_state: 'done',
    },
  ],
  services: [
    {
      id: ID.service,
      name: 'Stall',
      service_hierarchical_state_machine_id: ID.graph,
      agent_id: ID.agent,
      version_sets: {
        release: {
          agent_version_number: 1,
          service_hierarchical_state_machine_version_number: 1,
          llm_model_preferences: { EngageUser: { llm_name: 'good' } },
        },
      },
      keyterms: ['Conference pear'],
    },
  ],
  tools: [
    {
      id: ID.tool,
      name: 'price',
      versions: [
        {
          version: '1.0',
          description: 'The price of a fruit.',
          input_schema: { type: 'object', properties: { fruit: { type: 'string' } }, required: ['fruit'] },
          url: 'https://tools.shop.example.com/price',
          headers: { authorization: { secret: 'TOOL_FRUIT_STALL__PRICE' } },
        },
      ],
    },
  ],
  dynamic_behavior_sets: [
    {
      id: ID.behavior,
      name: 'Thief',
      service_ids: [ID.service],
      triggers: ['stolen'],
      actions: [
        { type: 'inject-instruction', instruction: 'Stay calm.' },
        { type: 'change-tool-candidates', tool_call_specs: [{ tool_id: ID.tool }] },
      ],
    },
  ],
  metrics: [
    { id: ID.metric, name: 'Apples', description: 'How many.', type: 'numeric', minimum: 0, maximum: 9 },
    {
      id: ID.category,
      name: 'Kind',
      description: 'Which.',
      type: 'categorical',
      categories: ['apples', 'pears'],
    },
  ],
  models: [
    { name: 'good', model: 'big-model', fallback: 'spare' },
    { name: 'spare', model: 'small-model' },
  ],
};

/** Changes of a file: by path (`users.0.role`), the new value; undefined removes the field. */
export type Changes = Readonly<Record<string, unknown>>;

/** Returns the sample with changes. A path may lead to a field or an entry that is not there yet. */
export function sampleFile(changes: Changes = {}): Record<string, unknown> {
  const file = structuredClone(SAMPLE) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let at = file;
    for (const step of steps) at = at[step] as Record<string, unknown>;
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return file;
}

/** One thing that is wrong with a file: what is changed in the sample, and every error that its author reads. */
export type Row = [what: string, changes: Changes, ...errors: string[]];

/** Returns what is wrong with a file, a line each; nothing when it is taken. */
export function errorsOf(file: unknown, isProduction = false): string[] {
  try {
    parseOrganizationFile(file, { isProduction });
    return [];
  } catch (error) {
    if (!(error instanceof PublicationError)) throw error;
    return error.errors.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** An action state with exits: by description the next state. */
export function action(name: string, exits: Record<string, unknown>): Record<string, unknown> {
  const exit_conditions = Object.entries(exits).map(([description, next_state]) => ({
    description,
    next_state,
  }));
  return { type: 'action', name, objective: 'Something.', actions: ['Say: "Well."'], exit_conditions };
}
