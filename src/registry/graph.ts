/**
 * Schemas of the context graph, which the published API calls a service hierarchical state machine. The definitions are
 * those of the reference, field by field. Fields that a file may leave out have defaults.
 */
import * as z from 'zod';
import { BlueprintName, boundedRecord, Identifier, Name, Prose } from './primitives.ts';

/** Maximum number of states of a graph: more than fit on a diagram. */
export const MAX_STATES = 500;
/**
 * Maximum number of actions, exits, guidelines of one kind, tools and queries of a state. A model reads all of them
 * each turn.
 */
const MAX_CHOICES = 100;
/** Maximum number of references of a graph. */
const MAX_REFERENCES = 50;

/** Schema of the name of a state. */
export const StateName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_]+$/, 'must consist of letters, digits and underscores');

const ExternalStateName = z
  .string()
  .max(201)
  .regex(/^[A-Za-z0-9_]+\.[A-Za-z0-9_]+$/, 'must be the name of a reference, a dot and the name of a state');

/**
 * Schema of a next state: a state of this graph, or a state of a referenced graph with the state of this graph to
 * return to.
 */
export const NextState = z.union([StateName, z.tuple([ExternalStateName, StateName])], {
  error: 'must be the name of a state, or a pair of "reference.state" and the state to come back to',
});
export type NextState = z.infer<typeof NextState>;

const Fillers = z.array(Name).max(5).default([]);
const FillerDelaySeconds = z.number().gt(0).max(10).default(2);
const Guidelines = z.array(Prose).max(MAX_CHOICES).default([]);

/**
 * Schema of a tool that a state may call: the tool, the allowed versions and an instruction.
 * `audio_filler_triggered_after` is in seconds.
 */
export const ToolCallSpec = z.strictObject({
  tool_id: Identifier,
  version_constraint: z.string().max(200).default(''),
  additional_instruction: Prose.default('Use it as its description says.'),
  audio_fillers: Fillers,
  audio_filler_triggered_after: FillerDelaySeconds,
  result_persistence: z
    .enum(['ephemeral', 'persisted-preferred', 'persisted'])
    .default('persisted-preferred'),
});
export type ToolCallSpec = z.infer<typeof ToolCallSpec>;

const ToolCallSpecs = z.array(ToolCallSpec).max(MAX_CHOICES).default([]);

/** Schema of an exit: the condition in words, and the next state. */
export const ExitCondition = z.strictObject({ description: Prose, next_state: NextState });
export type ExitCondition = z.infer<typeof ExitCondition>;

const Exits = z.array(ExitCondition).max(MAX_CHOICES).default([]);

/** Schema of a state in which the agent speaks with the user. */
export const ActionState = z.strictObject({
  type: z.literal('action'),
  name: StateName,
  objective: Prose,
  actions: z.array(Prose).min(1).max(MAX_CHOICES),
  intra_state_navigation_guidelines: Guidelines,
  action_guidelines: Guidelines,
  boundary_constraints: Guidelines,
  exit_conditions: Exits,
  action_tool_call_specs: ToolCallSpecs,
  exit_condition_tool_call_specs: ToolCallSpecs,
  skip_active_memory_retrieval: z.boolean().default(false),
  /** True when a later correction of the user reopens the state, after the conversation has left it. */
  revisit: z.boolean().optional().meta({ 'x-extension': true }),
});
export type ActionState = z.infer<typeof ActionState>;

/** Schema of a state in which the agent chooses an exit without speaking. */
export const DecisionState = z.strictObject({
  type: z.literal('decision'),
  name: StateName,
  exit_conditions: Exits,
  decision_guidelines: Guidelines,
  objective: Prose,
  tool_call_specs: ToolCallSpecs,
  audio_fillers: Fillers,
  audio_filler_triggered_after: FillerDelaySeconds,
});
export type DecisionState = z.infer<typeof DecisionState>;

/** Schema of a state in which the agent recalls memories about the user, by given queries or by a description. */
export const RecallState = z.strictObject({
  type: z.literal('recall'),
  name: StateName,
  queries: z.array(Prose).min(1).max(MAX_CHOICES).nullable().default(null),
  requested_information: Prose.nullable().default(null),
  next_state: NextState,
});
export type RecallState = z.infer<typeof RecallState>;

/** Schema of a state that adds a fixed thought of the agent. */
export const AnnotationState = z.strictObject({
  type: z.literal('annotation'),
  name: StateName,
  inner_thought: Prose,
  next_state: NextState,
});
export type AnnotationState = z.infer<typeof AnnotationState>;

/** Schema of a state in which the agent thinks about a problem, in at most `word_limit` words. */
export const ReflectionState = z.strictObject({
  type: z.literal('reflection'),
  name: StateName,
  problem: Prose,
  word_limit: z.int().gt(0).max(2_000).default(100),
  next_state: NextState,
  tool_call_specs: ToolCallSpecs,
  audio_fillers: Fillers,
  audio_filler_triggered_after: FillerDelaySeconds,
});
export type ReflectionState = z.infer<typeof ReflectionState>;

/** Schema of a state that calls one designated tool. Further tools may help to find its input. */
export const ToolCallState = z.strictObject({
  type: z.literal('tool-call'),
  name: StateName,
  next_state: NextState,
  designated_tool: ToolCallSpec,
  designated_tool_call_params_generation_audio_fillers: Fillers,
  designated_tool_call_params_generation_audio_filler_triggered_after: FillerDelaySeconds,
  designated_tool_call_objective: Prose,
  designated_tool_call_context: Prose.default('The conversation so far.'),
  designated_tool_call_guidances: Guidelines,
  designated_tool_call_validations: Guidelines,
  tool_call_specs: ToolCallSpecs,
});
export type ToolCallState = z.infer<typeof ToolCallState>;

/** Schema of a state of any type. */
export const State = z.discriminatedUnion('type', [
  ActionState,
  DecisionState,
  RecallState,
  AnnotationState,
  ReflectionState,
  ToolCallState,
]);
export type State = z.infer<typeof State>;

/** Schema of a version number: from 1 up, and never used again for other content. */
export const VersionNumber = z.int().min(1).max(1_000_000);

/** Schema of one immutable version of a context graph. */
export const ContextGraph = z.strictObject({
  id: Identifier,
  version: VersionNumber.default(1),
  name: BlueprintName,
  description: Prose,
  states: z.array(State).min(1).max(MAX_STATES),
  new_user_initial_state: StateName,
  returning_user_initial_state: StateName,
  terminal_state: StateName,
  references: boundedRecord(StateName, z.tuple([Identifier, VersionNumber]), MAX_REFERENCES).default({}),
  global_intra_state_navigation_guidelines: Guidelines,
  global_action_guidelines: Guidelines,
  global_boundary_constraints: Guidelines,
});
export type ContextGraph = z.infer<typeof ContextGraph>;

/**
 * Schema of a version of a context graph in a file. Without a description, the name is the description; without a state
 * for returning users, they begin in the state for new users.
 */
export const GraphEntry = ContextGraph.partial({ description: true, returning_user_initial_state: true });

/** Returns a version of a graph with the defaults of `GraphEntry`. */
export function completeGraph(graph: z.infer<typeof GraphEntry>): ContextGraph {
  const { description = graph.name, returning_user_initial_state = graph.new_user_initial_state } = graph;
  return { ...graph, description, returning_user_initial_state };
}
