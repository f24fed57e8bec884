/**
 * Troubleshooting charts: questions with answers that lead on to other questions or to a conclusion. Pure.
 *
 * A chart becomes a context graph by this rule:
 * - A node becomes an action state of its id. Its first action is `Ask: "<question>"`. Its second one serves questions
 *   of the user: with a `help` text it explains that, without one it says that the answer is to be brief.
 * - An answer becomes an exit to the state that `next` names. Its description is the answer in a sentence: "The user
 *   answers yes", or for a clause such as "the lamp is red": "The user answers that the lamp is red".
 * - A conclusion becomes an action state that says its text. Its one exit leads to the terminal state `end`.
 */
import * as z from 'zod';
import { StateName, type ActionState, type ContextGraph } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';

/** A text without quotation marks, because an action puts it between quotation marks. */
const Quotable = z.string().regex(/^[^"]+$/, 'must not be empty and must not hold quotation marks');

const ChartNode = z.strictObject({
  id: StateName,
  question: Quotable,
  /** Explanation for a user who does not know how to find the answer. */
  help: Quotable.optional(),
  /** `text` is "yes", "no" or a clause; `next` the id of a node or of a conclusion. */
  answers: z.array(z.strictObject({ text: Quotable, next: StateName })).min(2),
});
export type ChartNode = z.infer<typeof ChartNode>;

/** A chart. The conversation begins with the first node. */
const Chart = z.strictObject({
  name: Quotable,
  nodes: z.array(ChartNode).min(1),
  conclusions: z.array(z.strictObject({ id: StateName, text: Quotable })).min(1),
});
export type Chart = z.infer<typeof Chart>;

/** Message of the user, with the index of the answer that it gives, or null when it gives none. */
const Saying = z.strictObject({
  say: z.string().min(1),
  expected_answer_index: z.int().min(0).nullable(),
});
export type Saying = z.infer<typeof Saying>;

/** A chart with what users say at its nodes. */
export const ChartFile = Chart.extend({
  free_answers: z.array(Saying.extend({ node: z.string() })),
  /** Questions of the user, after which the agent must stay in the state, each with the answer that follows. */
  digressions: z.array(z.strictObject({ node: z.string(), ask: z.string().min(1), answer: Saying })),
  /** Whole conversations, from the first node to a conclusion. */
  paths: z.array(z.array(Saying).min(1)),
});
export type ChartFile = z.infer<typeof ChartFile>;

const TERMINAL_STATE = 'end';
/** Returns an identifier of the chart's organization. The identifiers differ only in the last digit. */
const idOf = (digit: number) => `${'0'.repeat(23)}${digit}`;
const GRAPH_ID = idOf(1);
const AGENT_ID = idOf(2);
const SERVICE_ID = idOf(3);
const AUTHOR_ID = idOf(4);

/** Returns the description of an answer's exit. */
export function answerSentence(text: string): string {
  return /^(yes|no)$/i.test(text)
    ? `The user answers ${text.toLowerCase()}`
    : `The user answers that ${text}`;
}

function actionState(
  name: string,
  objective: string,
  actions: string[],
  exits: ActionState['exit_conditions'],
): ActionState {
  return {
    type: 'action',
    name,
    objective,
    actions,
    intra_state_navigation_guidelines: [],
    action_guidelines: [],
    boundary_constraints: [],
    exit_conditions: exits,
    action_tool_call_specs: [],
    exit_condition_tool_call_specs: [],
    skip_active_memory_retrieval: true,
  };
}

function nodeState({ id, question, help, answers }: ChartNode): ActionState {
  const explain =
    help === undefined
      ? 'If the user asks a question, answer it briefly and ask again.'
      : `If the user asks a question or does not know how to check, explain: "${help}"`;
  return actionState(
    id,
    `Learn the answer to: ${question}`,
    [`Ask: "${question}"`, explain],
    answers.map(({ text, next }) => ({ description: answerSentence(text), next_state: next })),
  );
}

/** Returns the context graph of a chart, by the rule at the head of this file. */
export function chartGraph({ name, nodes, conclusions }: Chart): ContextGraph {
  const first = nodes[0]?.id ?? TERMINAL_STATE;
  return {
    id: GRAPH_ID,
    version: 1,
    name,
    description: `A troubleshooting chart: ${name}.`,
    states: [
      ...nodes.map(nodeState),
      ...conclusions.map(({ id, text }) =>
        actionState(
          id,
          'Tell the user what was found.',
          [`Tell the user: "${text}"`],
          [{ description: 'The user has no more to say, or says goodbye', next_state: TERMINAL_STATE }],
        ),
      ),
      actionState(TERMINAL_STATE, 'End the conversation.', ['Say goodbye: "Good luck, and goodbye!"'], []),
    ],
    new_user_initial_state: first,
    returning_user_initial_state: first,
    terminal_state: TERMINAL_STATE,
    references: {},
    global_intra_state_navigation_guidelines: [
      'A question of the user is not an answer: answer it and stay in the state.',
      'When it is not clear what the user answers, stay in the state and ask again.',
    ],
    global_action_guidelines: [],
    global_boundary_constraints: [],
  };
}

/**
 * Returns an organization with one service, which has the name and the graph of a chart. Throws a `PublicationError`
 * when the graph has a node that cannot be reached, an answer that leads nowhere, or a circle without an end.
 */
export function chartOrganization(chart: Chart): OrganizationFile {
  const creator = { org_id: 'charts', user_id: AUTHOR_ID };
  const versions = { agent_version_number: 1, service_hierarchical_state_machine_version_number: 1 };
  return parseOrganizationFile({
    organization: { id: 'charts', name: 'Charts', tenant_id: null, roles: [] },
    users: [{ id: AUTHOR_ID, name: 'Author', role: 'DefaultUserRole' }],
    api_keys: [],
    agents: [
      {
        id: AGENT_ID,
        version: 1,
        name: 'Robin',
        role: 'Support agent',
        developed_by: 'Charts',
        default_spoken_language: 'eng',
        background: 'Robin goes through a troubleshooting chart with the user.',
        behaviors: [],
        communication_patterns: [],
        voice_config: null,
      },
    ],
    graphs: [chartGraph(chart)],
    services: [
      {
        id: SERVICE_ID,
        name: chart.name,
        description: chart.name,
        is_active: true,
        service_hierarchical_state_machine_id: GRAPH_ID,
        agent_id: AGENT_ID,
        version_sets: { release: { ...versions, llm_model_preferences: {} } },
        tags: {},
        keyterms: [],
        creator,
        updated_by: creator,
      },
    ],
  });
}

/** The state that an answer of a node leads to; null when there is no such answer, or no answer is given. */
export function targetOf({ nodes }: Chart, node: string, answer: number | null): string | null {
  if (answer === null) return null;
  return nodes.find(({ id }) => id === node)?.answers[answer]?.next ?? null;
}

function errorsOfSaying(chart: Chart, node: string, { say, expected_answer_index }: Saying): string[] {
  if (!chart.nodes.some(({ id }) => id === node)) return [`"${say}": there is no node "${node}"`];
  return expected_answer_index === null || targetOf(chart, node, expected_answer_index) !== null
    ? []
    : [`"${say}": the node "${node}" has no answer ${expected_answer_index}`];
}

/** Follows the expected answers from the first node on. */
function errorsOfPath(chart: Chart, path: readonly Saying[], index: number): string[] {
  let node = chart.nodes[0]?.id ?? '';
  for (const saying of path) {
    const errors = errorsOfSaying(chart, node, saying);
    if (errors.length > 0) return errors.map((error) => `path ${index}: ${error}`);
    node = targetOf(chart, node, saying.expected_answer_index) ?? node;
  }
  return chart.conclusions.some(({ id }) => id === node)
    ? []
    : [`path ${index} ends in "${node}", which is no conclusion`];
}

/** Parses the file of a chart. Throws with every error of its form, or else with every error of its sayings. */
export function parseChartFile(input: unknown): ChartFile {
  const parsed = ChartFile.safeParse(input);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { free_answers, digressions, paths, ...chart } = parsed.data;
  const errors = [
    ...free_answers.flatMap(({ node, ...saying }) => errorsOfSaying(chart, node, saying)),
    ...digressions.flatMap(({ node, answer }) => errorsOfSaying(chart, node, answer)),
    ...paths.flatMap((path, index) => errorsOfPath(chart, path, index)),
  ];
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return parsed.data;
}
