/**
 * The organization of the benchmark. It is separate from the demo, so that numbers stay comparable when the demo
 * changes. Its graph has the size of a real front desk. Its messages go through the graph in a circle: some stay in a
 * state, some lead through a decision to another one, and none ends the conversation.
 */
import { parseOrganizationFile } from '../src/registry/publish.ts';
import type { OrganizationFile } from '../src/registry/organization.ts';

/** Identifier of the organization. */
export const ORGANIZATION = 'bench';
/** Identifier of the service. */
export const SERVICE = '5e0000000000000000000001';
const AGENT = 'a90000000000000000000001';
const GRAPH = '960000000000000000000001';
const EDITOR = { org_id: ORGANIZATION, user_id: userId(0) };

/**
 * Maximum number of conversations. A user has at most one unfinished conversation of a service, so each needs its own
 * user.
 */
export const MAX_CONVERSATIONS = 1_024;

/** Messages of a conversation, repeated in this order. */
export const MESSAGES = [
  'Could you tell me your opening hours on Saturday?',
  'And is there somewhere to park a car near the entrance?',
  'I would like to book an appointment for a cleaning next Tuesday morning.',
  'Something around ten would suit me best, if there is anything.',
  'How much would the invoice be without insurance?',
  'Let us go back to the front desk, I have another question.',
] as const;

/** Returns the identifier of the user with a number. */
export function userId(index: number): string {
  return `c5${index.toString(16).padStart(22, '0')}`;
}

function actionState(name: string, actions: string[], exits: [description: string, next: string][]) {
  return {
    type: 'action',
    name,
    objective: `Help the caller with what the state ${name} is for, in two or three friendly sentences.`,
    actions,
    intra_state_navigation_guidelines: ['Stay with the matter until the caller turns to another one.'],
    action_guidelines: ['Speak plainly, and repeat dates and times so that they can be corrected.'],
    boundary_constraints: ['Never give medical advice.'],
    exit_conditions: exits.map(([description, next_state]) => ({ description, next_state })),
    action_tool_call_specs: [],
    exit_condition_tool_call_specs: [],
    skip_active_memory_retrieval: false,
  };
}

const ELSEWHERE: [description: string, next: string][] = [
  ['The caller asks about opening hours or parking', 'route'],
  ['The caller would like to book an appointment', 'route'],
  ['The caller asks about the price, the invoice or insurance', 'route'],
  ['The caller wants to go back to the front desk with another question', 'front_desk'],
];

const STATES = [
  actionState(
    'front_desk',
    [
      'Say: "Welcome to the front desk of the practice. I can tell you about our opening hours and parking, book an ' +
        'appointment for you, or answer questions about prices and insurance. What can I do for you today?"',
    ],
    [...ELSEWHERE.slice(0, 3), ['The caller says goodbye', 'goodbye']],
  ),
  {
    type: 'decision',
    name: 'route',
    objective: 'Find out which desk the caller needs.',
    decision_guidelines: ['Prefer the matter that was named last.'],
    exit_conditions: [
      { description: 'The caller asks about opening hours or parking', next_state: 'visiting' },
      { description: 'The caller would like to book an appointment', next_state: 'appointments' },
      { description: 'The caller asks about the price, the invoice or insurance', next_state: 'billing' },
      { description: 'Anything else', next_state: 'front_desk' },
    ],
    tool_call_specs: [],
    audio_fillers: [],
    audio_filler_triggered_after: 1,
  },
  actionState(
    'visiting',
    [
      'Tell about the opening hours: "We are open from eight in the morning to six in the evening on weekdays, and ' +
        'from nine to one on Saturdays. On Sundays and public holidays the practice is closed."',
      'Tell about parking a car near the entrance: "There is a car park behind the building with a lift to our ' +
        'floor, and two places for visitors with a permit right beside the entrance. The first hour is free."',
    ],
    ELSEWHERE.slice(1),
  ),
  actionState(
    'appointments',
    [
      'Ask for the day: "Gladly. We have room for a cleaning on most mornings of the next two weeks. Which day and ' +
        'which time would suit you best, and is there a doctor whom you would like to see?"',
      'Offer a time around ten that suits: "I could offer you ten past ten with Doctor Adler, or a quarter to ' +
        'eleven with Doctor Brandt. Please come five minutes early, and bring your insurance card with you."',
    ],
    [ELSEWHERE[0], ELSEWHERE[2], ELSEWHERE[3]] as [string, string][],
  ),
  actionState(
    'billing',
    [
      'Say what it costs: "A cleaning without insurance is ninety euros, and with most insurances it is free once ' +
        'a year. You receive the invoice by mail within two weeks, and may pay it in three parts."',
    ],
    [ELSEWHERE[0], ELSEWHERE[1], ELSEWHERE[3]] as [string, string][],
  ),
  actionState('goodbye', ['Say: "Thank you for calling. Goodbye!"'], []),
];

const GRAPH_DOCUMENT = {
  id: GRAPH,
  version: 1,
  name: 'Front desk',
  description: 'Answers callers of a practice.',
  states: STATES,
  new_user_initial_state: 'front_desk',
  returning_user_initial_state: 'front_desk',
  terminal_state: 'goodbye',
  references: {},
  global_intra_state_navigation_guidelines: ['Follow the caller, not the script.'],
  global_action_guidelines: ['Be brief.'],
  global_boundary_constraints: ['Do not promise what the practice cannot keep.'],
};

const AGENT_DOCUMENT = {
  id: AGENT,
  version: 1,
  name: 'Robin',
  role: 'Receptionist',
  developed_by: 'The benchmark',
  default_spoken_language: 'eng',
  background: 'Has answered the telephone of the practice for years.',
  behaviors: ['Friendly', 'Brief'],
  communication_patterns: ['Short sentences'],
  voice_config: null,
};

const SERVICE_DOCUMENT = {
  id: SERVICE,
  name: 'Front desk',
  description: 'Answers callers.',
  is_active: true,
  service_hierarchical_state_machine_id: GRAPH,
  agent_id: AGENT,
  version_sets: {
    release: {
      agent_version_number: 1,
      service_hierarchical_state_machine_version_number: 1,
      llm_model_preferences: {},
    },
  },
  tags: {},
  keyterms: [],
  creator: EDITOR,
  updated_by: EDITOR,
};

/** Returns the organization's file. */
export function organizationFile(): OrganizationFile {
  return parseOrganizationFile({
    organization: {
      id: ORGANIZATION,
      name: 'Benchmark',
      tenant_id: null,
      roles: [],
      // For the run with rate limits: they count, and are never reached.
      rate_limits: { 'interact-with-conversation': 1_000, 'create-conversation': 1_000 },
    },
    users: Array.from({ length: MAX_CONVERSATIONS }, (_, index) => ({
      id: userId(index),
      name: `Caller ${index}`,
      role: 'DefaultUserRole',
    })),
    api_keys: [],
    agents: [AGENT_DOCUMENT],
    graphs: [GRAPH_DOCUMENT],
    services: [SERVICE_DOCUMENT],
  });
}
