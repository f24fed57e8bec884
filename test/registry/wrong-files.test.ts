/** Files that are refused: each row is one thing that is wrong, with the place and the words that its author reads. */
import { describe, expect, it } from 'vitest';
import { action, errorsOf, ID, sampleFile, type Row } from './sample-file.ts';

const STALL = 'graphs[Stall]';
const RELEASE = 'services.0.version_sets.release';

const REFERENCES: Row[] = [
  ['a user of an unknown role', { 'users.1.role': 'Boss' }, 'users[Una User].role: there is no role "Boss"'],
  [
    'a role named like a method of objects',
    { 'users.1.role': 'constructor' },
    'users[Una User].role: there is no role "constructor"',
  ],
  [
    'a key of an unknown role',
    { 'api_keys.0.role': 'Boss' },
    `api_keys[${ID.key}].role: there is no role "Boss"`,
  ],
  [
    'guests of an unknown role',
    { 'organization.guests.0.role': 'Boss' },
    'organization.guests[other-stall].role: there is no role "Boss"',
  ],
  [
    'guests from the organization itself',
    { 'organization.guests.0.org_id': 'fruit-stall' },
    'organization.guests[fruit-stall].org_id: must be another organization: its own users are not guests',
  ],
  [
    'a service of an unknown agent',
    { 'services.0.agent_id': ID.nothing },
    'services[Stall].agent_id: there is no such agent',
  ],
  [
    'a service of an unknown graph',
    { 'services.0.service_hierarchical_state_machine_id': ID.nothing },
    'services[Stall].service_hierarchical_state_machine_id: there is no such graph',
  ],
  [
    'a creator who is no user',
    { 'services.0.creator': { org_id: 'fruit-stall', user_id: ID.nothing } },
    `services[Stall].creator.user_id: there is no user ${ID.nothing}`,
  ],
  [
    'a creator of an unknown organization',
    { 'services.0.updated_by': { org_id: 'nobodys', user_id: ID.user } },
    'services[Stall].updated_by.org_id: there are no guests of "nobodys"',
  ],
  [
    'a pinned agent version that does not exist',
    { [`${RELEASE}.agent_version_number`]: 2 },
    'services[Stall].version_sets.release.agent_version_number: there is no version 2 of the agent',
  ],
  [
    'a pinned graph version that does not exist',
    { [`${RELEASE}.service_hierarchical_state_machine_version_number`]: 7 },
    'services[Stall].version_sets.release.service_hierarchical_state_machine_version_number: there is no version 7 of the graph',
  ],
  [
    'a pin in a set of any name',
    { 'services.0.version_sets.canary': { agent_version_number: 3 } },
    'services[Stall].version_sets.canary.agent_version_number: there is no version 3 of the agent',
  ],
  [
    'no release',
    { 'services.0.version_sets': { edge: {} } },
    'services[Stall].version_sets: must have a "release" version set',
  ],
  [
    'an unknown model',
    { [`${RELEASE}.llm_model_preferences.EngageUser.llm_name`]: 'best' },
    'services[Stall].version_sets.release.llm_model_preferences.EngageUser.llm_name: there is no model "best" among the models of the file',
  ],
  [
    'an unknown interaction',
    { [`${RELEASE}.llm_model_preferences`]: { Engage: { llm_name: 'good' } } },
    'services[Stall].version_sets.release.llm_model_preferences.Engage: there is no interaction "Engage": there are SelectNextAction',
  ],
  [
    'an unknown fallback',
    { 'models.1.fallback': 'best' },
    'models[spare].fallback: there is no model "best"',
  ],
  [
    'fallbacks in a circle',
    { 'models.1.fallback': 'good' },
    'models[good].fallback: fallbacks form a circle: good → spare → good',
    'models[spare].fallback: fallbacks form a circle: good → spare → good',
  ],
  [
    'a model that falls back to itself',
    { 'models.1.fallback': 'spare' },
    'models[spare].fallback: fallbacks form a circle: spare → spare',
  ],
  [
    'an unknown tool',
    { 'graphs.0.states.3.designated_tool.tool_id': ID.nothing },
    `${STALL}.states[price].designated_tool.tool_id: there is no tool ${ID.nothing}`,
  ],
  [
    'an unknown tool of a behavior set',
    { 'dynamic_behavior_sets.0.actions.1.tool_call_specs.0.tool_id': ID.nothing },
    `dynamic_behavior_sets[Thief].actions[change-tool-candidates].tool_call_specs[0].tool_id: there is no tool ${ID.nothing}`,
  ],
  [
    'a constraint that no version satisfies',
    { 'graphs.0.states.3.designated_tool.version_constraint': '>=2' },
    `${STALL}.states[price].designated_tool.version_constraint: no version of the tool satisfies ">=2"`,
  ],
  [
    'a constraint that is none, in a behavior set',
    { 'dynamic_behavior_sets.0.actions.1.tool_call_specs.0.version_constraint': 'newest' },
    'dynamic_behavior_sets[Thief].actions[change-tool-candidates].tool_call_specs[0].version_constraint: no version of the tool satisfies "newest"',
  ],
  [
    'a behavior set of an unknown service',
    { 'dynamic_behavior_sets.0.service_ids': [ID.nothing] },
    `dynamic_behavior_sets[Thief].service_ids[0]: there is no service ${ID.nothing}`,
  ],
];

const GRAPHS: Row[] = [
  [
    'an exit to a state that is not there',
    { 'graphs.0.states.0.exit_conditions.2.next_state': 'godbye' },
    `${STALL}.states[greet].exit_conditions[2].next_state: there is no state named "godbye"`,
  ],
  [
    'an exit to its own state',
    { 'graphs.0.states.0.exit_conditions.2.next_state': 'greet' },
    `${STALL}.states[greet].exit_conditions[2].next_state: leads to its own state`,
  ],
  [
    'a passed-through state that leads to itself',
    { 'graphs.0.states.3.next_state': 'price' },
    `${STALL}.states[price].next_state: leads to its own state`,
    `${STALL}.states[price]: from "price" the terminal state cannot be reached`,
  ],
  [
    'a state that nothing leads to',
    { 'graphs.0.states.5': action('island', { on: 'goodbye' }) },
    `${STALL}.states[island]: the state "island" cannot be reached`,
  ],
  [
    'states that never end',
    {
      'graphs.0.states.1.exit_conditions.0.next_state': 'again',
      'graphs.0.states.5': action('again', { on: 'greet_again' }),
    },
    `${STALL}.states[greet_again]: from "greet_again" the terminal state cannot be reached`,
    `${STALL}.states[again]: from "again" the terminal state cannot be reached`,
  ],
  [
    'graphs that refer to each other',
    { 'graphs.1.references': { back: [ID.graph, 1] } },
    `${STALL}.references.known: graphs refer to each other in a circle: Stall → Who it is → Stall`,
    'graphs[Who it is].references.back: graphs refer to each other in a circle: Stall → Who it is → Stall',
  ],
  [
    'a graph that refers to itself',
    { 'graphs.1.references': { self: [ID.inner, 1] } },
    'graphs[Who it is].references.self: graphs refer to each other in a circle: Who it is → Who it is',
  ],
  [
    'a reference to a version that is not there',
    { 'graphs.0.references.known': [ID.inner, 4] },
    `${STALL}.references.known: there is no version 4 of a graph ${ID.inner}`,
  ],
  [
    'a reference named like a method of objects',
    { 'graphs.0.states.0.exit_conditions.1.next_state': ['constructor.ask', 'greet_again'] },
    `${STALL}.states[greet].exit_conditions[1].next_state: there is no reference named "constructor"`,
  ],
  [
    'brackets of a state that is not there',
    { 'graphs.0.states.2.decision_guidelines': ['Come from [greeet].'] },
    `${STALL}.states[choose].decision_guidelines[0]: "[greeet]" names no state of this graph`,
  ],
  [
    'brackets of a referenced state that is not there',
    { 'graphs.0.states.0.actions': ['Go on as in [known.aks].'] },
    `${STALL}.states[greet].actions[0]: "[known.aks]" names no state of a reference`,
  ],
  [
    'brackets of a reference that is not there',
    { 'graphs.0.global_action_guidelines': ['See [other.ask].'] },
    `${STALL}.global_action_guidelines[0]: "[other.ask]" names no state of a reference`,
  ],
  [
    'brackets about the answer in a state that is not there',
    { 'graphs.0.states.1.actions': ['Say: "[the user\'s answer in ask or asked], well."'] },
    `${STALL}.states[greet_again].actions[0]: "[the user's answer in ask or asked]" names a state "asked", which does not exist`,
  ],
  [
    'brackets about an answer in no state',
    { 'graphs.0.states.1.actions': ['Say: "[the answer to the question]."'] },
    `${STALL}.states[greet_again].actions[0]: "[the answer to the question]" names no state`,
  ],
  [
    'brackets that never close',
    { 'graphs.0.states.0.boundary_constraints': ['Never say [greet, or so.'] },
    `${STALL}.states[greet].boundary_constraints[0]: the bracket "[greet, or so." never closes`,
  ],
  [
    'brackets that open in brackets',
    { 'graphs.1.states.0.objective': 'Say [your [name]' },
    'graphs[Who it is].states[ask].objective: the bracket "[your [name]" never closes',
  ],
  [
    'brackets in a behavior set that never close',
    { 'dynamic_behavior_sets.0.actions.0.instruction': 'Stay [calm' },
    'dynamic_behavior_sets[Thief].actions[inject-instruction].instruction: the bracket "[calm" never closes',
  ],
];

describe.each([
  ['what refers to nothing', REFERENCES],
  ['a graph that cannot be walked', GRAPHS],
])('%s is refused:', (_kind, rows) => {
  it.each(rows)('it has %s', (_what, changes, ...errors) => {
    const found = errorsOf(sampleFile(changes));
    for (const error of errors) expect(found).toContainEqual(expect.stringContaining(error));
    expect(found).toHaveLength(errors.length);
  });
});
