/** A small organization for tests: two users, an administrator, and a service whose graph fits on a page. */
import type { ActionState, ContextGraph, DecisionState } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';

export const ORGANIZATION = 'test-org';
export const ADMIN = 'aaaaaaaaaaaaaaaaaaaaaaa1';
export const ALICE = 'aaaaaaaaaaaaaaaaaaaaaaa2';
export const BOB = 'aaaaaaaaaaaaaaaaaaaaaaa3';
/** A user whose role has no grant at all. */
export const NOBODY = 'aaaaaaaaaaaaaaaaaaaaaaa4';
export const SERVICE = 'bbbbbbbbbbbbbbbbbbbbbbb1';
export const OTHER_SERVICE = 'bbbbbbbbbbbbbbbbbbbbbbb2';
export const INACTIVE_SERVICE = 'bbbbbbbbbbbbbbbbbbbbbbb3';
export const AGENT = 'ccccccccccccccccccccccc1';
/** An agent that has no voice. It serves `OTHER_SERVICE`. */
export const MUTE_AGENT = 'ccccccccccccccccccccccc2';
export const GRAPH = 'ddddddddddddddddddddddd1';
export const API_KEY_ID = 'eeeeeeeeeeeeeeeeeeeeeee1';
export const ALLOWED_ORIGIN = 'https://shop.example';
export const API_KEY = 'the-key-of-the-tests';

export function actionState(
  name: string,
  actions: string[],
  exits: [description: string, next: string][],
): ActionState {
  return {
    type: 'action',
    name,
    objective: `The objective of ${name}.`,
    actions,
    intra_state_navigation_guidelines: [],
    action_guidelines: [],
    boundary_constraints: [],
    exit_conditions: exits.map(([description, next_state]) => ({ description, next_state })),
    action_tool_call_specs: [],
    exit_condition_tool_call_specs: [],
    skip_active_memory_retrieval: false,
  };
}

export function decisionState(name: string, exits: [description: string, next: string][]): DecisionState {
  return {
    type: 'decision',
    name,
    exit_conditions: exits.map(([description, next_state]) => ({ description, next_state })),
    decision_guidelines: [],
    objective: `The objective of ${name}.`,
    tool_call_specs: [],
    audio_fillers: [],
    audio_filler_triggered_after: 1,
  };
}

export const TEST_GRAPH: ContextGraph = {
  id: GRAPH,
  version: 1,
  name: 'Fruit stall',
  description: 'Sells apples and pears.',
  states: [
    actionState(
      'greet',
      ['Greet: "Hello. Would you like apples or pears?"'],
      [
        ['The user wants to buy fruit, such as "I would like apples" or "Pears, please"', 'choose'],
        ['The user says goodbye', 'goodbye'],
      ],
    ),
    actionState(
      'welcome_back',
      ['Greet: "Welcome back. Apples or pears again?"'],
      [
        ['The user wants to buy fruit, such as "Apples again"', 'choose'],
        ['The user says goodbye', 'goodbye'],
      ],
    ),
    decisionState('choose', [
      ['The user wants apples', 'sell_apples'],
      ['The user wants pears, or it is not clear', 'sell_pears'],
    ]),
    actionState(
      'sell_apples',
      ['Ask: "How many apples?"'],
      [
        ['The user has given a number', 'goodbye'],
        ['The user wants pears instead', 'sell_pears'],
      ],
    ),
    actionState('sell_pears', ['Ask: "How many pears?"'], [['The user has given a number', 'goodbye']]),
    actionState('goodbye', ['Say: "Thank you. Goodbye!"'], []),
  ],
  new_user_initial_state: 'greet',
  returning_user_initial_state: 'welcome_back',
  terminal_state: 'goodbye',
  references: {},
  global_intra_state_navigation_guidelines: [],
  global_action_guidelines: [],
  global_boundary_constraints: [],
};

function metricId(index: number): string {
  return `f${String(index).padStart(23, '0')}`;
}

export const METRICS: OrganizationFile['metrics'] = [
  {
    id: metricId(1),
    name: 'Completed',
    description: 'The graph came to its end.',
    type: 'boolean',
    computed: 'completed',
  },
  {
    id: metricId(2),
    name: 'Turns',
    description: 'How many turns it took.',
    type: 'numeric',
    computed: 'num_interactions',
    minimum: null,
    maximum: null,
  },
  {
    id: metricId(3),
    name: 'Last state',
    description: 'Where it ended.',
    type: 'categorical',
    computed: 'final_state',
    categories: [],
  },
  {
    id: metricId(4),
    name: 'Talks of animals',
    description: 'The user mentions horses or cows.',
    type: 'boolean',
    computed: null,
  },
  {
    id: metricId(5),
    name: 'Fruit',
    description: 'What the user is after.',
    type: 'categorical',
    computed: null,
    categories: ['pears', 'apples'],
  },
];

const EDITOR = { org_id: ORGANIZATION, user_id: ADMIN };

function service(id: string, name: string, is_active = true): OrganizationFile['services'][number] {
  return {
    id,
    name,
    description: `${name}, for tests.`,
    is_active,
    service_hierarchical_state_machine_id: GRAPH,
    agent_id: id === OTHER_SERVICE ? MUTE_AGENT : AGENT,
    version_sets: {
      release: {
        agent_version_number: 1,
        service_hierarchical_state_machine_version_number: 1,
        llm_model_preferences: {},
      },
    },
    tags: { kind: name === 'Stall' ? 'fruit' : null },
    keyterms: ['Conference pear', 'Cox'],
    creator: EDITOR,
    updated_by: EDITOR,
  };
}

/** The organization as a file; `hash` is the digest of `API_KEY`. */
export function testOrganization(hash: string): OrganizationFile {
  return {
    organization: {
      id: ORGANIZATION,
      name: 'Test organization',
      tenant_id: 'tenant-1',
      default_user_preferences: {
        enable_response_recommendation: false,
        preferred_language: null,
        conversations_visible_to_admins: true,
        user_model_visible_to_admins: true,
        timezone: null,
        audio_keyterms: ['Una', 'Cox'],
      },
      directory_shards: 4,
      jurisdiction: null,
      roles: [{ name: 'Nothing', description: 'No grant at all.', permission_grants: [] }],
      allowed_origins: [ALLOWED_ORIGIN],
      rate_limits: {},
      maintenance: null,
      guests: [],
      token_issuers: [],
    },
    users: [
      { id: ADMIN, name: 'Ada Admin', role: 'DefaultAdministratorRole' },
      { id: ALICE, name: 'Alice Apple', role: 'DefaultUserRole' },
      { id: BOB, name: 'Bob Berry', role: 'DefaultUserRole' },
      { id: NOBODY, name: 'Nobody', role: 'Nothing' },
    ],
    api_keys: [{ id: API_KEY_ID, hash, role: 'DefaultKeyRole', expires_at: null, development_only: true }],
    agents: [
      {
        id: AGENT,
        version: 1,
        name: 'Finn',
        role: 'Seller',
        developed_by: 'The tests',
        default_spoken_language: 'eng',
        background: 'Sells fruit.',
        behaviors: [],
        communication_patterns: [],
        voice_config: { voice_id: 'test-voice' },
      },
      {
        id: MUTE_AGENT,
        version: 1,
        name: 'Finn',
        role: 'Seller',
        developed_by: 'The tests',
        default_spoken_language: 'eng',
        background: 'Sells fruit.',
        behaviors: [],
        communication_patterns: [],
        voice_config: null,
      },
    ],
    graphs: [TEST_GRAPH],
    services: [
      service(SERVICE, 'Stall'),
      service(OTHER_SERVICE, 'Counter'),
      service(INACTIVE_SERVICE, 'Closed', false),
    ],
    tools: [],
    dynamic_behavior_sets: [],
    metrics: METRICS,
    models: [],
  };
}
